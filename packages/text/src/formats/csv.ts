// RFC 4180: lines of fields, no metadata and no comments (docs/decisions/0020).
import { type Format, noPlaceInside, wholeFile } from '@aigc-label/core';
import { readLineLabels } from '../line-labels.ts';
import { textKindOf } from '../text-kind.ts';

/** Tables as text, separated by commas, semicolons or tabs: the label goes into a sidecar; a line that is a label and nothing else is read. */
export const csv: Format = {
  id: 'csv',
  modality: 'text',
  mediaTypes: ['text/csv', 'text/tab-separated-values'],
  extensions: ['.csv', '.tsv'],
  place: { description: 'a sidecar', source: 'docs/decisions/0020', certainty: 'decision' },
  sidecar: 'always',
  textual: true,
  matches: (head) => textKindOf(head) === 'csv',
  read: (source) => readLineLabels(source, 'csv', labelOf),
  async plan() {
    throw noPlaceInside('csv', 'a table as text has no metadata, and a line more would be a row more');
  },
  content: wholeFile,
};

/** Takes off a comment sign, empty fields behind, and the quotes of RFC 4180 §2.7, in which a quote is written twice. */
const labelOf = (line: string): string | undefined => {
  const bare = line.replace(/^#\s{0,8}/, '').replace(/[,;\t]{1,256}$/, '');
  return bare.length > 2 && bare.startsWith('"') && bare.endsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
};
