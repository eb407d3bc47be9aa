/** A PNG in memory as a list of chunks, and new pixels put under the chunks it had (PNG 3rd ed. §5, §11). */

import { PNG_SIGNATURE } from '@aigc-label/containers';
import { concat, damaged, LabelError, latin1, startsWith, viewOf } from '@aigc-label/core';
import sharp from 'sharp';
import { orDamaged, type Raster } from './raster.ts';

/** A chunk; `whole` is its length, type, data and CRC as they stand in the file. */
export interface PngPart {
  readonly type: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

/** A PNG taken apart; `trailer` is what follows IEND. */
export interface PngFile {
  readonly parts: readonly PngPart[];
  readonly header: PngHeader;
  readonly trailer: Uint8Array;
}

/** IHDR. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  /** 0 none, 1 Adam7. */
  readonly interlace: number;
}

/** Encoders write IDAT in pieces of 8 KB at least: this is 8 GB of them. */
const MAXIMUM_CHUNKS = 1_000_000;

/** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const parsePng = (bytes: Uint8Array): PngFile => {
  if (!startsWith(bytes, PNG_SIGNATURE)) {
    throw damaged('png', 0, 'the PNG signature is missing');
  }
  const view = viewOf(bytes);
  const parts: PngPart[] = [];
  let position = PNG_SIGNATURE.length;
  while (parts.length < MAXIMUM_CHUNKS) {
    if (position + 12 > bytes.length) {
      throw damaged('png', position, 'the file ends before its IEND chunk');
    }
    const end = position + 12 + view.getUint32(position);
    if (end > bytes.length) {
      throw damaged('png', position, 'the file ends inside a chunk');
    }
    const type = latin1(bytes.subarray(position + 4, position + 8));
    parts.push({ type, data: bytes.subarray(position + 8, end - 4), whole: bytes.subarray(position, end) });
    position = end;
    if (type === 'IEND') {
      return { parts, header: headerOf(parts), trailer: bytes.subarray(end) };
    }
  }
  throw new LabelError('LIMIT_EXCEEDED', `The PNG has more than ${MAXIMUM_CHUNKS} chunks.`, { data: { limitChunks: MAXIMUM_CHUNKS } });
};

const headerOf = ([first]: readonly PngPart[]): PngHeader => {
  if (first?.type === 'CgBI') {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      'This PNG is of the kind that Xcode makes for iOS (CgBI), which is not redrawn. Save it as ordinary PNG first.',
      {
        data: { feature: 'CgBI' },
      },
    );
  }
  if (first?.type !== 'IHDR' || first.data.length !== 13) {
    throw damaged('png/IHDR', 8, 'the header is missing');
  }
  const view = viewOf(first.data);
  return { width: view.getUint32(0), height: view.getUint32(4), depth: view.getUint8(8), colourType: view.getUint8(9), interlace: view.getUint8(12) };
};

/** Samples as the chunks of a PNG without anything but IHDR, IDAT and IEND. Grey stays grey, 16 bits stay 16. */
export const encodePng = async ({ width, height, channels, samples }: Raster): Promise<PngFile> => {
  const isDeep = samples instanceof Uint16Array;
  const space = channels <= 2 ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const encoded = await orDamaged(
    sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
      .pipelineColourspace(space)
      .toColourspace(space)
      .png({ adaptiveFiltering: true, palette: false })
      .toBuffer(),
  );
  return parsePng(encoded);
};

/** Chunks that tell how pixels are coded, not what they mean: the new coding has its own. iDOT is Apple's index into the old IDAT. */
const CODING: ReadonlySet<string> = new Set(['IHDR', 'IDAT', 'IEND', 'acTL', 'fcTL', 'fdAT', 'iDOT']);

/** Chunks whose layout depends on colour type or depth (§11.3.1.1, §11.3.2.4, §11.3.4.1 and following): kept only where both stayed. */
const TIED_TO_COLOUR_TYPE: ReadonlySet<string> = new Set(['PLTE', 'tRNS', 'hIST', 'bKGD', 'sBIT']);

/** The file with `coded` (whole chunks, any number) in the place of its IDAT, and every chunk that is still true as it was, in its order. */
export const withPixels = (file: PngFile, header: PngPart, coded: readonly Uint8Array[], beforePixels: readonly Uint8Array[] = []): Uint8Array => {
  const { depth, colourType } = headerOf([header]);
  const isSameKind = depth === file.header.depth && colourType === file.header.colourType && !file.parts.some(({ type }) => type === 'tRNS');
  const written: Uint8Array[] = [PNG_SIGNATURE, header.whole, ...beforePixels];
  let hasPixels = false;
  for (const { type, whole } of file.parts) {
    if (type === 'IDAT' && !hasPixels) {
      written.push(...coded);
      hasPixels = true;
    } else if (type === 'IEND') {
      written.push(whole);
    } else if (!CODING.has(type) && (isSameKind || !TIED_TO_COLOUR_TYPE.has(type))) {
      written.push(whole);
    }
  }
  if (!hasPixels) {
    throw damaged('png/IDAT', 8, 'there are no pixels');
  }
  return concat(...written, file.trailer);
};
