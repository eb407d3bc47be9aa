import { type ByteSource, concat, LabelError, type Splice, u32le } from '@aigc-label/core';
import { CHECKSUM_AT, isOggPageIntact, OGG_MAXIMUM_SEGMENTS, type OggPage, oggChecksum, oggHeader } from './page.ts';
import type { OggComments } from './stream-headers.ts';

/** How much of a body is read at once to compute its checksum, in bytes. */
const CHECKSUM_WINDOW_BYTES = 64 << 10;

/**
 * The splices of the file that do these edits inside the comment header, whose offsets are of `bodies`.
 *
 * The stream keeps its number of pages, or every later page would have to be numbered anew: where the packet grows, the pages from the one of the edit to the last
 * of `stream.pages` are filled again from the front, each up to 255 segments. Bodies stay where they are in the file; headers move between them. How the pages come
 * out depends on what stands in them and on their number only, so that another label and then the first again gives the first bytes.
 *
 * @throws LabelError `CARRIER_FULL` where the pages are full, `FILE_DAMAGED` where a checksum is wrong, `FORMAT_UNSUPPORTED_FEATURE` where pages of another stream
 * or timed packets stand in the way.
 */
export const editOggComments = async (
  source: ByteSource,
  { stream, packetEnd }: OggComments,
  splices: readonly Splice[],
): Promise<readonly Splice[]> => {
  const { pages } = stream;
  const ordered = splices.toSorted((a, b) => a.at - b.at).filter(({ remove, insert }) => remove > 0 || insert.length > 0);
  if (ordered.length === 0) {
    return [];
  }
  const delta = ordered.reduce((total, { remove, insert }) => total + insert.length - remove, 0);
  const firstMove = ordered.find(({ remove, insert }) => remove !== insert.length)?.at ?? packetEnd;
  const layout = laidOut(pages, packetEnd + delta, pageOf(pages, firstMove - 1));
  const granules = granulesOf(pages, layout);
  const pieces = cut(piecesOf(pages, ordered), layout);
  const output: Piece[] = [];
  for (const [index, page] of pages.entries()) {
    const body = pieces[index] ?? [];
    const lacing = layout[index] ?? new Uint8Array();
    const before = layout[index - 1];
    const header = oggHeader(page, lacing, before !== undefined && before.at(-1) === 255, granules[index] ?? new Uint8Array(8));
    const isSame = isUnchanged(page, header, body);
    if (!isSame) {
      if (!(await isOggPageIntact(source, page))) {
        throw new LabelError('FILE_DAMAGED', `The checksum of the Ogg page at byte ${page.start} is wrong; export the file again from its source.`, {
          data: { site: 'ogg', offset: page.start, what: 'checksum' },
        });
      }
      header.set(u32le(await checksumOf(source, header, body)), CHECKSUM_AT);
    }
    const previous = pages[index - 1];
    if (previous !== undefined && previous.end < page.start) {
      output.push({ kind: 'copy', offset: previous.end, length: page.start - previous.end });
    }
    output.push(isSame ? { kind: 'copy', offset: page.start, length: page.header.length } : { kind: 'insert', bytes: header }, ...body);
  }
  return splicesOf(output, pages[0]?.start ?? 0, pages.at(-1)?.end ?? 0);
};

type Piece = { readonly kind: 'copy'; readonly offset: number; readonly length: number } | { readonly kind: 'insert'; readonly bytes: Uint8Array };

const lengthOf = (piece: Piece): number => (piece.kind === 'copy' ? piece.length : piece.bytes.length);

/** The page on which a byte of the bodies stands. */
const pageOf = (pages: readonly OggPage[], offset: number): number => {
  let end = 0;
  const index = pages.findIndex(({ bodyBytes }) => {
    end += bodyBytes;
    return offset < end;
  });
  return index < 0 ? pages.length - 1 : index;
};

/** The segments of each page when the first packet has this length. */
const laidOut = (pages: readonly OggPage[], packetBytes: number, from: number): readonly Uint8Array[] => {
  const all = pages.flatMap(({ lacing }) => [...lacing]);
  const rest = all.slice(all.findIndex((length) => length < 255) + 1);
  const segments = [...new Array<number>(Math.floor(packetBytes / 255)).fill(255), packetBytes % 255, ...rest];
  const kept = pages.slice(0, from).map(({ lacing }) => lacing);
  let position = kept.reduce((total, { length }) => total + length, 0);
  const places = pages.length - from;
  const left = segments.length - position;
  if (left > places * OGG_MAXIMUM_SEGMENTS || left < places) {
    const why = left < places ? 'would be empty' : 'are full';
    throw new LabelError(
      'CARRIER_FULL',
      `The Ogg pages of the comments ${why}, and one more or less would renumber the stream; let a tag editor write the comments anew, with a smaller picture.`,
      {
        data: { site: 'ogg', segments: left, limitSegments: places * OGG_MAXIMUM_SEGMENTS },
      },
    );
  }
  const filled = pages.slice(from).map((_, index) => {
    // Each later page keeps one at least: a page without a segment is legal, and rare enough that players trip over it.
    const take = Math.min(OGG_MAXIMUM_SEGMENTS, segments.length - position - (places - 1 - index));
    position += take;
    return Uint8Array.from(segments.slice(position - take, position));
  });
  return [...kept, ...filled];
};

const NO_PACKET_ENDS = new Uint8Array(8).fill(0xff);

