import { basename } from 'node:path';
import { corpusFiles, corpusMissing, endJudges, exiftoolDump, exiftoolMissing, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { type Anomaly, type BytesOutcome, createLabeler, createPropagator, createVerifier, LabelError } from './index.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
const propagator = createPropagator({ ContentPropagator: '001191110000MA0000000H20001' });
const verifier = createVerifier();

/** exiftool's names for our label. */
const OURS = /:(?:Aigc|AIGC|Unknown_AIGC)$/;

/** What must move when bytes move, and what grows by the label: places and sizes that exiftool reports. */
const MOVES = /^QuickTime:(?:Copy\d+:)?MediaData(?:Offset|Size)?$|^MPImage1:Copy1:MPImageLength$|^MPImage2:MPImageStart$|^File:ID3Size$/;

/** The parts of a document that hold its properties, and those that list them. */
const PROPERTY_PARTS = /^(?:docProps\/custom\.xml|\[Content_Types\]\.xml|_rels\/\.rels|meta\.xml)$/;

/** A simple WebP cannot hold XMP: it becomes an extended one, which states its canvas and its flags (labels.md §3.4). */
const EXTENDED_WEBP: ReadonlySet<string> = new Set(['RIFF:Copy1:ImageWidth', 'RIFF:Copy1:ImageHeight', 'RIFF:WebP_Flags']);

/** exiftool numbers handlers in the order in which it meets them, and a label in a movie brings one of its own: compared as a set. */
const HANDLER = /(?:^|:)HandlerType$/;

/** What differs in one file for a reason of its own. */
const OF_ONE_FILE: Readonly<Record<string, RegExp>> = {
  // An update behind a linearised PDF is what ISO 32000-1 7.5.6 has; its first page no longer loads first.
  'c2pa-rs/basic-attachments.pdf': /^PDF:Linearized$/,
  'c2pa-rs/basic.pdf': /^PDF:Linearized$/,
  // exiftool does not look into the XMP of a BigTIFF, and shows our packet as bytes.
  'exiftool/BigTIFF.btf': /^IFD0:ApplicationNotes$/,
  // Positions in the file, which moved: flv.test.ts compares what they point at.
  'exiftool/Flash.flv': /^Flash:.*KeyFramePositions$/,
  // The beginnings of longer files: exiftool guesses from their sizes.
  'exiftool/Vorbis.ogg': /^Composite:Duration$/,
  'exiftool/RIFF.wav': /^Composite:Duration$/,
};

const facts = async (name: string, bytes: Uint8Array): Promise<{ readonly tags: Record<string, unknown>; readonly handlers: readonly unknown[] }> => {
  // A process that has seen the file before prints some of Google's tags differently.
  await endJudges();
  const dump = Object.entries(await withFile(basename(name), bytes, exiftoolDump));
  const parts = new Set(
    dump.filter(([tag, value]) => /ZipFileName$/.test(tag) && PROPERTY_PARTS.test(String(value))).map(([tag]) => tag.replace(/ZipFileName$/, '')),
  );
  const isPropertyPart = (tag: string): boolean => tag.startsWith('ZIP:') && parts.has(tag.replace(/Zip\w+$/, ''));
  // exiftool numbers what has one name in the order in which it meets it, which is no matter.
  const tags = new Map<string, string[]>();
  for (const [tag, value] of dump) {
    const isMoved = MOVES.test(tag) || OF_ONE_FILE[name]?.test(tag) === true || isPropertyPart(tag);
    if (!OURS.test(tag) && !isMoved && !EXTENDED_WEBP.has(tag) && !HANDLER.test(tag)) {
      const base = tag.replace(/:Copy\d+/, '');
      tags.set(base, [...(tags.get(base) ?? []), JSON.stringify(value === 'Extended WEBP' ? 'WEBP' : value)]);
    }
  }
  const handlers = dump.filter(([tag]) => HANDLER.test(tag)).map(([, value]) => value);
  return { tags: Object.fromEntries([...tags].map(([tag, values]) => [tag, values.sort()])), handlers: handlers.sort() };
};

const kindOf = ({ code, site }: Anomaly): string => `${code} ${site}`;

/** How many files of the corpus this version labels: a format that falls silent must be noticed. */
const LABELLED_AT_LEAST = 47;
let labelledCount = 0;

afterAll(endJudges);

describe.skipIf(corpusMissing !== undefined)('every file of the corpus', () => {
  it.each(corpusFiles().map((file) => [file.name, file] as const))(
    '%s is labelled, read back and otherwise unchanged, or refused with a reason',
    async (name, file) => {
      const bytes = file.bytes();
      const before = await verifier.verifyBytes(bytes, { name });
      let labelled: BytesOutcome;
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
      const beside = (sidecar: Uint8Array | null) => (sidecar === null ? {} : { sidecar });
      const after = await verifier.verifyBytes(labelled.bytes, { name, ...beside(labelled.sidecar) });
      expect(after).toMatchObject({ action: 'generated', label: labelled.label });
      expect(after.anomalies.map(kindOf)).toEqual(before.anomalies.map(kindOf));
      const again = await labeler.labelBytes(labelled.bytes, { name, ...beside(labelled.sidecar) });
      expect(again.outcome).toBe('unchanged');
      const spread = await propagator.propagateBytes(labelled.bytes, { name, PropagateID: 'p-1', ...beside(labelled.sidecar) });
      const read = await verifier.verifyBytes(spread.bytes, { name, ...beside(spread.sidecar) });
      expect(read.label).toEqual({ ...labelled.label, ContentPropagator: '001191110000MA0000000H20001', PropagateID: 'p-1', ReservedCode2: '' });
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
