/** Pixels as sharp decodes them, without colour management, and back. */

import { LabelError } from '@aigc-label/core';
import sharp, { type Metadata, type SharpOptions } from 'sharp';

/** Most pixels of all frames together that are held in memory: 400 MB at four bytes. */
export const MAXIMUM_PIXELS = 100_000_000;

/** Interleaved samples, frames one below the other. */
export interface Raster {
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly frames: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly hasAlpha: boolean;
  readonly samples: Uint8Array | Uint16Array;
}

/** How every picture is opened: damage is an error and never grey pixels, size is bounded, the embedded profile is not applied. */
export const openOptions: SharpOptions = { failOn: 'error', limitInputPixels: MAXIMUM_PIXELS, ignoreIcc: true };

/** Width, height, frames, space. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const pictureFacts = async (bytes: Uint8Array): Promise<Metadata> => {
  const facts = await orDamaged(sharp(bytes, { ...openOptions, limitInputPixels: false, pages: -1 }).metadata());
  assertPixels(facts.width * facts.height);
  return facts;
};

/** @throws LabelError `LIMIT_EXCEEDED` above `MAXIMUM_PIXELS`. */
export const assertPixels = (pixels: number): void => {
  if (!(pixels <= MAXIMUM_PIXELS)) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `The picture has ${pixels} pixels in all its frames; at most ${MAXIMUM_PIXELS} are decoded. Make it smaller first.`,
      {
        data: { pixels, limitPixels: MAXIMUM_PIXELS },
      },
    );
  }
};

/** Decodes every frame to grey or RGB, with or without alpha, 8 or 16 bits, values as the file stores them. */
export const decodeRaster = async (bytes: Uint8Array, facts: Metadata): Promise<Raster> => {
  const isGrey = facts.space === 'b-w' || facts.space === 'grey16';
  const isDeep = facts.depth === 'ushort';
  // sharp's raw output of 8-bit grey has one channel, whatever the file has; by way of RGB the alpha survives, and grey is the same in each channel.
  const isDetour = isGrey && !isDeep && facts.hasAlpha === true;
  const space = isGrey && !isDetour ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const pipeline = sharp(bytes, { ...openOptions, pages: -1 })
    .pipelineColourspace(space)
    .toColourspace(space);
  const { data, info } = await orDamaged(pipeline.raw({ depth: isDeep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true }));
  const frames = facts.pages ?? 1;
  const samples = isDeep
    ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length))
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (samples.length !== info.width * info.height * info.channels || info.height % frames !== 0 || info.channels > 4) {
    throw new TypeError(`sharp gave ${samples.length} samples for ${info.width} × ${info.height} × ${info.channels}`);
  }
  const size = { width: info.width, height: info.height / frames, frames };
  if (isDetour) {
    const pairs = new Uint8Array(info.width * info.height * 2);
    for (let pixel = 0; pixel < pairs.length / 2; pixel += 1) {
      pairs[2 * pixel] = samples[pixel * info.channels] ?? 0;
      pairs[2 * pixel + 1] = samples[pixel * info.channels + info.channels - 1] ?? 0;
    }
    return { ...size, channels: 2, hasAlpha: true, samples: pairs };
  }
  const channels = info.channels as Raster['channels'];
  return { ...size, channels, hasAlpha: channels === 2 || channels === 4, samples };
};

/** sharp's errors in our words: its only error about size is the limit on pixels, everything else is the file's fault. */
export const orDamaged = async <Value>(decoding: Promise<Value>): Promise<Value> => {
  try {
    return await decoding;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    if (/exceeds pixel limit/i.test(message)) {
      throw new LabelError('LIMIT_EXCEEDED', `The picture has more than ${MAXIMUM_PIXELS} pixels. Make it smaller first.`, {
        cause,
        data: { limitPixels: MAXIMUM_PIXELS },
      });
    }
    throw new LabelError('FILE_DAMAGED', `The picture cannot be decoded: ${message.trim()}. Export it again from its source.`, {
      cause,
      data: { what: message.trim() },
    });
  }
};
