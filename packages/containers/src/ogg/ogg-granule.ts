import { viewOf } from '@aigc-label/core';
import type { OggPage } from './page.ts';

/** The position in time at the end of a page, in the codec's own count; −1 where no packet ends on it (RFC 3533 §6). */
export const oggGranule = ({ header }: Pick<OggPage, 'header'>): bigint => viewOf(header).getBigInt64(6, true);

/** Whether a logical stream ends with a page. */
export const isLastOggPage = ({ header }: Pick<OggPage, 'header'>): boolean => ((header[5] ?? 0) & 4) !== 0;
