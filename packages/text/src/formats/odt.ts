import type { Format } from '@aigc-label/core';
import { odfFormat } from '../zip-documents/odf.ts';

/** Text documents of OpenDocument, and their templates. */
export const odt: Format = odfFormat(
  'odt',
  ['application/vnd.oasis.opendocument.text', 'application/vnd.oasis.opendocument.text-template'],
  ['.odt', '.ott'],
);
