import { describe, expect, it } from 'vitest';
import { bare, toy } from '../../test/toy.ts';
import { applySplices, bytesSource } from '../bytes/index.ts';
import { type Label, makeLabel } from '../label/index.ts';
import type { Likeness, SoftMatch } from '../ports/index.ts';
import { chinaMeasures2025 } from '../regimes/index.ts';
import { aigcVocabulary } from '../vocabularies/index.ts';
import {
  confirmLabel,
  type LabelParts,
  type LabelPlan,
  planCarrying,
  planLabel,
  planPropagation,
  planRepair,
  type SidecarKind,
  verify,
} from './index.ts';

const producer = '001191110000MA0000000H10001';
const propagator = '001191110000MA0000000H20001';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const file = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(['TOY', ...lines, ''].join('\n'));

/** A sidecar that is a toy file, with the digest in front: `TOY\n` labels and a line `#digest`. */
const toySidecar: SidecarKind = {
  format: {
    ...toy,
    read: async (source) => {
      const { found } = await toy.read(source);
      return { found: found.filter(({ value }) => !value.startsWith('#')).map((slot) => ({ ...slot, isGuidePlace: true })), anomalies: [] };
    },
    plan: async (source, slot) => {
      const kept = text(await source.read(0, source.size))
        .split('\n')
        .filter((line) => line.startsWith('#'));
      return [{ at: 4, remove: source.size - 4, insert: new TextEncoder().encode([...kept, slot.value, ''].join('\n')) }];
    },
  },
  bind: (sidecar, digest) =>
    file(`#${digest}`, ...(sidecar === undefined ? [] : text(sidecar).split('\n').slice(1)).filter((line) => line !== '' && !line.startsWith('#'))),
  boundTo: (sidecar) => /^#(.*)$/m.exec(text(sidecar))?.[1],
  digestOf: async (source) => `bytes:${text(await source.read(0, source.size)).length}`,
};

const parts: LabelParts = {
  formats: [toy, bare],
  vocabulary: aigcVocabulary,
  marks: [],
  entropy: { nowMillis: () => 1_795_392_000_000, randomBytes: (length) => new Uint8Array(length) },
  sidecar: toySidecar,
  noticeFinders: [],
};
const verifyParts = { formats: parts.formats, vocabularies: [aigcVocabulary], regimes: [chinaMeasures2025], noticeFinders: [], sidecar: toySidecar };
const full = makeLabel({ ContentProducer: producer, ProduceID: 'a', ReservedCode1: 'r1' });
const line = (label: Partial<Label> = {}): string => aigcVocabulary.encode({ ...full, ...label }).value;
const applied = (bytes: Uint8Array, plan: LabelPlan): Uint8Array => applySplices(bytes, plan.splices);

describe('repairing', () => {
  const deviating = `AIGC={"AIGC": {"ContentProducer":"某公司","Label":1,"ProduceID":"a b\\\\c","ReserveCode1":"x y","ReservedCode2":null}}`;

  it('keeps every value, and writes it in the form and place of the guide', async () => {
    const bytes = file('', deviating);
    const plan = await planRepair(bytesSource(bytes), parts);
    expect(plan.label).toEqual({
      Label: '1',
      ContentProducer: '某公司',
      ProduceID: 'a b\\c',
      ReservedCode1: 'x y',
      ContentPropagator: '',
      PropagateID: '',
      ReservedCode2: '',
    });
    const repaired = applied(bytes, plan);
    expect(text(repaired)).toMatch(/^TOY\n\{"Label":"1","ContentProducer":"\\u67d0\\u516c\\u53f8",[ -~]*\}\n$/);
    await confirmLabel(bytesSource(repaired), plan, parts);
    expect((await planRepair(bytesSource(repaired), parts)).outcome).toBe('unchanged');
    const { findings } = await verify(bytesSource(repaired), verifyParts);
    // What a repair may not touch remains to be seen: the values themselves.
    expect([...new Set(findings[0]?.deviations.map(({ code }) => code))]).toEqual(['charset']);
  });

  it.each([
    ['nothing', file(), 'NOTHING_TO_REPAIR'],
    ['what cannot be read', file('{'), 'LABEL_AMBIGUOUS'],
    ['what contradicts itself', file(line(), line({ Label: '3' })), 'LABEL_AMBIGUOUS'],
  ])('refuses %s', async (_, bytes, code) => {
    await expect(planRepair(bytesSource(bytes), parts)).rejects.toMatchObject({ code });
  });
});

