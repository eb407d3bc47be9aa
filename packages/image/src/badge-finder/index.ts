import type { NoticeFinder } from '@aigc-label/core';
import { BADGE_FORMATS } from '../badge/badge-formats.ts';

/** Finds badges on pictures. */
export const badgeFinder: NoticeFinder = { formats: BADGE_FORMATS, isDecoding: true, find: async () => [] };
