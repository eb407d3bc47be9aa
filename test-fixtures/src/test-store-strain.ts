import { expect, it } from 'vitest';
import { hashOf, sampleRecord } from './sample-record.ts';
import type { TestStores } from './test-store.ts';

/** Texts that are one character away from harm. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  `'"; DROP TABLE record; --`,
  '$1 %s ? ?1 :a @b \\ \\x00 \\0000',
  'a\u0000b',
  'a',
  '\u0000',
  '\uD800',
  '\uD801',
  '\uDC00\uD800',
  '\uFFFD',
  '𠀀',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '漢字 ‮bidi‬ \u200B',
  'e\u0301',
  'é',
  '{"a":[1]}',
  '{a,b}',
  'NULL',
  'x'.repeat(10_000),
  `${'x'.repeat(9_999)}y`,
  '\uD800'.repeat(10_000),
];

/** Many at once, and hostile values. */
export const testStoreUnderStrain = ({ open }: TestStores): void => {
  it('prepares 100 records at once, and the same again', async () => {
    const store = await open();
    const records = Array.from({ length: 100 }, (_, index) => sampleRecord(`p${index}`));
    expect(new Set(await Promise.all(records.map((record) => store.prepare(record))))).toEqual(new Set(['new']));
    expect(new Set(await Promise.all(records.map((record) => store.prepare(record))))).toEqual(new Set(['known']));
    await Promise.all(records.map((record) => store.publish(record, record.contentHash, { hash: hashOf('f'), sizeBytes: 1 })));
    for (const record of records) {
      expect(await store.find(record)).toMatchObject([{ ...record, status: 'published' }]);
    }
  });

  it('says new once where one record comes many times at once', async () => {
    const store = await open();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.prepare(sampleRecord('same'))));
    expect(outcomes.filter((outcome) => outcome === 'new')).toHaveLength(1);
  });

  it('lets two connections prepare the same records at once', async () => {
    const [one, two] = [await open(), await open()];
    const records = Array.from({ length: 60 }, (_, index) => sampleRecord(`p${index}`));
    await one.find(records[0]!);
    const outcomes = await Promise.all([
      ...records.map((record) => one.prepare(record)),
      ...records.toReversed().map((record) => two.prepare({ ...record })),
    ]);
    expect(outcomes.every((outcome) => outcome === 'new' || outcome === 'known')).toBe(true);
  });

  it('gives back and tells apart whatever stands in a text', async () => {
    const store = await open();
    for (const [index, text] of HOSTILE_TEXTS.entries()) {
      const changes = {
        producer: text,
        produceId: text,
        reservedCode: text,
        labelValue: text,
        contentMethod: text,
        format: text,
        mediaType: text,
        tool: text,
      };
      const record = sampleRecord(`hostile ${index}`, undefined, { ...changes, keyId: text, algorithm: text });
      expect(await store.find(record)).toEqual([]);
      expect(await store.prepare(record)).toBe('new');
      const [found] = await store.find(record);
      expect(found).toMatchObject(record);
      expect(await store.findByContent(text, record.contentHash)).toEqual([found]);
      expect(await store.findByIdentifier(text)).toEqual([found]);
      expect(await store.findByFile(text)).toEqual([]);
      expect(await store.findByContent(text, text)).toEqual([]);
      const propagation = { producer: text, produceId: text, propagator: text, propagateId: `p${text}`, reservedCode: text, atMillis: index };
      await store.addPropagation(propagation);
      expect(await store.propagationsOf(record)).toEqual([propagation]);
      const recipient = { producer: text, produceId: text, sealed: new Uint8Array([index]), sealedWith: text, atMillis: index };
      await store.addRecipient(recipient);
      expect(await store.recipientsOf(record)).toEqual([recipient]);
      await store.setHold(record, true);
      expect(await store.find(record)).toMatchObject([{ isHeld: true }]);
    }
  });

  it('keeps two halves of a key apart', async () => {
    const store = await open();
    await store.prepare(sampleRecord('k', 'one', { producer: 'a', produceId: 'bc' }));
    expect(await store.prepare(sampleRecord('k', 'two', { producer: 'ab', produceId: 'c' }))).toBe('new');
    expect(await store.prepare(sampleRecord('k', 'two', { producer: 'a","b', produceId: 'c' }))).toBe('new');
  });
};
