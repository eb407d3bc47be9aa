import { aigcVocabulary, applySplices, bytesSource, planLabel, utf8, verify } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { atlantisAct } from './atlantis.ts';
import { poem } from './poem.ts';

const parts = { formats: [poem], vocabularies: [aigcVocabulary], regimes: [atlantisAct], noticeFinders: [] };
const unlabelled = utf8('POEM/1\n\n床前明月光\n');

describe('an invented law on an invented format', () => {
  it('is answered clause by clause', async () => {
    const plan = await planLabel(
      bytesSource(unlabelled),
      { ContentProducer: 'neptune' },
      { ...parts, vocabulary: aigcVocabulary, marks: [], entropy: { nowMillis: () => 0, randomBytes: (length) => new Uint8Array(length) } },
    );
    const outcomes = async (bytes: Uint8Array) => (await verify(bytesSource(bytes), parts)).clauses.map(({ clause, outcome }) => [clause, outcome]);
    expect(await outcomes(unlabelled)).toEqual([
      ['Atlantis/3', 'fail'],
      ['Atlantis/7', 'incomplete'],
    ]);
    expect(await outcomes(applySplices(unlabelled, plan.splices))).toEqual([
      ['Atlantis/3', 'pass'],
      ['Atlantis/7', 'incomplete'],
    ]);
  });
});
