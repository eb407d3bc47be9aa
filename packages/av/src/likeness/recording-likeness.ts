import type { Rendition, SoftMatch } from '@aigc-label/core';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';
import { withInputFile } from '../ffmpeg/with-input-file.ts';
import { FRAMES_PER_SECOND, movingLikeness } from './moving-pictures.ts';
import { SOUND_RATE_HERTZ, soundLikeness } from './sound.ts';
import { isAsLong, type Stretch, stretchesOf } from './stretches.ts';

/** From these likenesses on two recordings are renditions of one; docs/decisions/0013 says what was measured. */
export const SOUND_LIKENESS_THRESHOLD = 0.75;
export const MOVING_LIKENESS_THRESHOLD = 0.7;

/** The most that ffmpeg may give for one stretch, in bytes: 90 s of sound are 2.9 MB, of frames 13 MB. */
const MAXIMUM_STRETCH_BYTES = 16 << 20;

/** Tells by their sound whether two recordings are renditions of one, whatever their codec. */
export const soundMatch: SoftMatch = {
  id: 'sound-bands',
  modality: 'audio',
  compare: (original, rendition) =>
    compare(original, rendition, SOUND_LIKENESS_THRESHOLD, SOUND_OPTIONS, (a, b) => soundLikeness(floats(a), floats(b))),
};

/** Tells by their pictures whether two films are renditions of one, whatever their codec and size. */
export const movingMatch: SoftMatch = {
  id: 'moving-structure',
  modality: 'video',
  compare: (original, rendition) => compare(original, rendition, MOVING_LIKENESS_THRESHOLD, MOVING_OPTIONS, movingLikeness),
};

const SOUND_OPTIONS = ['-map', '0:a:0', '-vn', '-ac', '1', '-ar', String(SOUND_RATE_HERTZ), '-f', 'f32le'];
const MOVING_OPTIONS = ['-map', '0:v:0', '-an', '-vf', `fps=${FRAMES_PER_SECOND},scale=64:64:flags=area,format=rgb24`, '-f', 'rawvideo'];

const compare = async (
  original: Rendition,
  rendition: Rendition,
  threshold: number,
  options: readonly string[],
  likeness: (a: Uint8Array, b: Uint8Array) => number,
): ReturnType<SoftMatch['compare']> => {
  const program = await findFfmpeg();
  return withInputFile(original.source, (a) =>
    withInputFile(rendition.source, async (b) => {
      const first = { start: 0, length: FIRST_SECONDS };
      const durations = [(await decode(program, a, options, first)).duration, (await decode(program, b, options, first)).duration] as const;
      if (!isAsLong(...durations)) {
        return { similarity: 0, threshold };
      }
      let similarity = 1;
      for (const stretch of stretchesOf(durations[0] ?? durations[1])) {
        similarity = Math.min(
          similarity,
          likeness((await decode(program, a, options, stretch)).bytes, (await decode(program, b, options, stretch)).bytes),
        );
      }
      return { similarity, threshold };
    }),
  );
};

/** Enough to be told the duration. */
const FIRST_SECONDS = 0.5;

const decode = (program: string, input: string, options: readonly string[], { start, length }: Stretch): ReturnType<typeof runFfmpeg> =>
  runFfmpeg({
    program,
    input,
    inputOptions: ['-ss', start.toFixed(3), '-t', length.toFixed(3)],
    outputOptions: [...options],
    maximumBytes: MAXIMUM_STRETCH_BYTES,
  });

const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
