import { describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import type { Format } from '../ports/format.ts';
import type { ExplicitMark, FoundNotice, NoticeFinder } from '../ports/mark.ts';
import { wholeFile } from '../provenance/whole-file.ts';
import { chinaMeasures2025 } from '../regimes/china.ts';
import { aigcVocabulary } from '../vocabularies/index.ts';
import { type LabelParts, planLabel } from './label.ts';
import { verify } from './verify.ts';

const toy: Format = {
  id: 'toy',
  modality: 'image',
  mediaTypes: ['image/x-toy'],
  extensions: ['.toy'],
  place: { description: 'the end', source: 'here', certainty: 'decision' },
  matches: (head) => head[0] === 7,
  read: async () => ({ found: [], anomalies: [] }),
  plan: async (source, { value }) => [{ at: source.size, remove: 0, insert: new TextEncoder().encode(value) }],
  content: wholeFile,
};
const file = bytesSource(Uint8Array.of(7, 8, 9));
const explicit = { marks: { dots: {} }, modalities: ['image'] as const };
const request = { ContentProducer: 'me' };

const markOf = (apply: ExplicitMark['apply'], isPresent = false): ExplicitMark => ({
  id: 'dots',
  modality: 'image',
  formats: ['toy'],
  isPresent: async () => isPresent,
  apply,
});
const partsOf = (mark: ExplicitMark, format = toy): LabelParts => ({
  formats: [format],
  vocabulary: aigcVocabulary,
  marks: [mark],
  entropy: { nowMillis: () => 1_795_392_000_000, randomBytes: (length) => new Uint8Array(length) },
});

describe('an explicit mark', () => {
  const remarks = [{ code: 'encoded_all', data: { reason: 'codec' } }] as const;

  it('is told how far the caller wants to wait, and tells how far it is and what it did', async () => {
    const controller = new AbortController();
    const shares: number[] = [];
    const mark = markOf(async (_source, _id, _options, call) => {
      call?.onProgress?.(0.5);
      expect(call?.signal).toBe(controller.signal);
      return { kind: 'bytes', bytes: Uint8Array.of(7, 1), remarks };
    });
    const plan = await planLabel(file, request, partsOf(mark), {
      explicit,
      signal: controller.signal,
      onMarkProgress: (share) => shares.push(share),
    });
    expect(plan).toMatchObject({ mark: 'dots', remarks, outcome: 'labelled' });
    expect(shares).toEqual([0.5]);
    await plan.release();
  });

  it('keeps what its content lies in until the plan is released', async () => {
    let released = 0;
    const release = async (): Promise<void> => {
      released += 1;
    };
    const mark = markOf(async () => ({ kind: 'source', source: bytesSource(Uint8Array.of(7, 1)), release }));
    const plan = await planLabel(file, request, partsOf(mark), { explicit });
    expect(released).toBe(0);
    await plan.release();
    expect(released).toBe(1);
  });

  it('gives it back itself where no label can be planned over it', async () => {
    let released = 0;
    const release = async (): Promise<void> => {
      released += 1;
    };
    const mark = markOf(async () => ({ kind: 'source', source: bytesSource(Uint8Array.of(7, 1)), release }));
    const full: Format = { ...toy, plan: async () => Promise.reject(new LabelError('CARRIER_FULL', 'no room')) };
    await expect(planLabel(file, request, partsOf(mark, full), { explicit })).rejects.toMatchObject({ code: 'CARRIER_FULL' });
    expect(released).toBe(1);
  });

  it('in sound and video is not made where nothing will be written, which would take as long', async () => {
    const film = { ...toy, modality: 'video' } as const;
    const mark: ExplicitMark = { ...markOf(async () => expect.fail('made')), modality: 'video' };
    const options = { explicit: { ...explicit, modalities: ['video'] as const }, isDryRun: true };
    expect(await planLabel(file, request, partsOf(mark, film), options)).toMatchObject({ mark: 'dots', outcome: 'labelled' });
    const quick = markOf(async () => ({ kind: 'bytes', bytes: Uint8Array.of(7, 1) }));
    expect((await planLabel(file, request, partsOf(quick), { explicit, isDryRun: true })).source.size).toBe(2);
  });

  it('is not made twice', async () => {
    const plan = await planLabel(file, request, partsOf(markOf(async () => expect.fail('called'), true)), { explicit });
    expect(plan).toMatchObject({ mark: null, remarks: [] });
  });
});

describe('verifying explicit labels', () => {
  const good: FoundNotice = { position: 'top', form: 'badge', text: 'AI生成', measures: { heightRatio: 0.052 } };
  const small: FoundNotice = {
    ...good,
    shortfalls: [{ measure: 'heightRatio', found: 0.03, required: 0.05, clause: 'GB 45438-2025 §5.2' }],
  };
  const finderOf = (find: NoticeFinder['find']): NoticeFinder => ({ formats: ['toy'], isDecoding: true, find });
  const reportOf = async (find: NoticeFinder['find'], search?: { readonly texts?: readonly string[] }) => {
    const parts = { formats: [toy], vocabularies: [aigcVocabulary], regimes: [chinaMeasures2025], noticeFinders: [finderOf(find)] };
    const report = await verify(file, parts, search === undefined ? {} : { explicit: search });
    return { ...report, outcome: report.clauses.flatMap(({ checks }) => checks).find(({ check }) => check === 'explicit-notice')?.outcome };
  };

  it.each([
    ['none is found', [], 'incomplete', 'none'],
    ['one is found', [good], 'pass', 'suspected'],
    ['the only one is measurably too small', [small], 'fail', 'suspected'],
    ['one of two is too small', [small, good], 'pass', 'suspected'],
  ] as const)('where %s', async (_, notices, outcome, action) => {
    expect(await reportOf(async () => notices, {})).toMatchObject({ outcome, action, notices, integrity: 'absent' });
  });

  it('asks what decodes only where the caller wants it, and for the words of the service', async () => {
    expect(await reportOf(async () => expect.fail('asked'))).toMatchObject({ outcome: 'incomplete', notices: null, anomalies: [] });
    expect(await reportOf(async (_source, _id, search) => (search?.texts?.includes('x') ? [good] : []), { texts: ['x'] })).toMatchObject({
      outcome: 'pass',
    });
  });

  it('says of pixels that cannot be decoded that a person must look, and throws where the tool is missing', async () => {
    const damaged = async (): Promise<never> => Promise.reject(new LabelError('FILE_DAMAGED', 'no picture'));
    expect(await reportOf(damaged, {})).toMatchObject({ outcome: 'incomplete', notices: null, anomalies: [{ code: 'damaged', site: 'notice' }] });
    await expect(reportOf(async () => Promise.reject(new LabelError('TOOL_MISSING', 'no ffmpeg')), {})).rejects.toMatchObject({
      code: 'TOOL_MISSING',
    });
  });
});
