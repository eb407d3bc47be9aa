import type { Format } from '@aigc-label/core';
import { tiffContent } from '../content/tiff-content.ts';
import { planTiff } from './plan.ts';
import { surveyTiff } from './survey.ts';

/** How every format with TIFF's structure is read and labelled. */
export const tiffReadAndPlan: Pick<Format, 'read' | 'plan' | 'content'> = {
  read: async (source) => {
    const { slots, anomalies } = await surveyTiff(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planTiff(source, await surveyTiff(source), slot),
  content: tiffContent,
};

/** The place of the label in all of them. */
export const TIFF_PLACE = 'IFD0 tag 0x02BC (700), type 7, TC260:AIGC';
