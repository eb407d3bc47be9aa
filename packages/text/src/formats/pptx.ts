import type { Format } from '@aigc-label/core';
import { ooxmlFormat } from '../zip-documents/ooxml.ts';

/** Presentations of PowerPoint, templates, shows and those with macros included. */
export const pptx: Format = ooxmlFormat(
  'pptx',
  [
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.openxmlformats-officedocument.presentationml.template',
    'application/vnd.openxmlformats-officedocument.presentationml.slideshow',
    'application/vnd.ms-powerpoint.presentation.macroenabled.12',
    'application/vnd.ms-powerpoint.slideshow.macroenabled.12',
    'application/vnd.ms-powerpoint.template.macroenabled.12',
  ],
  ['.pptx', '.potx', '.ppsx', '.pptm', '.ppsm', '.potm'],
);
