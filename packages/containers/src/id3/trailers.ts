// What stands behind the audio: ID3v1 (id3.org/ID3v1), Lyrics3 v2 (id3.org/Lyrics3v2), APEv2, an ID3v2.4 tag with a footer (structure §3.4).
import { ascii, type ByteSource, latin1, startsWith } from '@aigc-label/core';
import { APE_FOOTER_BYTES, isApeFooter } from './ape.ts';
import { fromSyncsafe, ID3_HEADER_BYTES } from './header.ts';

/** The tags at the end of a file; offsets are of the file. */
export interface Trailers {
  /** Where the last 32 bytes of an APE tag stand. */
  readonly apeFooterAt: number | undefined;
  /** Where an ID3v2.4 tag with a footer begins. */
  readonly id3At: number | undefined;
  /** All of them from the end of the file to the front, as far as their sizes lead. */
  readonly ranges: readonly TrailerRange[];
}

/** A tag at the end of a file. */
export interface TrailerRange {
  readonly kind: 'id3v1' | 'lyrics3' | 'ape' | 'id3v2';
  readonly start: number;
  readonly end: number;
}

/** Finds the tags at the end of a file, in whatever order they follow one another. */
export const readTrailers = async (source: ByteSource): Promise<Trailers> => {
  let end = source.size;
  let apeFooterAt: number | undefined;
  let id3At: number | undefined;
  const ranges: TrailerRange[] = [];
  // Each kind once: ID3v1, Lyrics3, APE, ID3v2.4.
  for (let round = 0; round < 4; round += 1) {
    const before = end;
    let kind: TrailerRange['kind'];
    const start = Math.max(0, end - ID3V1_BYTES);
    const tail = await source.read(start, end - start);
    const length = tail.length;
    if (length >= APE_FOOTER_BYTES && apeFooterAt === undefined && isApeFooter(tail.subarray(length - APE_FOOTER_BYTES))) {
      kind = 'ape';
      apeFooterAt = end - APE_FOOTER_BYTES;
      end -= apeBytes(tail.subarray(length - APE_FOOTER_BYTES));
    } else if (id3At === undefined && startsWith(tail, ID3_FOOTER, length - ID3_HEADER_BYTES)) {
      kind = 'id3v2';
      const size = fromSyncsafe(tail.subarray(length - 4));
      id3At = size === undefined ? undefined : end - size - 2 * ID3_HEADER_BYTES;
      end = id3At ?? -1;
    } else if (startsWith(tail, LYRICS_END, length - LYRICS_END.length)) {
      kind = 'lyrics3';
      const digits = latin1(tail.subarray(length - LYRICS_TAIL_BYTES, length - LYRICS_END.length));
      end = /^[0-9]{6}$/.test(digits) ? end - Number(digits) - LYRICS_TAIL_BYTES : -1;
    } else if (length === ID3V1_BYTES && end === source.size && startsWith(tail, ID3V1)) {
      kind = 'id3v1';
      end -= ID3V1_BYTES;
    } else {
      break;
    }
    if (end < 0) {
      break;
    }
    ranges.push({ kind, start: end, end: before });
  }
  return { apeFooterAt, id3At: id3At !== undefined && id3At > 0 ? id3At : undefined, ranges };
};

const ID3V1_BYTES = 128;
const ID3V1 = ascii('TAG');
const ID3_FOOTER = ascii('3DI');
const LYRICS_END = ascii('LYRICS200');
// Six digits of size, then the nine letters.
const LYRICS_TAIL_BYTES = 15;

const apeBytes = (footer: Uint8Array): number => {
  const view = new DataView(footer.buffer, footer.byteOffset);
  // The size leaves the header out, bit 31 of the flags says whether there is one.
  return view.getUint32(12, true) + ((view.getUint32(20, true) & 0x80000000) !== 0 ? APE_FOOTER_BYTES : 0);
};