/** The position in time of each page: that of header pages is 0, and −1 where no packet ends (RFC 3533 §6). */
const granulesOf = (pages: readonly OggPage[], layout: readonly Uint8Array[]): readonly Uint8Array[] => {
  const granule = ({ header }: OggPage): Uint8Array => header.subarray(6, 14);
  const ends = (lacing: Uint8Array): boolean => lacing.some((length) => length < 255);
  if (pages.every(({ lacing }, index) => ends(lacing) === ends(layout[index] ?? lacing))) {
    const isTimed = pages.length > 1 && pages.some((page) => ends(page.lacing) && granule(page).some((byte) => byte !== 0));
    if (!isTimed) {
      return pages.map(granule);
    }
  }
  const ending = pages.filter(({ lacing }) => ends(lacing));
  if (ending.some((page) => granule(page).some((byte) => byte !== 0))) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The Ogg pages of the comments also hold timed packets; let a tag editor write the comments anew.',
      {
        data: { site: 'ogg', offset: pages[0]?.start ?? 0 },
      },
    );
  }
  const spread = pages.find(({ lacing }) => !ends(lacing));
  return layout.map((lacing) => (ends(lacing) ? new Uint8Array(8) : spread === undefined ? NO_PACKET_ENDS : granule(spread)));
};

/** The bodies with their edits, as stretches of the file and new bytes. */
const piecesOf = (pages: readonly OggPage[], splices: readonly Splice[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  let index = 0;
  let pageStart = 0;
  const copyTo = (from: number, to: number): void => {
    for (let position = from; position < to; ) {
      const page = pages[index];
      if (page === undefined) {
        return;
      }
      const pageEnd = pageStart + page.bodyBytes;
      const end = Math.min(to, pageEnd);
      if (end > position) {
        pieces.push({ kind: 'copy', offset: page.bodyAt + position - pageStart, length: end - position });
        position = end;
      }
      if (position === pageEnd) {
        index += 1;
        pageStart = pageEnd;
      }
    }
  };
  const skipTo = (to: number): void => {
    for (let page = pages[index]; page !== undefined && pageStart + page.bodyBytes <= to; page = pages[index]) {
      pageStart += page.bodyBytes;
      index += 1;
    }
  };
  let position = 0;
  for (const { at, remove, insert } of splices) {
    copyTo(position, at);
    if (insert.length > 0) {
      pieces.push({ kind: 'insert', bytes: insert });
    }
    position = at + remove;
    skipTo(position);
  }
  copyTo(
    position,
    pages.reduce((total, { bodyBytes }) => total + bodyBytes, 0),
  );
  return pieces;
};

/** The pieces of each page. */
const cut = (pieces: readonly Piece[], layout: readonly Uint8Array[]): readonly (readonly Piece[])[] => {
  let index = 0;
  let inside = 0;
  return layout.map((lacing) => {
    const body: Piece[] = [];
    let left = lacing.reduce((total, length) => total + length, 0);
    while (left > 0) {
      const piece = pieces[index];
      if (piece === undefined) {
        break;
      }
      const length = Math.min(left, lengthOf(piece) - inside);
      body.push(
        piece.kind === 'copy'
          ? { kind: 'copy', offset: piece.offset + inside, length }
          : { kind: 'insert', bytes: piece.bytes.subarray(inside, inside + length) },
      );
      left -= length;
      inside += length;
      if (inside === lengthOf(piece)) {
        index += 1;
        inside = 0;
      }
    }
    return body;
  });
};

const isUnchanged = (page: OggPage, header: Uint8Array, body: readonly Piece[]): boolean => {
  const isSameHeader =
    header.length === page.header.length &&
    header.every((byte, index) => (index >= CHECKSUM_AT && index < CHECKSUM_AT + 4) || byte === page.header[index]);
  let position = page.bodyAt;
  return (
    isSameHeader &&
    body.every((piece) => {
      const isSame = piece.kind === 'copy' && piece.offset === position;
      position += lengthOf(piece);
      return isSame;
    })
  );
};

const checksumOf = async (source: ByteSource, header: Uint8Array, body: readonly Piece[]): Promise<number> => {
  let value = oggChecksum(header);
  for (const piece of body) {
    if (piece.kind === 'insert') {
      value = oggChecksum(piece.bytes, value);
      continue;
    }
    for (let done = 0; done < piece.length; done += CHECKSUM_WINDOW_BYTES) {
      value = oggChecksum(await source.read(piece.offset + done, Math.min(CHECKSUM_WINDOW_BYTES, piece.length - done)), value);
    }
  }
  return value;
};

/** Pieces between two offsets of the file as splices; copies must come in the order of the file. */
const splicesOf = (pieces: readonly Piece[], start: number, end: number): readonly Splice[] => {
  const splices: Splice[] = [];
  let position = start;
  let pending: Uint8Array[] = [];
  const flush = (to: number): void => {
    if (to < position) {
      throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'Pages of another stream stand between the Ogg pages of the comments; remux the file.', {
        data: { site: 'ogg', offset: to },
      });
    }
    const insert = concat(...pending);
    if (to > position || insert.length > 0) {
      splices.push({ at: position, remove: to - position, insert });
    }
    pending = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'insert') {
      pending.push(piece.bytes);
    } else {
      flush(piece.offset);
      position = piece.offset + piece.length;
    }
  }
  flush(end);
  return splices;
};
