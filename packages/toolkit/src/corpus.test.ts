import { basename } from 'node:path';
import { corpusFiles, corpusMissing, endJudges, exiftoolDump, exiftoolMissing, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { createLabeler, createVerifier, LabelError } from './index.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
const verifier = createVerifier();

/** Places and sizes that must move when bytes move, and our own label; a movie's label brings a handler of its own, which renumbers exiftool's copies of the others. */
const MOVES = /AIGC|Aigc|:(?:MediaDataOffset|.*Offset|.*Start|.*Length|.*Size|MovieHeaderVersion|HandlerType)$/i;

afterAll(endJudges);

describe.skipIf(corpusMissing !== undefined)('every file of the corpus', () => {
  it.each(corpusFiles().map((file) => [file.name, file] as const))(
    '%s is labelled, read back and otherwise unchanged, or refused with a reason',
    async (name, file) => {
      const bytes = file.bytes();
      const before = await verifier.verifyBytes(bytes, { name });
      const labelled = await labeler.labelBytes(bytes, { name }).catch((error: unknown) => error);
      if (labelled instanceof LabelError) {
        expect(labelled.message).toMatch(/\.$/);
        expect(before.format === null ? 'FORMAT_UNKNOWN' : labelled.code).toBe(labelled.code);
        return;
      }
      if (labelled instanceof Error) {
        throw labelled;
      }
      const after = await verifier.verifyBytes((labelled as { bytes: Uint8Array }).bytes, { name });
      expect(after).toMatchObject({ action: 'generated', label: (labelled as { label: unknown }).label, anomalies: before.anomalies });
      if (exiftoolMissing === undefined) {
        const dump = (content: Uint8Array) =>
          withFile(basename(name), content, async (path) =>
            Object.fromEntries(Object.entries(await exiftoolDump(path)).filter(([tag]) => !MOVES.test(tag))),
          );
        expect(await dump((labelled as { bytes: Uint8Array }).bytes)).toEqual(await dump(bytes));
      }
    },
  );
});
