// Chunks of RIFF: IBM/Microsoft "Multimedia Programming Interface and Data Specifications 1.0", chapter 2; 64-bit sizes: EBU Tech 3306, ITU-R BS.2088.
import { type ByteSource, latin1, viewOf } from '@aigc-label/core';

/** Chunks of an honest file: a film of ten hours in WebP frames has fewer, and each costs a read of eight bytes. */
export const MAXIMUM_RIFF_CHUNKS: number = 65_536;

/** The header of a chunk in bytes: four letters and a size. */
export const RIFF_CHUNK_HEADER_BYTES: number = 8;

/** A chunk; offsets are of the file. */
export interface RiffChunk {
  readonly id: string;
  readonly start: number;
  readonly dataStart: number;
  /** Bytes of data, as announced; as far as the file goes where `isOpen`. */
  readonly sizeBytes: number;
  /** Whether a byte of padding follows, so that `end` is one behind the data. */
  readonly isPadded: boolean;
  /** Where the next chunk begins, or would. */
  readonly end: number;
  /** Set where the padding is no zero: by how many bytes the parent must grow until a reader takes it for the first letter of a chunk. */
  readonly doubtfulGrowth?: number;
  /** Set where the announced size means "until the end", or leads beyond it. */
  readonly isOpen: boolean;
}

/** Chunks as far as they could be followed. */
export interface ChunkWalk {
  readonly chunks: readonly RiffChunk[];
  /** Where the last whole chunk ends. */
  readonly end: number;
  /** Set where they do not fill their parent: what is wrong at `end`. */
  readonly problem: { readonly code: 'truncated' | 'damaged' | 'limit'; readonly what: string } | undefined;
}

/** How to follow them. */
export interface ChunkWalkOptions {
  readonly isBigEndian: boolean;
  /** Where the parent ends. */
  readonly limit: number;
  /** How many headers may still be read; shared by all walks over a file. */
  readonly budget: { left: number };
  /** The size of a chunk whose size field says `field`; `undefined` where that means "until the end of the parent". */
  sizeOf(id: string, field: number): number | undefined;
}

/** Follows the chunks from `start` to the end of their parent. */
export const walkChunks = async (source: ByteSource, start: number, options: ChunkWalkOptions): Promise<ChunkWalk> => {
  const { isBigEndian, limit, budget } = options;
  const chunks: RiffChunk[] = [];
  let position = start;
  const stop = (code: 'truncated' | 'damaged' | 'limit', what: string): ChunkWalk => ({ chunks, end: position, problem: { code, what } });
  while (position < limit) {
    if (position + RIFF_CHUNK_HEADER_BYTES > limit) {
      return stop(limit === source.size ? 'truncated' : 'damaged', `${limit - position} bytes are too few for a chunk`);
    }
    if (budget.left === 0) {
      return stop('limit', `the file has more than ${MAXIMUM_RIFF_CHUNKS} chunks`);
    }
    budget.left -= 1;
    const head = await source.read(position, RIFF_CHUNK_HEADER_BYTES);
    if (!isPlausibleId(head)) {
      return stop('damaged', 'there is no chunk where one must stand');
    }
    const id = latin1(head.subarray(0, 4));
    const field = viewOf(head).getUint32(4, !isBigEndian);
    const sizeBytes = options.sizeOf(id, field);
    const dataStart = position + RIFF_CHUNK_HEADER_BYTES;
    const dataEnd = dataStart + (sizeBytes ?? Number.POSITIVE_INFINITY);
    if (sizeBytes === undefined || dataEnd > limit) {
      chunks.push({ id, start: position, dataStart, sizeBytes: limit - dataStart, isPadded: false, end: limit, isOpen: true });
      return sizeBytes === undefined
        ? { chunks, end: limit, problem: undefined }
        : stop(limit === source.size ? 'truncated' : 'damaged', `chunk "${id}" announces ${sizeBytes} bytes and leads beyond the end`);
    }
    const { isPadded, ...doubt } = sizeBytes % 2 === 1 ? await paddingAt(source, dataEnd, limit, isBigEndian) : { isPadded: false };
    position = dataEnd + (isPadded ? 1 : 0);
    chunks.push({ id, start: dataStart - RIFF_CHUNK_HEADER_BYTES, dataStart, sizeBytes, isPadded, ...doubt, end: position, isOpen: false });
  }
  return { chunks, end: position, problem: undefined };
};

const isPlausibleId = (bytes: Uint8Array): boolean => bytes.length >= 4 && bytes.subarray(0, 4).every((byte) => byte >= 0x20 && byte < 0x7f);

/**
 * Whether odd data is followed by its byte of padding. Writers forget it; then the next four letters stand where it should be. A zero is always
 * padding; any other byte only where no chunk that fits its parent begins there.
 */
const paddingAt = async (
  source: ByteSource,
  dataEnd: number,
  limit: number,
  isBigEndian: boolean,
): Promise<Pick<RiffChunk, 'isPadded' | 'doubtfulGrowth'>> => {
  if (dataEnd === limit) {
    return { isPadded: false };
  }
  const next = await source.read(dataEnd, Math.min(RIFF_CHUNK_HEADER_BYTES, limit - dataEnd));
  if (next[0] === 0 || next.length < RIFF_CHUNK_HEADER_BYTES || !isPlausibleId(next)) {
    return { isPadded: true };
  }
  const doubtfulGrowth = dataEnd + RIFF_CHUNK_HEADER_BYTES + viewOf(next).getUint32(4, !isBigEndian) - limit;
  return doubtfulGrowth <= 0 ? { isPadded: false } : { isPadded: true, doubtfulGrowth };
};
