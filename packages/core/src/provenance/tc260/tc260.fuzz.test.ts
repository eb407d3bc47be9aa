import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeLabel } from '../../label/index.ts';
import { noTrust } from '../trust-list.ts';
import { tc260Profile } from './tc260-profile.ts';

const OIDS = ['1.2.156.10197.1.501', '1.2.840.113549.1.1.11', '1.2.3', ''];
const NAMES = ['DS', 'PubKey', 'Md', 'Bnd', 'LabelMataData', 'Content', 'Hash', 'png-1', 'TC260PG', '__proto__', 'constructor'];
const hex = fc.oneof(
  fc.constantFrom('00', '04', '30', `04${'0'.repeat(128)}`, 'f'.repeat(128), '1'.repeat(64), `30440220${'1'.repeat(64)}0220${'1'.repeat(64)}`),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), maxLength: 200 }),
);
const leaf = fc.oneof(
  hex,
  fc.constantFrom(...OIDS, ...NAMES),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
);
const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(fc.constantFrom('Type', ...NAMES), leaf, { maxKeys: 3 }));
const entry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record(
      { Type: fc.constantFrom('DS', 'PubKey'), AlgID: fc.constantFrom(...OIDS), KeyID: leaf, TBSData: value, Signature: hex, KeyValue: hex },
      { requiredKeys: ['Type', 'AlgID'] },
    ),
  },
  { weight: 1, arbitrary: value },
);
const binding = fc.record({ Type: leaf, AlgID: leaf, CntSel: leaf, Value: leaf, Excerpts: leaf, Time: leaf, Md: leaf }, { requiredKeys: [] });
const body = fc.record(
  {
    Type: fc.constantFrom('TC260PG', ' TC260PG', 'OTHER', 1),
    Version: fc.constantFrom(1, '1', 2, null),
    PubSD: fc.array(entry, { maxLength: 5 }),
    Bindings: fc.array(binding, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

it('answers whatever stands in a ReservedCode, and never believes it', async () => {
  const code = fc.oneof(
    { weight: 6, arbitrary: body.map((data) => JSON.stringify({ SecurityData: data })) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => `{"SecurityData":${text}`) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 12 }).map((text) => `{"SecurityData":${text}}`) },
  );
  const name = fc.string({ unit: 'binary', maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(code, name, fc.constantFrom('producer', 'propagator'), async (text, ProduceID, role) => {
      const label = { ...makeLabel({ ContentProducer: 'x', ProduceID: 'y' }), ProduceID, ReservedCode1: text, ReservedCode2: text };
      const finding = await tc260Profile.verify(label, role as 'producer', noTrust);
      expect(finding?.isIntact ?? null).not.toBe(true);
      expect([undefined, 'unknown_key', 'invalid', 'malformed']).toContain(finding?.state);
    }),
    { numRuns: 200, seed: 260 },
  );
});
