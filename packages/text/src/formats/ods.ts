import type { Format } from '@aigc-label/core';
import { odfFormat } from '../zip-documents/odf.ts';

/** Spreadsheets of OpenDocument, and their templates. */
export const ods: Format = odfFormat(
  'ods',
  ['application/vnd.oasis.opendocument.spreadsheet', 'application/vnd.oasis.opendocument.spreadsheet-template'],
  ['.ods', '.ots'],
);
