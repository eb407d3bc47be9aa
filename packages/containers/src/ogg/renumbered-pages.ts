import { assertInside, type ByteSource, viewOf } from '@aigc-label/core';
import { checksumShift } from '../shifted-checksum.ts';
import { oggGranule } from './ogg-granule.ts';
import { CHECKSUM_AT, OGG_HEADER_BYTES, OGG_MAXIMUM_HEADER_BYTES, oggChecksum, parseOggPage } from './page.ts';

/** What becomes of the header of a page. */
export interface PageChange {
  /** Added to its position in time, unless no packet ends on it. */
  readonly granule: bigint;
  /** Added to its number. */
  readonly sequence: number;
  /** Whether the stream no longer ends with it. */
  readonly isContinued?: boolean;
}

/** Pages of a file: where they begin, and where the last ends. */
export interface PageRange {
  readonly starts: Float64Array;
  readonly end: number;
  /** What becomes of the page with this index. */
  change(index: number): PageChange;
}

/** From the flags to the checksum: what can change of a header. */
const CHANGED_FROM = 5;
const CHANGED_TO = CHECKSUM_AT + 4;

/**
 * Pages with other numbers and positions in time as a source, without reading their bodies: checksums follow by what the headers differ in, so that one that was wrong is wrong still. Pages
 * are changed when they are read.
 */
export const renumberedPages = (source: ByteSource, { starts, end, change }: PageRange): ByteSource => {
  const first = starts[0] ?? end;
  const size = end - first;
  return {
    size,
    async read(offset, length) {
      assertInside(size, offset, length);
      const [from, to] = [first + offset, first + offset + length];
      const bytes = Uint8Array.from(await source.read(from, length));
      for (let index = Math.max(0, pageBefore(starts, from)); index < starts.length && (starts[index] ?? end) + CHANGED_FROM < to; index += 1) {
        const start = starts[index] ?? end;
        if (start + CHANGED_TO > from) {
          const header = await changedHeader(source, start, change(index));
          const [left, right] = [Math.max(from, start + CHANGED_FROM), Math.min(to, start + CHANGED_TO)];
          if (left < right) {
            bytes.set(header.subarray(left - start, right - start), left - from);
          }
        }
      }
      return bytes;
    },
  };
};

/** The last page that begins at or before an offset; −1 where none does. */
const pageBefore = (starts: Float64Array, offset: number): number => {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
};

const changedHeader = async (source: ByteSource, start: number, { granule, sequence, isContinued }: PageChange): Promise<Uint8Array> => {
  const read = await source.read(start, Math.min(OGG_MAXIMUM_HEADER_BYTES, source.size - start));
  const page = parseOggPage(read, 0, start);
  const header = read.slice(0, OGG_HEADER_BYTES);
  if (page === undefined) {
    return header;
  }
  const view = viewOf(header);
  const position = oggGranule({ header });
  if (position !== -1n) {
    view.setBigInt64(6, position + granule, true);
  }
  view.setUint32(18, (page.sequence + sequence) >>> 0, true);
  if (isContinued === true) {
    header[5] = (header[5] ?? 0) & ~4;
  }
  const difference = header.map((byte, index) => byte ^ (read[index] ?? 0));
  const checksum = view.getUint32(CHECKSUM_AT, true) ^ shifted(oggChecksum(difference), page.end - start - OGG_HEADER_BYTES);
  view.setUint32(CHECKSUM_AT, checksum >>> 0, true);
  return header;
};

const shifted: (value: number, zeroBytes: number) => number = checksumShift((value) => oggChecksum(Uint8Array.of(0), value), 32);
