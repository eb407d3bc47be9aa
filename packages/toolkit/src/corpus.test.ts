import { basename } from 'node:path';
import { corpusFiles, corpusMissing, endJudges, exiftoolDump, exiftoolMissing, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { createLabeler, createVerifier, LabelError, type LabelOutcome } from './index.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
const verifier = createVerifier();

/** exiftool's names for our label. */
const OURS = /:(?:Aigc|AIGC|Unknown_AIGC)$/;

/** What must move when bytes move: places and sizes that exiftool reports, each by its full name. */
const MOVES: ReadonlySet<string> = new Set(['QuickTime:MediaDataOffset', 'MPImage1:Copy1:MPImageLength', 'MPImage2:MPImageStart', 'File:ID3Size']);

/** A simple WebP cannot hold XMP: it becomes an extended one, which states its canvas and its flags (labels.md §3.4). */
const EXTENDED_WEBP: ReadonlySet<string> = new Set(['RIFF:Copy1:ImageWidth', 'RIFF:Copy1:ImageHeight', 'RIFF:WebP_Flags']);

/** exiftool numbers handlers in the order in which it meets them, and a label in a movie brings one of its own: compared as a set. */
const HANDLER = /(?:^|:)HandlerType$/;

const facts = async (name: string, bytes: Uint8Array): Promise<{ readonly tags: Record<string, unknown>; readonly handlers: readonly unknown[] }> => {
  // A process that has seen the file before prints some of Google's tags differently.
  await endJudges();
  const dump = Object.entries(await withFile(basename(name), bytes, exiftoolDump));
  const tags = dump
    .filter(([tag]) => !OURS.test(tag) && !MOVES.has(tag) && !EXTENDED_WEBP.has(tag) && !HANDLER.test(tag))
    .map(([tag, value]) => [tag, value === 'Extended WEBP' ? 'WEBP' : value]);
  const handlers = dump.filter(([tag]) => HANDLER.test(tag)).map(([, value]) => value);
  return { tags: Object.fromEntries(tags), handlers: handlers.sort() };
};

/** How many files of the corpus this version labels: a format that falls silent must be noticed. */
const LABELLED_AT_LEAST = 24;
let labelledCount = 0;

afterAll(endJudges);

describe.skipIf(corpusMissing !== undefined)('every file of the corpus', () => {
  it.each(corpusFiles().map((file) => [file.name, file] as const))(
    '%s is labelled, read back and otherwise unchanged, or refused with a reason',
    async (name, file) => {
      const bytes = file.bytes();
      const before = await verifier.verifyBytes(bytes, { name });
      let labelled: LabelOutcome & { readonly bytes: Uint8Array };
      try {
        labelled = await labeler.labelBytes(bytes, { name });
      } catch (error) {
        if (!(error instanceof LabelError)) {
          throw error;
        }
        expect(error.message).toMatch(/\.$/);
        expect(error.code === 'FORMAT_UNKNOWN').toBe(before.format === null);
        return;
      }
      labelledCount += 1;
      const after = await verifier.verifyBytes(labelled.bytes, { name });
      expect(after).toMatchObject({ action: 'generated', label: labelled.label, anomalies: before.anomalies });
      if (exiftoolMissing === undefined) {
        const [original, written] = [await facts(name, bytes), await facts(name, labelled.bytes)];
        expect(written.tags).toEqual(original.tags);
        const added = ['mp4', 'mov', 'm4a'].includes(labelled.format) ? ['mdta'] : [];
        expect(written.handlers).toEqual([...original.handlers, ...added].sort());
      }
    },
  );

  it('was mostly labelled, not mostly refused', () => {
    expect(labelledCount).toBeGreaterThanOrEqual(LABELLED_AT_LEAST);
  });
});
