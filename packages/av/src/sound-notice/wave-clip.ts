// WAVE: IBM/Microsoft "Multimedia Programming Interface and Data Specifications 1.0"; WAVE_FORMAT_EXTENSIBLE: Microsoft "Multiple Channel Audio Data and WAVE Files".
import { latin1, viewOf } from '@aigc-label/core';
import type { Pcm } from './pcm.ts';

/** The longest clip that is taken, in seconds: a notice, not a programme. */
const MAXIMUM_SECONDS = 30;
const MAXIMUM_CHANNELS = 2;
const RATES = { least: 8_000, most: 192_000 } as const;

/**
 * The samples of a clip: a WAV file of linear PCM (8, 16, 24 or 32 bit, or 32-bit float), mono or stereo, up to 30 s.
 *
 * @throws TypeError for anything else: a clip is the caller's own.
 */
export const parseWaveClip = (bytes: Uint8Array): Pcm => {
  const text = (at: number): string => latin1(bytes.subarray(at, at + 4));
  if (text(0) !== 'RIFF' || text(8) !== 'WAVE') {
    throw new TypeError('the clip must be a WAV file');
  }
  const view = viewOf(bytes);
  let format: { readonly at: number; readonly sizeBytes: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const sizeBytes = view.getUint32(at + 4, true);
    if (text(at) === 'fmt ') {
      format = { at: at + 8, sizeBytes };
    } else if (text(at) === 'data') {
      if (format === undefined || format.sizeBytes < 16 || format.at + format.sizeBytes > bytes.length) {
        throw new TypeError('the clip has no format in front of its samples');
      }
      return samplesOfClip(view, format, { start: at + 8, end: Math.min(bytes.length, at + 8 + sizeBytes) });
    }
    at += 8 + sizeBytes + (sizeBytes % 2);
  }
  throw new TypeError('the clip has no samples');
};

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

const samplesOfClip = (
  view: DataView,
  format: { readonly at: number; readonly sizeBytes: number },
  { start, end }: { readonly start: number; readonly end: number },
): Pcm => {
  const tag = view.getUint16(format.at, true);
  const kind = tag === EXTENSIBLE && format.sizeBytes >= 26 ? view.getUint16(format.at + 24, true) : tag;
  const channels = view.getUint16(format.at + 2, true);
  const sampleRate = view.getUint32(format.at + 4, true);
  const bits = view.getUint16(format.at + 14, true);
  const read = kind === PCM ? PCM_READERS[bits] : kind === FLOAT && bits === 32 ? readFloat : undefined;
  if (read === undefined || view.getUint16(format.at + 12, true) !== (channels * bits) / 8) {
    throw new TypeError(`the clip must be linear PCM of 8, 16, 24 or 32 bit or 32-bit float, not format ${kind} with ${bits} bit`);
  }
  if (channels < 1 || channels > MAXIMUM_CHANNELS || sampleRate < RATES.least || sampleRate > RATES.most) {
    throw new TypeError(`the clip must have 1 or 2 channels at 8 to 192 kHz, not ${channels} at ${sampleRate} Hz`);
  }
  const stride = bits / 8;
  const length = Math.floor((end - start) / (stride * channels));
  if (length === 0 || length > MAXIMUM_SECONDS * sampleRate) {
    throw new TypeError(`the clip must hold samples for up to ${MAXIMUM_SECONDS} s`);
  }
  const planes = Array.from({ length: channels }, () => new Float32Array(length));
  for (const [channel, plane] of planes.entries()) {
    for (let index = 0; index < length; index += 1) {
      plane[index] = finite(read(view, start + (index * channels + channel) * stride));
    }
  }
  if (planes.every((plane) => plane.every((sample) => Math.abs(sample) < AUDIBLE))) {
    throw new TypeError('the clip is silent');
  }
  return { sampleRate, channels: planes };
};

/** −60 dB of full scale. */
const AUDIBLE = 0.001;

const readFloat = (view: DataView, at: number): number => view.getFloat32(at, true);
const PCM_READERS: Readonly<Record<number, (view: DataView, at: number) => number>> = {
  8: (view, at) => (view.getUint8(at) - 128) / 128,
  16: (view, at) => view.getInt16(at, true) / 2 ** 15,
  24: (view, at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 2 ** 23,
  32: (view, at) => view.getInt32(at, true) / 2 ** 31,
};

const finite = (sample: number): number => (Number.isFinite(sample) ? Math.max(-8, Math.min(8, sample)) : 0);
