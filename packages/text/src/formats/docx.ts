import type { Format } from '@aigc-label/core';
import { ooxmlFormat } from '../zip-documents/ooxml.ts';

/** Documents of Word, templates and those with macros included. */
export const docx: Format = ooxmlFormat(
  'docx',
  [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.template',
    'application/vnd.ms-word.document.macroenabled.12',
    'application/vnd.ms-word.template.macroenabled.12',
  ],
  ['.docx', '.dotx', '.docm', '.dotm'],
);
