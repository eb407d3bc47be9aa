import type { WalkedFrames } from '@aigc-label/containers';
import type { ByteSource } from '@aigc-label/core';

/** Takes the frames of a stretch of time out of a stream, for whoever wants to decode no more than that. */
export const framesCut =
  (source: ByteSource, { offsets, end, samples }: WalkedFrames, sampleRate: number): ((start: number, length: number) => Promise<Uint8Array>) =>
  async (start, length) => {
    const perSecond = (offsets.length * sampleRate) / samples;
    const indexAt = (seconds: number): number => Math.max(0, Math.min(offsets.length, Math.round(seconds * perSecond)));
    const [from, to] = [offsets[indexAt(start)] ?? end, offsets[indexAt(start + length)] ?? end];
    return source.read(from, to - from);
  };
