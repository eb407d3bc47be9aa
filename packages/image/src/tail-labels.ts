// What stands behind the last byte of a picture whose format has no metadata: an XMP packet, which XMP part 1 §7.3 makes recognisable anywhere, or a bare marker
// (spec/labels.md §5.1 no. 12).
import { type Anomaly, type ByteSource, fromUtf8, isLooseLabel, latin1 } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** Of what stands behind a picture, so much of its end is looked at. */
const TAIL_BYTES: number = 256 << 10;
/** More packets or markers than this are an attack. */
const MAXIMUM_FINDS = 16;
const PACKET_BEGIN = '<?xpacket begin';
const PACKET_END = '<?xpacket end';

/** A stretch of the tail. Offsets in bytes of the file. */
export interface TailPiece {
  readonly kind: 'packet' | 'marker';
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** The pieces of a tail, in order, and whether all of it was looked at. */
export interface Tail {
  readonly pieces: readonly TailPiece[];
  /** Whether nothing of the tail was left out for its size or number. */
  readonly isWhole: boolean;
  readonly anomalies: readonly Anomaly[];
}

/** Looks behind the picture, which ends at `from`. */
export const readTail = async (source: ByteSource, from: number, site: string): Promise<Tail> => {
  const start = Math.max(from, source.size - TAIL_BYTES);
  if (start >= source.size) {
    return { pieces: [], isWhole: true, anomalies: [] };
  }
  const bytes = await source.read(start, source.size - start);
  const { found, openAt } = piecesOf(latin1(bytes));
  const pieces = found.map(({ kind, at, end }) => ({ kind, start: start + at, end: start + end, bytes: bytes.subarray(at, end) }));
  const anomalies: Anomaly[] = [];
  if (start > from) {
    anomalies.push({
      code: 'limit',
      site,
      offset: from,
      detail: `${source.size - from} bytes behind the picture; the last ${TAIL_BYTES} are looked at`,
    });
  }
  if (pieces.length > MAXIMUM_FINDS) {
    anomalies.push({ code: 'limit', site, offset: from, detail: 'more labels than are read' });
  }
  const isWhole = anomalies.length === 0;
  if (openAt !== undefined) {
    anomalies.push({ code: 'truncated', site, offset: start + openAt, detail: 'an XMP packet that does not end' });
  }
  return { pieces: pieces.slice(0, MAXIMUM_FINDS), isWhole, anomalies };
};

interface Piece {
  readonly kind: TailPiece['kind'];
  readonly at: number;
  readonly end: number;
}

/** `openAt`: where a packet begins that the file cuts off. */
const piecesOf = (text: string): { readonly found: readonly Piece[]; readonly openAt: number | undefined } => {
  const pieces: Piece[] = [];
  let openAt: number | undefined;
  let position = 0;
  while (position < text.length && pieces.length <= MAXIMUM_FINDS) {
    const at = text.indexOf(PACKET_BEGIN, position);
    const closing = at < 0 ? -1 : text.indexOf(PACKET_END, at);
    const end = closing < 0 ? -1 : text.indexOf('?>', closing);
    pieces.push(...markerIn(text, position, end < 0 ? text.length : at));
    if (end < 0) {
      openAt = at < 0 ? undefined : at;
      break;
    }
    pieces.push({ kind: 'packet', at, end: end + 2 });
    position = end + 2;
  }
  return { found: pieces, openAt };
};

/** A label and nothing else, from the key or the brace before it to the end of the stretch. */
const markerIn = (text: string, from: number, to: number): readonly Piece[] => {
  let end = to;
  // No pattern: `+$` takes quadratic time where the white space does not end the text.
  while (end > from && ' \t\r\n\0'.includes(text.charAt(end - 1))) {
    end -= 1;
  }
  const stretch = text.slice(from, end);
  const key = stretch.indexOf(LABEL_KEY);
  const brace = key < 0 ? -1 : stretch.lastIndexOf('{', key);
  const at = [brace, key].find((one) => one >= 0 && isLooseLabel(stretch.slice(one), LABEL_KEY));
  return at === undefined ? [] : [{ kind: 'marker', at: from + at, end: from + stretch.length }];
};

/** The text of a marker. */
export const markerText = ({ bytes }: TailPiece): string => fromUtf8(bytes) ?? latin1(bytes);
