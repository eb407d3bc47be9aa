// The column "judged by" of docs/formats.md, proved: one file of every format is labelled, and the tools that the table names read the label back.
import { endJudges, exiftoolDump, exiftoolMissing, ffprobe, fixtureBytes, JUDGED_BY, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { FILES, joined } from '../test/format-files.ts';
import { createLabeler, createVerifier } from './index.ts';
import { allFormats } from './parts.ts';

const NUMBER = 'judged-number-1';
const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', ProduceID: NUMBER });
const verifier = createVerifier();

/** No test where the table names no such judge. */
const NOTHING = (): void => {};

afterAll(endJudges);

describe('the table of formats', () => {
  it('has a file, and a judge or none, for every format', () => {
    const ids = allFormats.map(({ id }) => id).sort();
    expect(Object.keys(FILES).sort()).toEqual(ids);
    expect(Object.keys(JUDGED_BY).sort()).toEqual(ids);
  });

  for (const [id, [extension, make]] of Object.entries(FILES)) {
    it(`${id} is written, read and verified as the table says`, async () => {
      const format = allFormats.find((one) => one.id === id);
      const name = `file.${extension}`;
      expect(format?.extensions.some((one) => name.endsWith(one)) || id === 'cmaf').toBe(true);
      const labelled = await labeler.labelBytes(await make(), { name });
      expect(labelled).toMatchObject({ format: id, outcome: 'labelled' });
      if (format?.sidecar !== 'some') {
        expect(labelled.sidecar !== null).toBe(format?.sidecar === 'always');
      }
      const beside = labelled.sidecar === null ? {} : { sidecar: labelled.sidecar };
      expect(await verifier.verifyBytes(labelled.bytes, { name, ...beside })).toMatchObject({
        format: id,
        action: 'generated',
        isConformant: true,
        label: { ProduceID: NUMBER },
      });
    });

    const tools = JUDGED_BY[id] ?? [];
    const itExiftool = tools.includes('exiftool') ? it.skipIf(exiftoolMissing !== undefined) : NOTHING;
    itExiftool(`${id}: exiftool reads the label`, async () => {
      const { bytes } = await labeler.labelBytes(await make(), { name: `file.${extension}` });
      // A segment alone is no file to exiftool: it is read behind its head, as players do.
      const whole = id === 'cmaf' ? joined(fixtureBytes('cmaf/init.m4s'), bytes) : bytes;
      const dump = await withFile(`file.${extension}`, whole, exiftoolDump);
      // In RIFF it names a chunk that it does not know, and shows its bytes on request only.
      const isNamed = Object.keys(dump).some((tag) => tag.endsWith(':Unknown_AIGC'));
      expect(JSON.stringify(dump).includes(NUMBER) || isNamed).toBe(true);
    });
    const itFfprobe = tools.includes('ffprobe') ? it : NOTHING;
    itFfprobe(`${id}: ffprobe reads the label`, async () => {
      const { bytes } = await labeler.labelBytes(await make(), { name: `file.${extension}` });
      const { format, streams } = await withFile(`file.${extension}`, bytes, ffprobe);
      expect(JSON.stringify([format.tags, streams.map(({ tags }) => tags)])).toContain(NUMBER);
    });
  }

  it.skipIf(exiftoolMissing !== undefined)('a sidecar is read by exiftool, too', async () => {
    const { sidecar } = await labeler.labelBytes(await FILES['csv']![1](), { name: 'a.csv' });
    expect(JSON.stringify(await withFile('a.csv.xmp', sidecar!, exiftoolDump))).toContain(NUMBER);
  });
});
