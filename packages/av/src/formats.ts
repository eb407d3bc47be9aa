import type { Format } from '@aigc-label/core';
import { mp3 } from './mp3.ts';
import { m4a, mov, mp4 } from './mp4.ts';
import { wav } from './wav.ts';

/** Audio and video formats; for any head at most one of them matches. */
export const avFormats: readonly Format[] = [mp4, mov, m4a, mp3, wav];
