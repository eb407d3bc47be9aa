/** A PNG's pixels under a plate, changed in the lines that it has; all other lines keep their filters, and all other blocks their bits. */
import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';
import { ascii, concat, u32be } from '@aigc-label/core';
import type { BadgePlace } from '../badge-place.ts';
import type { PngFile, PngPart } from '../png-file.ts';
import type { Raster } from '../raster.ts';
import { type DeflateBlocks, deflateBlocks, ZLIB_HEADER_BITS } from './deflate-blocks.ts';
import { ADLER_MODULUS, type ChangedBytes, patchStream } from './patch-stream.ts';
import { plainLines, refilter, type Scanlines } from './scanlines.ts';

const unpack = promisify(inflate);

/** No deflate stream unpacks to more than this many times its size. */
const MOST_EXPANSION = 1040;

/** The lines under a plate as pixels. */
export interface LinesUnder {
  /** As wide as the picture, as high as the plate; to be changed in place, under the plate only. Beside and behind the plate it is not filled in. */
  readonly strip: Raster;
  /** Whole IDAT chunks with the pixels of the strip; can be asked once. */
  encode(): Promise<readonly Uint8Array[]>;
}

/** `undefined` for pictures whose pixels are not whole bytes or stand in another order, and for those of which zlib says that they are damaged. */
export const linesUnder = async (file: PngFile, { placed: { plate, left, top } }: BadgePlace): Promise<LinesUnder | undefined> => {
  const { width, height, depth, colourType, interlace } = file.header;
  const channels = CHANNELS[colourType];
  if (channels === undefined || depth < 8 || interlace !== 0 || file.parts.some(({ type }) => type === 'tRNS')) {
    return undefined;
  }
  const pixelBytes = (channels * depth) / 8;
  const lineBytes = width * pixelBytes;
  const chunks = file.parts.filter(({ type }) => type === 'IDAT');
  const stream = concat(...chunks.map(({ data }) => data), new Uint8Array(8));
  const expected = height * (lineBytes + 1);
  if (expected > stream.length * MOST_EXPANSION) {
    return undefined;
  }
  // zlib works in a thread of its own meanwhile.
  const unpacking = unpacked(stream.subarray(0, -8), expected);
  const blocks = blocksOf(stream);
  const filtered = await unpacking;
  if (filtered === undefined || blocks === undefined) {
    return undefined;
  }
  const lines: Scanlines = { filtered, lineBytes, pixelBytes, lines: height };
  const first = Math.max(0, top - 1);
  const [from, until] = [left * pixelBytes, Math.min(lineBytes, (left + plate.width + 1) * pixelBytes)];
  const plain = plainLines(lines, first, Math.min(height, top + plate.height + 1) - first, until);
  const under = plain.subarray((top - first) * lineBytes, (top - first + plate.height) * lineBytes);
  const samples = depth === 16 ? deepSamples(under) : under;
  return {
    strip: { width, height: plate.height, frames: 1, channels, hasAlpha: channels === 2 || channels === 4, samples },
    encode: async () => {
      if (samples instanceof Uint16Array) {
        putDeepSamples(samples, under);
      }
      const changed = changeLines(lines, plain, { first, top, from, until });
      const { kept, rest } = await patchStream(stream, blocks, filtered, changed);
      return rechunked(chunks, kept, rest);
    },
  };
};

/** Samples a pixel, by colour type, where they stand in the pixel itself (§11.2.1). */
const CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

const unpacked = async (stream: Uint8Array, expected: number): Promise<Uint8Array | undefined> => {
  try {
    const filtered = await unpack(stream, { chunkSize: expected + 1024, maxOutputLength: expected + (1 << 20) });
    return filtered.length < expected ? undefined : new Uint8Array(filtered.buffer, filtered.byteOffset, filtered.length);
  } catch {
    return undefined;
  }
};

const blocksOf = (stream: Uint8Array): DeflateBlocks | undefined => {
  try {
    return deflateBlocks(stream, ZLIB_HEADER_BITS);
  } catch {
    return undefined;
  }
};

/** Where lines and bytes changed: lines from `top` on, bytes `from` to `until` of each. */
interface ChangedLines {
  readonly first: number;
  readonly top: number;
  readonly from: number;
  readonly until: number;
}

/** Filters the changed lines, and the one below them, which may be predicted from the last. */
const changeLines = (lines: Scanlines, plain: Uint8Array, { first, top, from, until }: ChangedLines): ChangedBytes => {
  const { filtered, lineBytes } = lines;
  const last = first + plain.length / lineBytes - 1;
  const nothing = new Uint8Array(lineBytes);
  const lineOf = (line: number): Uint8Array => plain.subarray((line - first) * lineBytes, (line - first + 1) * lineBytes);
  let [sum, weighted] = [0, 0];
  for (let line = top; line <= last; line += 1) {
    const start = line * (lineBytes + 1) + 1;
    const before = filtered.slice(start + from, start + until);
    refilter(lines, line, lineOf(line), line === 0 ? nothing : lineOf(line - 1), from, until);
    for (let at = 0; at < before.length; at += 1) {
      const grown = (filtered[start + from + at] ?? 0) - (before[at] ?? 0);
      sum += grown;
      weighted += grown * ((filtered.length - start - from - at) % ADLER_MODULUS);
    }
    weighted %= ADLER_MODULUS;
  }
  return { from: top * (lineBytes + 1) + 1 + from, until: last * (lineBytes + 1) + 1 + until, sums: [sum, weighted] };
};

/** Chunks that lie in what was kept stay; the rest comes in chunks as large as the file's largest. */
const rechunked = (chunks: readonly PngPart[], kept: number, rest: Uint8Array): readonly Uint8Array[] => {
  const written: Uint8Array[] = [];
  let position = 0;
  let size = 0;
  let begun = new Uint8Array(0);
  for (const { data, whole } of chunks) {
    size = Math.max(size, data.length);
    if (position + data.length <= kept) {
      written.push(whole);
    } else if (position < kept) {
      begun = data.slice(0, kept - position);
    }
    position += data.length;
  }
  const changed = concat(begun, rest);
  for (let at = 0; at < changed.length; at += size) {
    written.push(idat(changed.subarray(at, at + size)));
  }
  return written;
};

const idat = (data: Uint8Array): Uint8Array => {
  const name = ascii('IDAT');
  return concat(u32be(data.length), name, data, u32be(crc32(data, crc32(name))));
};

const deepSamples = (bytes: Uint8Array): Uint16Array => {
  const samples = new Uint16Array(bytes.length / 2);
  for (let at = 0; at < samples.length; at += 1) {
    samples[at] = ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0);
  }
  return samples;
};

const putDeepSamples = (samples: Uint16Array, bytes: Uint8Array): void => {
  for (let at = 0; at < samples.length; at += 1) {
    bytes[2 * at] = (samples[at] ?? 0) >> 8;
    bytes[2 * at + 1] = (samples[at] ?? 0) & 0xff;
  }
};