describe('propagating (Measures Art. 6)', () => {
  const propagate = (bytes: Uint8Array, request: Partial<Parameters<typeof planPropagation>[1]> = {}) =>
    planPropagation(bytesSource(bytes), { ContentPropagator: propagator, ...request }, parts);

  it('keeps the first fields and ReservedCode1 byte for byte, and replaces the last three', async () => {
    const { label, outcome } = await propagate(file(line({ ReservedCode2: 'old' })), { PropagateID: 'p1', ReservedCode2: 'new' });
    expect(outcome).toBe('updated');
    expect(label).toEqual({ ...full, ContentPropagator: propagator, PropagateID: 'p1', ReservedCode2: 'new' });
    // A fresh number, and nothing of the one before.
    expect((await propagate(file(line({ ReservedCode2: 'old' })))).label).toMatchObject({ ReservedCode2: '' });
    expect((await propagate(file(line()))).label.PropagateID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('does so once: the same platform again changes nothing', async () => {
    const first = await propagate(file(line()));
    const again = await propagate(applied(file(line()), first));
    expect(again).toMatchObject({ outcome: 'unchanged', label: first.label });
  });

  it.each([
    ['label 1', '1', {}, '1'],
    ['label 1, declared', '1', { isDeclared: true }, '1'],
    ['label 2', '2', {}, '2'],
    ['label 3', '3', {}, '3'],
    ['label 3, declared', '3', { isDeclared: true }, '2'],
    ['label 2, suspected', '2', { isSuspected: true }, '2'],
  ] as const)('%s gives the right Label', async (_, present, request, expected) => {
    expect((await propagate(file(line({ Label: present })), request)).label.Label).toBe(expected);
  });

  it.each([
    ['a declaration', { isDeclared: true }, [], '2', 'possible'],
    ["the platform's own suspicion", { isSuspected: true }, [], '3', 'suspected'],
    ['a notice in the content', {}, [{ position: 'start', form: 'text', text: 'AI生成' }], '3', 'suspected'],
  ] as const)('names no producer where there is but %s, and such a label is conformant', async (_, request, notices, value, action) => {
    const finding = { ...parts, noticeFinders: [{ formats: ['toy'], find: async () => notices }] };
    const plan = await planPropagation(bytesSource(file()), { ContentPropagator: propagator, ...request }, finding);
    expect(plan.label).toMatchObject({ Label: value, ContentProducer: '', ProduceID: '', ContentPropagator: propagator });
    expect(await verify(bytesSource(applied(file(), plan)), verifyParts)).toMatchObject({ action, isConformant: true });
  });

  it.each([
    ['nothing', file(), {}, 'NOTHING_TO_PROPAGATE'],
    ['what cannot be read', file('{'), {}, 'LABEL_AMBIGUOUS'],
    ['no name of its own', file(line()), { ContentPropagator: '' }, 'LABEL_INVALID'],
    ['a name in Chinese', file(line()), { ContentPropagator: '平台' }, 'LABEL_INVALID'],
  ] as const)('refuses %s', async (_, bytes, request, code) => {
    await expect(propagate(bytes, request)).rejects.toMatchObject({ code });
  });
});

describe('carrying', () => {
  const match = (likeness: Likeness): SoftMatch => ({ id: 'toy', modality: 'text', compare: async () => likeness });
  const carry = (rendition: Uint8Array, original: Uint8Array, similarity = 1) =>
    planCarrying(bytesSource(rendition), { source: bytesSource(original) }, { ...parts, softMatches: [match({ similarity, threshold: 0.9 })] });

  it('puts the label of the original into the rendition, as it was', async () => {
    const plan = await carry(file(), file(line()));
    expect(plan).toMatchObject({ outcome: 'labelled', label: full, likeness: { similarity: 1, threshold: 0.9, method: 'toy' } });
    expect(await carry(applied(file(), plan), file(line()))).toMatchObject({ outcome: 'unchanged' });
  });

  it.each([
    ['other content', file(), file(line()), 0.89, 'OTHER_CONTENT'],
    ['what cannot be compared', file(), file(line()), Number.NaN, 'OTHER_CONTENT'],
    ['an original without label', file(), file(), 1, 'NOTHING_TO_CARRY'],
    ['a rendition with another label', file(line({ ProduceID: 'b' })), file(line()), 1, 'LABEL_DISAGREES'],
    ['labels that contradict each other', file(), file(line(), line({ Label: '2' })), 1, 'LABEL_AMBIGUOUS'],
  ] as const)('refuses %s', async (_, rendition, original, similarity, code) => {
    await expect(carry(rendition, original, similarity)).rejects.toMatchObject({ code });
  });

  it('refuses where nobody can tell', async () => {
    const none = planCarrying(bytesSource(file()), { source: bytesSource(file(line())) }, { ...parts, softMatches: [] });
    await expect(none).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });
});

describe('a sidecar', () => {
  const content = new TextEncoder().encode('BARE\nwords\n');
  const label = (bytes: Uint8Array, sidecar?: Uint8Array, request: Parameters<typeof planLabel>[1] = { ContentProducer: producer }) =>
    planLabel(bytesSource(bytes), request, parts, sidecar === undefined ? {} : { sidecar: async () => sidecar });
  const report = (bytes: Uint8Array, sidecar?: Uint8Array) =>
    verify(bytesSource(bytes), verifyParts, sidecar === undefined ? {} : { sidecar: async () => sidecar });

  it('carries the label of a file that cannot, and is confirmed with it', async () => {
    const plan = await label(content);
    expect(plan).toMatchObject({ outcome: 'labelled', splices: [] });
    await confirmLabel(bytesSource(content), plan, parts);
    expect(await report(content, plan.sidecar!)).toMatchObject({ action: 'generated', integrity: 'unsigned', isConformant: true });
    expect(await report(content)).toMatchObject({ integrity: 'absent' });
    expect((await label(content, plan.sidecar!)).outcome).toBe('unchanged');
  });

  it('says nothing of other content, but is a trace', async () => {
    const { sidecar } = await label(content);
    const other = new TextEncoder().encode('BARE\nother words\n');
    expect(await report(other, sidecar!)).toMatchObject({ action: 'suspected', integrity: 'absent', anomalies: [{ code: 'foreign_sidecar' }] });
    await expect(confirmLabel(bytesSource(other), { ...(await label(content)) }, parts)).rejects.toMatchObject({ code: 'LABEL_NOT_READ_BACK' });
  });

  it('counts without a digest, but stands not as we write it', async () => {
    expect((await report(content, file(line()))).findings).toMatchObject([{ isGuidePlace: false, label: full }]);
    await expect(label(content, file(line({ ContentProducer: 'another' })))).rejects.toMatchObject({ code: 'LABEL_DISAGREES' });
  });

  it('does not double a label that stands inside', async () => {
    const inside = new TextEncoder().encode(`BARE\nAIGC ${line()}\n`);
    expect(await label(inside)).toMatchObject({ outcome: 'unchanged', sidecar: null, splices: [] });
    await expect(label(inside, undefined, { ...full, ReservedCode1: 'other' })).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('is not asked where a label stands inside', async () => {
    const inside = new TextEncoder().encode(`BARE\nAIGC ${line()}\n`);
    const left = file(line({ ContentProducer: 'another' }));
    expect((await report(inside, left)).findings).toMatchObject([{ label: full }]);
    expect(await label(inside, left)).toMatchObject({ outcome: 'unchanged', sidecar: null });
  });

  it('is refused where nobody can write one', async () => {
    const { sidecar: _, ...without } = parts;
    await expect(planLabel(bytesSource(content), { ContentProducer: producer }, without)).rejects.toMatchObject({ code: 'NO_PLACE_INSIDE' });
  });
});
