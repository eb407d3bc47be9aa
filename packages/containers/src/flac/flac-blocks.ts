// FLAC metadata blocks: RFC 9639 §8.
import { type Anomaly, ascii, type ByteSource, startsWith, viewOf } from '@aigc-label/core';
import { windowReader } from '../vorbis-comment/window-reader.ts';

/** The marker in front of the blocks, and the header of a block, in bytes. */
export const FLAC_MARKER_BYTES: number = 4;
export const FLAC_BLOCK_HEADER_BYTES: number = 4;

/** The most that the 24 bits of a block's length can say. */
export const FLAC_MAXIMUM_BLOCK_BYTES: number = 2 ** 24 - 1;

/** Blocks of an honest file: a few, and a picture or two. */
export const MAXIMUM_FLAC_BLOCKS: number = 1024;

/** A metadata block; offsets are of the file. */
export interface FlacBlock {
  /** 0 STREAMINFO, 1 PADDING, 4 VORBIS_COMMENT, 6 PICTURE. */
  readonly type: number;
  readonly isLast: boolean;
  readonly start: number;
  readonly dataStart: number;
  readonly sizeBytes: number;
  readonly end: number;
}

/** The blocks in front of the frames. */
export interface FlacBlocks {
  readonly blocks: readonly FlacBlock[];
  /** Set where they do not lead to the frames, so that no edit is safe. */
  readonly problem:
    | { readonly code: Extract<Anomaly['code'], 'damaged' | 'truncated' | 'limit'>; readonly offset: number; readonly what: string }
    | undefined;
}

/** Whether `fLaC` stands at `offset`. */
export const isFlac = (bytes: Uint8Array, offset = 0): boolean => startsWith(bytes, MARKER, offset);

/** Follows the blocks behind the marker that stands at `start`. */
export const readFlacBlocks = async (source: ByteSource, start: number): Promise<FlacBlocks> => {
  const read = windowReader(source);
  const blocks: FlacBlock[] = [];
  let position = start + FLAC_MARKER_BYTES;
  const stop = (code: 'damaged' | 'truncated' | 'limit', what: string): FlacBlocks => ({ blocks, problem: { code, offset: position, what } });
  for (let isLast = false; !isLast; ) {
    if (position + FLAC_BLOCK_HEADER_BYTES > source.size) {
      return stop('truncated', 'the file ends before its last metadata block');
    }
    if (blocks.length === MAXIMUM_FLAC_BLOCKS) {
      return stop('limit', `the file has more than ${MAXIMUM_FLAC_BLOCKS} metadata blocks`);
    }
    const head = viewOf(await read(position, FLAC_BLOCK_HEADER_BYTES)).getUint32(0);
    const type = (head >>> 24) & 0x7f;
    const sizeBytes = head & FLAC_MAXIMUM_BLOCK_BYTES;
    const dataStart = position + FLAC_BLOCK_HEADER_BYTES;
    // §8.1: 127 is forbidden, so that a block is never taken for a frame; §8.2: STREAMINFO is the first.
    if (type === 127 || (type === 0) !== (blocks.length === 0)) {
      return stop(
        'damaged',
        blocks.length === 0 ? 'the first metadata block is not STREAMINFO' : `a metadata block of type ${type} cannot stand here`,
      );
    }
    if (dataStart + sizeBytes > source.size) {
      return stop('truncated', `a metadata block announces ${sizeBytes} bytes and the file ends before`);
    }
    isLast = head >>> 31 === 1;
    blocks.push({ type, isLast, start: position, dataStart, sizeBytes, end: dataStart + sizeBytes });
    position = dataStart + sizeBytes;
  }
  const head = await source.read(position, Math.min(2, source.size - position));
  // §9.1: a frame begins with fifteen bits of sync; a file of nothing but metadata is seen too.
  if (head.length > 0 && (head[0] !== 0xff || ((head[1] ?? 0xf8) & 0xfe) !== 0xf8)) {
    return stop('damaged', 'no frame stands behind the last metadata block');
  }
  return { blocks, problem: undefined };
};

const MARKER = ascii('fLaC');
