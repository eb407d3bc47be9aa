import { LabelError } from '@aigc-label/core';
import type { EncoderOptions } from './picture-encoder.ts';

/** Encodes with the first encoder that this ffmpeg has. @throws LabelError what `encode` throws; `TOOL_MISSING` where it has none. */
export const withFirstEncoder = async <Value>(
  encoders: readonly EncoderOptions[],
  encode: (encoder: EncoderOptions) => Promise<Value>,
): Promise<Value> => {
  let missing: unknown;
  for (const encoder of encoders) {
    try {
      return await encode(encoder);
    } catch (error) {
      if (!(error instanceof LabelError && error.code === 'TOOL_MISSING' && error.data['encoder'] !== undefined)) {
        throw error;
      }
      missing = error;
    }
  }
  throw missing;
};
