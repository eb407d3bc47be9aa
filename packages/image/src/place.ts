import { TC260_XMP } from '@aigc-label/core';

/** The key that every vocabulary of these formats writes. */
export const LABEL_KEY: string = TC260_XMP.name;

/** The guide for pictures (spec/labels.md §3.4). */
export const IMAGE_GUIDE: string = 'TC260-PG-20259A, main scheme';
