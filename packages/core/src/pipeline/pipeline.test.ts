import { describe, expect, it } from 'vitest';
import { toy } from '../../test/toy.ts';
import { applySplices, bytesSource } from '../bytes/index.ts';
import type { Format } from '../ports/index.ts';
import { chinaMeasures2025 } from '../regimes/index.ts';
import { aigcVocabulary } from '../vocabularies/index.ts';
import { confirmLabel, type LabelParts, planLabel, verify } from './index.ts';

const producer = '001191110000MA0000000H10001';
const parts: LabelParts = {
  formats: [toy],
  vocabulary: aigcVocabulary,
  marks: [],
  entropy: { nowMillis: () => 1_795_392_000_000, randomBytes: (length) => new Uint8Array(length) },
};
const verifyParts = { formats: [toy], vocabularies: [aigcVocabulary], regimes: [chinaMeasures2025], noticeFinders: [] };
const file = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(['TOY', ...lines, ''].join('\n'));
const labelled = async (bytes: Uint8Array, request: Parameters<typeof planLabel>[1]): Promise<Uint8Array> =>
  applySplices(bytes, (await planLabel(bytesSource(bytes), request, parts)).splices);
const report = (bytes: Uint8Array, isDeclared = false) => verify(bytesSource(bytes), verifyParts, { isDeclared });

describe('labelling', () => {
  it('labels once, changes nothing the second time, and updates what its own producer asks for', async () => {
    const once = await labelled(file(), { ContentProducer: producer });
    const again = await planLabel(bytesSource(once), { ContentProducer: producer }, parts);
    expect(again).toMatchObject({ outcome: 'unchanged', splices: [] });
    const updated = await planLabel(bytesSource(once), { ContentProducer: producer, ReservedCode1: 'proof' }, parts);
    expect(updated).toMatchObject({ outcome: 'updated', label: { ...again.label, ReservedCode1: 'proof' } });
    await confirmLabel(bytesSource(applySplices(once, updated.splices)), updated, parts);
  });

  it.each([
    ['another producer', { ContentProducer: 'somebody-else' }, 'LABEL_DISAGREES'],
    ['another ProduceID', { ContentProducer: producer, ProduceID: 'another' }, 'LABEL_DISAGREES'],
  ])('refuses to replace the label of %s', async (_, request, code) => {
    const once = await labelled(file(), { ContentProducer: producer });
    await expect(planLabel(bytesSource(once), request, parts)).rejects.toMatchObject({ code });
  });

  it('refuses where the labels contradict each other or cannot be read', async () => {
    const once = new TextDecoder().decode(await labelled(file(), { ContentProducer: producer })).split('\n')[1]!;
    for (const lines of [[once, once.replace('"1"', '"2"')], ['{"Label":'], [once, 'garbage']]) {
      await expect(planLabel(bytesSource(file(...lines)), { ContentProducer: producer }, parts)).rejects.toMatchObject({ code: 'LABEL_AMBIGUOUS' });
    }
  });

  it('brings equal copies down to one (GB 45438-2025 6.1 c)', async () => {
    const once = new TextDecoder().decode(await labelled(file(), { ContentProducer: producer })).split('\n')[1]!;
    const plan = await planLabel(bytesSource(file(once, once)), { ContentProducer: producer }, parts);
    expect(plan.outcome).toBe('updated');
    await confirmLabel(bytesSource(applySplices(file(once, once), plan.splices)), plan, parts);
  });

  it('refuses an empty file and an unknown one', async () => {
    await expect(planLabel(bytesSource(new Uint8Array()), { ContentProducer: producer }, parts)).rejects.toMatchObject({ code: 'FILE_EMPTY' });
    await expect(planLabel(bytesSource(Uint8Array.of(1, 2, 3)), { ContentProducer: producer }, parts)).rejects.toMatchObject({
      code: 'FORMAT_UNKNOWN',
    });
  });

  it('throws away a file from which the label cannot be read back', async () => {
    const plan = await planLabel(bytesSource(file()), { ContentProducer: producer }, parts);
    await expect(confirmLabel(bytesSource(file()), plan, parts)).rejects.toMatchObject({ code: 'LABEL_NOT_READ_BACK' });
  });
});

