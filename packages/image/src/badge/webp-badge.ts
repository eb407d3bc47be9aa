/** The badge in a WebP, still or animated: lossless stays lossless, every chunk that is not pixels stays as it was (RFC 9649 §2). */

import type { ResolvedBadge } from '@aigc-label/badge';
import { type RiffChunk, readRiff, walkChunks } from '@aigc-label/containers';
import { ascii, bytesSource, concat, damaged, LabelError, u32le, viewOf } from '@aigc-label/core';
import sharp from 'sharp';
import { badgePlace, plateOver } from './badge-place.ts';
import { blendBadge } from './blend.ts';
import { changedRegion, cut, type Region, withAlpha } from './canvas.ts';
import { standsIn } from './is-present.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { decodeRaster, orDamaged, pictureFacts, type Raster } from './raster.ts';
import { beneathRaster, brightnessUnder } from './raster-region.ts';

/** Quality of what was lossy; WebP does not record the one it had, and 90 adds no loss that is seen. */
export const WEBP_QUALITY = 90;

/** Chunks that hold pixels, or announce how: they are written anew. */
const CODING: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANMF']);
const ALPHA_FLAG = 0x10;

/** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`. */
export const openWebp = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<OpenedPicture> => {
  const riff = await readRiff(bytesSource(bytes));
  if (riff.magic !== 'RIFF' || riff.formType !== 'WEBP' || riff.chunks.some(({ isOpen }) => isOpen)) {
    throw damaged('webp', 0, 'the chunks do not fill the file');
  }
  const facts = await pictureFacts(bytes);
  const place = await badgePlace(badge, facts.width, facts.pageHeight ?? facts.height, facts.orientation);
  const raster = withColour(await decodeRaster(bytes, facts));
  return {
    stands: async () => {
      for (const frame of new Set([0, raster.frames - 1])) {
        if (!(await standsIn(place, (groundLevel) => brightnessUnder(raster, frame, place, groundLevel)))) {
          return false;
        }
      }
      return true;
    },
    draw: async () => {
      const placed = await plateOver(place, beneathRaster(raster, place));
      blendBadge(raster, placed);
      const animated = riff.chunks.filter(({ id }) => id === 'ANMF');
      const isLossless = riff.chunks.some(({ id }) => id === 'VP8L');
      const pixels = animated.length === 0 ? await encode(raster, isLossless) : await encodeFrames(bytes, animated, raster);
      return {
        bytes: assemble(bytes, riff.chunks, riff.announcedEnd ?? riff.end, pixels, raster.hasAlpha),
        contrast: placed.plate.contrast,
        isRestKept: isLossless,
      };
    },
  };
};

/** WebP knows no grey; sharp gives it none, and nothing else may come through. */
const withColour = (raster: Raster): Raster => {
  if (raster.channels < 3 || raster.samples instanceof Uint16Array) {
    throw new LabelError('NOTICE_UNSUPPORTED', 'This WebP is decoded to something else than 8-bit colour. Save it again first.', {
      data: { channels: raster.channels },
    });
  }
  return raster;
};

const assemble = (bytes: Uint8Array, chunks: readonly RiffChunk[], end: number, pixels: Uint8Array, hasAlpha: boolean): Uint8Array => {
  const written: Uint8Array[] = [];
  let hasPixels = false;
  for (const chunk of chunks) {
    if (chunk.id === 'VP8X') {
      const whole = bytes.slice(chunk.start, chunk.end);
      whole[8] = (whole[8] ?? 0) | (hasAlpha ? ALPHA_FLAG : 0);
      written.push(whole);
    } else if (!CODING.has(chunk.id)) {
      written.push(bytes.subarray(chunk.start, chunk.end));
    } else if (!hasPixels) {
      written.push(pixels);
      hasPixels = true;
    }
  }
  const body = concat(ascii('WEBP'), ...written);
  return concat(ascii('RIFF'), u32le(body.length), body, bytes.subarray(Math.max(end, chunks.at(-1)?.end ?? 0)));
};

/** A picture as the chunks that hold its pixels. */
const encode = async ({ width, height, channels, samples }: Raster, isLossless: boolean): Promise<Uint8Array> => {
  const encoded = await orDamaged(
    sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
      .webp({ lossless: isLossless, quality: WEBP_QUALITY, alphaQuality: 100, exact: true })
      .toBuffer(),
  );
  const { chunks } = await readRiff(bytesSource(encoded));
  return concat(...chunks.filter(({ id }) => id === 'VP8 ' || id === 'VP8L' || id === 'ALPH').map(({ start, end }) => encoded.subarray(start, end)));
};

/** Every frame keeps its number and duration; it replaces what changed since the frame before, and stays (RFC 9649 §2.7.1.1). */
const encodeFrames = async (bytes: Uint8Array, animated: readonly RiffChunk[], raster: Raster): Promise<Uint8Array> => {
  const { width, height } = raster;
  if (animated.length !== raster.frames) {
    throw damaged('webp/ANMF', animated[0]?.start ?? 0, `${animated.length} frames stand in the file and ${raster.frames} can be decoded`);
  }
  const written: Uint8Array[] = [];
  let shown: Uint8Array | undefined;
  for (const [index, chunk] of animated.entries()) {
    const next = withAlpha(raster, index);
    const region: Region = shown === undefined ? { left: 0, top: 0, width, height } : changedRegion(shown, next, width, height, 2);
    const isLossless = await holdsLossless(bytes, chunk);
    const pixels = await encode(cut(next, width, region, false, raster.hasAlpha), isLossless);
    written.push(frameChunk(region, bytes.subarray(chunk.dataStart + 12, chunk.dataStart + 15), pixels));
    shown = next;
  }
  return concat(...written);
};

const holdsLossless = async (bytes: Uint8Array, frame: RiffChunk): Promise<boolean> => {
  const walk = await walkChunks(bytesSource(bytes), frame.dataStart + 16, {
    isBigEndian: false,
    limit: frame.dataStart + frame.sizeBytes,
    budget: { left: 16 },
    sizeOf: (_, field) => field,
  });
  return walk.chunks.some(({ id }) => id === 'VP8L');
};

/** Flags 2: do not blend; do not dispose. */
const frameChunk = ({ left, top, width, height }: Region, duration: Uint8Array, pixels: Uint8Array): Uint8Array => {
  const header = new Uint8Array(16);
  const view = viewOf(header);
  [left / 2, top / 2, width - 1, height - 1].forEach((value, index) => {
    view.setUint16(3 * index, value & 0xffff, true);
    view.setUint8(3 * index + 2, value >> 16);
  });
  header.set(duration, 12);
  header[15] = 2;
  return concat(ascii('ANMF'), u32le(header.length + pixels.length), header, pixels);
};
