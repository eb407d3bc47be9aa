/** The blocks of a GIF (GIF89a §18 to §26), located and not decoded. */
import { ascii, damaged, LabelError, startsWith, viewOf } from '@aigc-label/core';

/** A stretch of the file. */
export interface GifBlock {
  /** `control` graphic control extension · `image` descriptor, table and data · `other` comment, application or plain text extension. */
  readonly kind: 'control' | 'image' | 'other';
  readonly start: number;
  readonly end: number;
}

/** A GIF taken apart. */
export interface GifFile {
  readonly width: number;
  readonly height: number;
  /** Signature, screen descriptor and global colours end here. */
  readonly headerEnd: number;
  readonly blocks: readonly GifBlock[];
  /** Where the trailer byte stands. */
  readonly end: number;
}

/** Blocks and sub-blocks that are followed; a 500 MB GIF of full sub-blocks has 2 million. */
const MAXIMUM_BLOCKS = 4_000_000;

/** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const parseGif = (bytes: Uint8Array): GifFile => {
  if (bytes.length < 13 || (!startsWith(bytes, ascii('GIF87a')) && !startsWith(bytes, ascii('GIF89a')))) {
    throw damaged('gif', 0, 'the GIF header is missing');
  }
  const headerEnd = 13 + tableBytes(bytes[10] ?? 0);
  const blocks: GifBlock[] = [];
  let left = MAXIMUM_BLOCKS;
  let position = headerEnd;
  const skipSubBlocks = (): void => {
    for (;;) {
      const size = bytes[position];
      left -= 1;
      if (size === undefined || position + 1 + size > bytes.length) {
        throw damaged('gif', Math.min(position, bytes.length), 'the file ends inside a block');
      }
      if (left <= 0) {
        throw new LabelError('LIMIT_EXCEEDED', `The GIF has more than ${MAXIMUM_BLOCKS} blocks.`, { data: { limitBlocks: MAXIMUM_BLOCKS } });
      }
      position += 1 + size;
      if (size === 0) {
        return;
      }
    }
  };
  for (;;) {
    const start = position;
    const introducer = bytes[position];
    if (introducer === 0x3b) {
      return { width: viewOf(bytes).getUint16(6, true), height: viewOf(bytes).getUint16(8, true), headerEnd, blocks, end: position };
    }
    if (introducer === 0x21) {
      const isControl = bytes[position + 1] === 0xf9;
      position += 2;
      skipSubBlocks();
      blocks.push({ kind: isControl ? 'control' : 'other', start, end: position });
    } else if (introducer === 0x2c) {
      position += 10 + tableBytes(bytes[position + 9] ?? 0) + 1;
      skipSubBlocks();
      blocks.push({ kind: 'image', start, end: position });
    } else {
      throw damaged('gif', start, introducer === undefined ? 'the file ends before its trailer' : 'there is no block where one must stand');
    }
  }
};

/** Bytes of the colour table that these packed flags announce (§18, §20). */
export const tableBytes = (packed: number): number => ((packed & 0x80) === 0 ? 0 : 3 << ((packed & 7) + 1));