describe('verifying', () => {
  const label = (value: '1' | '2' | '3') =>
    aigcVocabulary.encode({
      Label: value,
      ContentProducer: producer,
      ProduceID: 'a',
      ReservedCode1: '',
      ContentPropagator: producer,
      PropagateID: 'a',
      ReservedCode2: '',
    }).value;

  it.each([
    ['1', 'generated'],
    ['2', 'possible'],
    ['3', 'suspected'],
  ] as const)('Label %s means %s', async (value, action) => {
    expect(await report(file(label(value)))).toMatchObject({ action, integrity: 'unsigned', isConformant: true, label: { Label: value } });
  });

  it.each([
    ['nothing', file(), { action: 'none', integrity: 'absent', isConformant: false, label: null }],
    ['labels that disagree', file(label('1'), label('3')), { action: 'suspected', integrity: 'ambiguous', isConformant: false, label: null }],
    ['a label and a broken one', file(label('1'), '{'), { action: 'suspected', integrity: 'ambiguous', label: null }],
    ['a broken label', file('{'), { action: 'suspected', integrity: 'malformed', label: null }],
    ['an unknown kind', Uint8Array.of(1, 2, 3), { action: 'none', integrity: 'unsupported', format: null }],
    ['an empty file', new Uint8Array(), { action: 'none', integrity: 'malformed' }],
    ['what a reader trips over', file('!trap'), { action: 'none', integrity: 'malformed', anomalies: [{ code: 'damaged' }] }],
    ['what is encrypted', file('!new'), { action: 'none', integrity: 'unsupported' }],
  ])('answers %s with a verdict', async (_, bytes, expected) => {
    expect(await report(bytes)).toMatchObject(expected);
  });

  it.each([
    ['truncated', 'malformed', 'incomplete'],
    ['damaged', 'malformed', 'incomplete'],
    ['undecodable', 'malformed', 'incomplete'],
    ['limit', 'unsupported', 'incomplete'],
    ['checksum', 'absent', 'fail'],
    ['trailing_data', 'absent', 'fail'],
    ['duplicate_structure', 'absent', 'fail'],
  ] as const)('says of a file without a label, of which something is %s, that it is %s', async (code, integrity, outcome) => {
    const read: Format['read'] = async () => ({ found: [], anomalies: [{ code, site: 'toy', detail: 'x' }] });
    const { clauses, ...verdict } = await verify(bytesSource(file()), { ...verifyParts, formats: [{ ...toy, read }] });
    expect(verdict).toMatchObject({ integrity, action: 'none' });
    expect(clauses.flatMap(({ checks }) => checks).find(({ check }) => check === 'label-present')).toMatchObject({ outcome });
  });

  it('takes the user at their word where nothing is found (Art. 6 item 2)', async () => {
    expect(await report(file(), true)).toMatchObject({ action: 'possible', integrity: 'absent' });
    expect(await report(file(label('1')), true)).toMatchObject({ action: 'generated' });
  });

  it('does not blame the file when the disk fails', async () => {
    await expect(report(file('!gone'))).rejects.toMatchObject({ code: 'IO_FAILED' });
  });

  it('answers with a verdict where looking for notices fails, too', async () => {
    const find = async () => {
      throw new RangeError('a defect of the finder');
    };
    const parts = { ...verifyParts, noticeFinders: [{ formats: ['toy'], find }] };
    expect(await verify(bytesSource(file(label('1'))), parts)).toMatchObject({
      action: 'generated',
      notices: null,
      anomalies: [{ code: 'damaged', site: 'notice' }],
    });
  });

  it('lists no more than a hundred labels, says that there are more, and judges them all', async () => {
    const { findings, anomalies, integrity } = await report(file(...Array.from({ length: 250 }, (_, index) => label(index === 249 ? '1' : '3'))));
    expect(findings).toHaveLength(100);
    expect(integrity).toBe('ambiguous');
    expect(anomalies).toEqual([{ code: 'limit', site: 'report', detail: '150 more labels and anomalies are not listed' }]);
  });

  it('names the clause that a wrong check digit offends', async () => {
    const { clauses, isConformant } = await report(file(label('1').replaceAll('H10001', 'G10001')));
    expect(clauses.find(({ clause }) => clause === 'TC260-PG-20252A')?.outcome).toBe('fail');
    expect(isConformant).toBe(false);
  });

  it('is the same to the byte each time', async () => {
    expect(JSON.stringify(await report(file(label('1'))))).toBe(JSON.stringify(await report(file(label('1')))));
  });
});
