// JSON Lines: every line is a record, and one more would be a record more (docs/decisions/0020).
import { type Format, noPlaceInside, wholeFile } from '@aigc-label/core';
import { readLineLabels } from '../line-labels.ts';
import { textKindOf } from '../text-kind.ts';

/** JSON Lines: the label goes into a sidecar; a line that is a label and nothing else is read. */
export const jsonl: Format = {
  id: 'jsonl',
  modality: 'text',
  mediaTypes: ['application/jsonl', 'application/x-ndjson', 'application/x-jsonlines'],
  extensions: ['.jsonl', '.ndjson'],
  place: { description: 'a sidecar', source: 'docs/decisions/0020', certainty: 'decision' },
  sidecar: 'always',
  textual: true,
  matches: (head) => textKindOf(head) === 'jsonl',
  read: (source) => readLineLabels(source, 'jsonl', (line) => line),
  async plan() {
    throw noPlaceInside('jsonl', 'every line is a record, and a line more would be a record more');
  },
  content: wholeFile,
};
