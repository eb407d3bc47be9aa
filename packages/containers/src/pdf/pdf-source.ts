import { type ByteSource, concat, LabelError } from '@aigc-label/core';

/** Structure stands scattered over a PDF in small pieces; they are fetched in blocks, so that neighbours cost nothing. */
const BLOCK_BYTES = 4096;
/** 256 KiB of blocks are kept. */
const MAXIMUM_BLOCKS = 64;
/** What is fetched of one file in all. A thousand pages need some 100 KB; cross-reference streams of a million objects need 2 to 4 MB. */
const MAXIMUM_FETCHED_BYTES = 6 << 20;
/** How often a file is read from, blocks at hand included: each costs a microsecond or two. A table of ten thousand sections needs as many. */
const MAXIMUM_READS = 100_000;
/** What streams of one file may unpack to in all, so that many small bombs are no large one. */
const MAXIMUM_UNPACKED_BYTES = 24 << 20;

/**
 * A view of a PDF whose reads stop at the end of the file instead of failing, and add up.
 * @throws LabelError `LIMIT_EXCEEDED` once so much was fetched that the structure must be a trap.
 */
export interface PdfSource {
  readonly size: number;
  /** At most `length` bytes; fewer where the file ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Adds up what was unpacked of the file; throws as `read` does. */
  account(unpackedBytes: number): void;
}

/** Blocks and budget over a source. */
export const pdfSource = (source: ByteSource): PdfSource => {
  const blocks = new Map<number, Uint8Array>();
  let [fetchedBytes, unpacked, reads] = [0, 0, 0];
  const fetch = (offset: number, length: number): Uint8Array | Promise<Uint8Array> => {
    fetchedBytes += length;
    assertBelow(fetchedBytes, MAXIMUM_FETCHED_BYTES, 'bytes');
    return source.read(offset, length);
  };
  const block = async (index: number): Promise<Uint8Array> => {
    const known = blocks.get(index);
    if (known !== undefined) {
      return known;
    }
    const start = index * BLOCK_BYTES;
    const bytes = await fetch(start, Math.min(BLOCK_BYTES, source.size - start));
    if (blocks.size >= MAXIMUM_BLOCKS) {
      blocks.delete(blocks.keys().next().value ?? index);
    }
    blocks.set(index, bytes);
    return bytes;
  };
  return {
    size: source.size,
    account(unpackedBytes) {
      unpacked += unpackedBytes;
      assertBelow(unpacked, MAXIMUM_UNPACKED_BYTES, 'unpacked bytes');
    },
    async read(offset, length) {
      reads += 1;
      assertBelow(reads, MAXIMUM_READS, 'pieces');
      const end = Math.min(source.size, offset + length);
      if (offset < 0 || offset >= end) {
        return new Uint8Array();
      }
      if (end - offset > 2 * BLOCK_BYTES) {
        return fetch(offset, end - offset);
      }
      const first = Math.floor(offset / BLOCK_BYTES);
      const parts: Uint8Array[] = [];
      for (let index = first; index * BLOCK_BYTES < end; index += 1) {
        parts.push(await block(index));
      }
      const [only] = parts;
      const joined = parts.length === 1 && only !== undefined ? only : concat(...parts);
      return joined.subarray(offset - first * BLOCK_BYTES, end - first * BLOCK_BYTES);
    },
  };
};

const assertBelow = (value: number, limit: number, unit: string): void => {
  if (value > limit) {
    throw new LabelError('LIMIT_EXCEEDED', `The structure of this PDF takes more than ${limit} ${unit}; save it anew with another program.`, {
      data: { site: 'pdf', limit, unit },
    });
  }
};
