import type { Format } from '@aigc-label/core';
import { odfFormat } from '../zip-documents/odf.ts';

/** Presentations of OpenDocument, and their templates. */
export const odp: Format = odfFormat(
  'odp',
  ['application/vnd.oasis.opendocument.presentation', 'application/vnd.oasis.opendocument.presentation-template'],
  ['.odp', '.otp'],
);
