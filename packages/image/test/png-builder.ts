/** PNG and APNG written chunk by chunk, for kinds that sharp does not write. */
import { deflateSync } from 'node:zlib';
import { encodePngChunk, PNG_SIGNATURE } from '@aigc-label/containers';
import { ascii, concat, u16be, u32be } from '@aigc-label/core';

export interface PngPlan {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0, 2, 3, 4 or 6. */
  readonly colourType: number;
  /** Packed scanlines without filter bytes. */
  readonly scanlines: Uint8Array;
  readonly before?: readonly Uint8Array[];
  readonly after?: readonly Uint8Array[];
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Bytes of one packed scanline. */
export const lineBytes = (width: number, depth: number, colourType: number): number => Math.ceil((width * depth * (CHANNELS[colourType] ?? 1)) / 8);

/** Scanlines with filter 0 before each, compressed. */
export const deflated = (scanlines: Uint8Array, bytesPerLine: number): Uint8Array => {
  const lines = scanlines.length / bytesPerLine;
  const filtered = new Uint8Array(scanlines.length + lines);
  for (let line = 0; line < lines; line += 1) {
    filtered.set(scanlines.subarray(line * bytesPerLine, (line + 1) * bytesPerLine), line * (bytesPerLine + 1) + 1);
  }
  return deflateSync(filtered);
};

export const buildPng = ({ width, height, depth, colourType, scanlines, before = [], after = [] }: PngPlan): Uint8Array =>
  concat(
    PNG_SIGNATURE,
    encodePngChunk('IHDR', concat(u32be(width), u32be(height), Uint8Array.of(depth, colourType, 0, 0, 0))),
    ...before,
    encodePngChunk('IDAT', deflated(scanlines, lineBytes(width, depth, colourType))),
    ...after,
    encodePngChunk('IEND', ascii('')),
  );

export interface ApngFramePlan {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Numerator and denominator, in seconds. */
  readonly delay: readonly [number, number];
  readonly dispose: 0 | 1 | 2;
  readonly blend: 0 | 1;
  /** RGBA, 8 bits. */
  readonly rgba: Uint8Array;
}

/** An RGBA APNG; with `still`, the default image is no part of the animation. */
export const buildApng = (width: number, height: number, frames: readonly ApngFramePlan[], plays: number, still?: Uint8Array): Uint8Array => {
  let sequence = 0;
  const next = (): Uint8Array => {
    sequence += 1;
    return u32be(sequence - 1);
  };
  const chunks = frames.flatMap((frame, index) => {
    const data = deflated(frame.rgba, frame.width * 4);
    const control = encodePngChunk(
      'fcTL',
      concat(
        next(),
        ...[frame.width, frame.height, frame.left, frame.top].map(u32be),
        ...frame.delay.map(u16be),
        Uint8Array.of(frame.dispose, frame.blend),
      ),
    );
    return [control, index === 0 && still === undefined ? encodePngChunk('IDAT', data) : encodePngChunk('fdAT', concat(next(), data))];
  });
  return concat(
    PNG_SIGNATURE,
    encodePngChunk('IHDR', concat(u32be(width), u32be(height), Uint8Array.of(8, 6, 0, 0, 0))),
    encodePngChunk('acTL', concat(u32be(frames.length), u32be(plays))),
    ...(still === undefined ? [] : [encodePngChunk('IDAT', deflated(still, width * 4))]),
    ...chunks,
    encodePngChunk('tEXt', ascii('Title\0kept')),
    encodePngChunk('IEND', ascii('')),
  );
};
