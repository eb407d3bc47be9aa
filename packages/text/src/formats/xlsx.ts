import type { Format } from '@aigc-label/core';
import { ooxmlFormat } from '../zip-documents/ooxml.ts';

/** Workbooks of Excel, templates and those with macros included. */
export const xlsx: Format = ooxmlFormat(
  'xlsx',
  [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.template',
    'application/vnd.ms-excel.sheet.macroenabled.12',
    'application/vnd.ms-excel.template.macroenabled.12',
  ],
  ['.xlsx', '.xltx', '.xlsm', '.xltm'],
);
