import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@aigc-label/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from './labeler.ts';
import { createPropagator } from './propagator.ts';
import { traceFile, traceIdentifier } from './trace.ts';

const producer = '001191110000MA0000000H10001';
const platform = '001191110000MA0000000H20000';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-trace-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('tracing', async () => {
  const own = await testKey([producer]);
  const spreader = await testKey([platform]);
  const trust = await trustIn(own.trusted, spreader.trusted);
  const bytes = new Uint8Array(await readFile(new URL('../../../samples/song.mp3', import.meta.url)));
  const story = async () => {
    const records = memoryStore();
    const labeler = createLabeler({ ContentProducer: producer, signer: own.signer, records, model: 'demo-1' });
    const { bytes: labelled, label } = await labeler.labelBytes(bytes);
    const propagator = createPropagator({ ContentPropagator: platform, signer: spreader.signer, records });
    const { bytes: spread, label: final } = await propagator.propagateBytes(labelled);
    const path = join(folder, 'song.mp3');
    await writeFile(path, spread);
    return { records, label, final, path, labelled };
  };

  it('tells the whole story of a file', async () => {
    const { records, label, path } = await story();
    expect(await traceFile(path, { records, trust })).toMatchObject({
      certainty: 'verified',
      report: { integrity: 'verified' },
      records: [{ producer, produceId: label.ProduceID, model: 'demo-1', status: 'published', isThisContent: true, signature: { state: 'valid' } }],
      propagations: [{ propagator: platform, signature: { state: 'valid' } }],
    });
    expect(await traceFile(path, { records })).toMatchObject({ certainty: 'recorded' });
  });

  it('tells it of either number alone', async () => {
    const { records, label, final } = await story();
    for (const identifier of [label.ProduceID, final.PropagateID]) {
      expect(await traceIdentifier(identifier, { records, trust })).toMatchObject({
        certainty: 'signed',
        report: null,
        records: [{ isThisContent: null }],
        propagations: [{}],
      });
    }
    expect(await traceIdentifier('unknown', { records, trust })).toMatchObject({ certainty: 'nothing', records: [] });
  });

  it('knows a file that has lost its label, and one that was changed', async () => {
    const { records, path, labelled } = await story();
    await writeFile(path, bytes);
    expect(await traceFile(path, { records, trust })).toMatchObject({ certainty: 'signed', records: [{ isThisContent: true }] });
    const changed = labelled.slice();
    changed[labelled.length - 2000] = (changed[labelled.length - 2000] as number) ^ 1;
    await writeFile(path, changed);
    expect(await traceFile(path, { records, trust })).toMatchObject({ certainty: 'signed', records: [{ isThisContent: false }] });
  });
});
