import type { NewRecord, RecordStore } from '@aigc-label/core';
import { afterEach, describe, expect, it } from 'vitest';
import { hashOf, sampleRecord } from './sample-record.ts';
import { testStoreRetention } from './test-store-retention.ts';
import { testStoreUnderStrain } from './test-store-strain.ts';

/** What `testStore` is given. */
export interface TestStoreOptions {
  readonly name: string;
  /**
   * Opens the store of a place: the same one for the same name, another for another. The test closes it.
   *
   * @param nowMillis the clock that the store must go by.
   */
  readonly open: (place: string, options: { readonly nowMillis: () => number }) => RecordStore | Promise<RecordStore>;
  /** Whether what was prepared is there after `close` and another `open`. */
  readonly isDurable: boolean;
}

/** Opens stores for one test, and closes them after it. */
export interface TestStores {
  /** A store that is empty at the first call of a test. */
  open(): Promise<RecordStore>;
  /** The clock of every store, in milliseconds; a test may set it. */
  readonly clock: { millis: number };
}

/** The contract of `RecordStore` in executable form. */
export const testStore = ({ name, open, isDurable }: TestStoreOptions): void => {
  describe(`store ${name}`, () => {
    const opened: RecordStore[] = [];
    const clock = { millis: 0 };
    let place = 0;
    const stores: TestStores = {
      clock,
      open: async () => {
        const store = await open(`place_${place}`, { nowMillis: () => clock.millis });
        opened.push(store);
        return store;
      },
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
      clock.millis = START_MILLIS;
      place += 1;
    });
    clock.millis = START_MILLIS;

    testLifeOfARecord(stores);
    testConflicts(stores);
    testLookups(stores);
    testStoreUnderStrain(stores);
    testStoreRetention(stores);
    testReopening(stores, isDurable);
  });
};

const START_MILLIS = 1_795_392_000_000;
const FILE = { hash: hashOf('file'), sizeBytes: 1_234 };

const testLifeOfARecord = ({ open, clock }: TestStores): void => {
  it('prepares, publishes and finds a record, with every field as it was given', async () => {
    const store = await open();
    const { model: _, ...record } = sampleRecord('a');
    for (const given of [sampleRecord('full'), { ...record, keyId: null, algorithm: null }]) {
      expect(await store.find(given)).toEqual([]);
      expect(await store.prepare(given)).toBe('new');
      const prepared = {
        ...given,
        status: 'prepared',
        fileHash: null,
        sizeBytes: null,
        leafIndex: null,
        isHeld: false,
        createdAtMillis: clock.millis,
      };
      expect(await store.find(given)).toEqual([{ ...prepared, expiresAtMillis: clock.millis + 1096 * 86_400_000 }]);
      await store.publish(given, given.contentHash, FILE);
      await store.setLeafIndex(given, given.contentHash, 7);
      expect(await store.find(given)).toMatchObject([{ status: 'published', fileHash: FILE.hash, sizeBytes: FILE.sizeBytes, leafIndex: 7 }]);
    }
  });

  it('lets everything be called again', async () => {
    const store = await open();
    const record = sampleRecord('again');
    const propagation = { ...keyOf(record), propagator: 'p', propagateId: 'q', reservedCode: 'r', atMillis: 5 };
    const recipient = { ...keyOf(record), sealed: new Uint8Array([1, 2, 3]), sealedWith: 'k', atMillis: 6 };
    const results: unknown[] = [];
    for (let time = 0; time < 2; time += 1) {
      results.push(await store.prepare(record));
      await store.publish(record, record.contentHash, FILE);
      await store.setLeafIndex(record, record.contentHash, 1);
      await store.abandon(record, record.contentHash);
      await store.addPropagation(propagation);
      await store.addRecipient(recipient);
      await store.setHold(record, true);
    }
    expect(results).toEqual(['new', 'known']);
    expect(await store.find(record)).toMatchObject([{ status: 'published', isHeld: true }]);
    expect(await store.propagationsOf(record)).toEqual([propagation]);
    expect(await store.recipientsOf(record)).toEqual([recipient]);
    await store.close();
    await store.close();
  });

  it('ends as failed what was abandoned, and lets it be prepared and published after all', async () => {
    const store = await open();
    const record = sampleRecord('failed');
    await store.abandon(record, record.contentHash);
    await store.prepare(record);
    await store.abandon(record, record.contentHash);
    expect(await store.find(record)).toMatchObject([{ status: 'failed' }]);
    clock.millis += 1_000;
    expect(await store.prepare({ ...record, reservedCode: 'signed.anew.x' })).toBe('known');
    expect(await store.find(record)).toMatchObject([{ status: 'prepared', reservedCode: 'signed.anew.x', createdAtMillis: clock.millis }]);
    await store.abandon(record, record.contentHash);
    await store.publish(record, record.contentHash, FILE);
    expect(await store.find(record)).toMatchObject([{ status: 'published' }]);
  });

  it('says RECORD_NOT_FOUND where nothing was prepared', async () => {
    const store = await open();
    const record = sampleRecord('nobody');
    const notFound = { code: 'RECORD_NOT_FOUND', data: { identifier: record.produceId } };
    await expect(store.publish(record, record.contentHash, FILE)).rejects.toMatchObject(notFound);
    await expect(store.setLeafIndex(record, record.contentHash, 1)).rejects.toMatchObject(notFound);
    await store.prepare(record);
    await expect(store.publish(record, hashOf('another'), FILE)).rejects.toMatchObject(notFound);
  });

  it('refuses what is no record with a TypeError, and everything after close with STORE_FAILED', async () => {
    const store = await open();
    const record = sampleRecord('odd');
    const wrong: readonly Partial<Record<keyof NewRecord, unknown>>[] = [
      { producer: undefined },
      { produceId: 7 },
      { contentHash: 'no hash!' },
      { signedAtSeconds: 1.5 },
      { signedAtSeconds: -1 },
      { keyId: 3 },
      { model: 'x'.repeat(201) },
      { model: 'a\u0007' },
      { tool: 'x'.repeat(100_000) },
    ];
    for (const changes of wrong) {
      await expect(store.prepare({ ...record, ...changes } as NewRecord), JSON.stringify(changes)).rejects.toThrow(TypeError);
    }
    await expect(store.publish(record, record.contentHash, { hash: 'x', sizeBytes: 1 })).rejects.toThrow(TypeError);
    await expect(store.publish(record, record.contentHash, { ...FILE, sizeBytes: Number.NaN })).rejects.toThrow(TypeError);
    await expect(store.setLeafIndex(record, record.contentHash, -1)).rejects.toThrow(TypeError);
    await expect(store.sweep(0)).rejects.toThrow(TypeError);
    const recipient = { ...keyOf(record), sealed: new Uint8Array(4_097), sealedWith: 'k', atMillis: 6 };
    await expect(store.addRecipient(recipient)).rejects.toThrow(TypeError);
    expect(await store.find(record)).toEqual([]);
    await store.close();
    await expect(store.prepare(record)).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason: 'closed' } });
    await expect(store.find(record)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
};

const testConflicts = ({ open }: TestStores): void => {
  it('refuses another content under the same key, unless the caller may supersede', async () => {
    const store = await open();
    const first = sampleRecord('key', 'one');
    const second = sampleRecord('key', 'two');
    await store.prepare(first);
    const conflict = { code: 'ID_CONFLICT', data: { producer: first.producer, produceId: first.produceId } };
    await expect(store.prepare(second)).rejects.toMatchObject(conflict);
    await store.abandon(first, first.contentHash);
    await expect(store.prepare(second)).rejects.toMatchObject(conflict);
    expect(await store.prepare(second, { maySupersede: true })).toBe('new');
    expect(await store.prepare(second)).toBe('known');
    expect(await store.prepare(first)).toBe('known');
    expect((await store.find(first)).map(({ contentHash }) => contentHash)).toEqual([second.contentHash, first.contentHash]);
    expect(await store.prepare({ ...second, producer: 'another' })).toBe('new');
  });

  it('lets exactly one of several contents win that come at once', async () => {
    const store = await open();
    const contents = Array.from({ length: 10 }, (_, index) => sampleRecord('race', `content ${index}`));
    const outcomes = await Promise.allSettled(contents.map((record) => store.prepare(record)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 'new' }]);
    expect(outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code)).toEqual(Array(9).fill('ID_CONFLICT'));
    expect(await store.find(contents[0]!)).toHaveLength(1);
    const superseding = await Promise.all(contents.map((record) => store.prepare(record, { maySupersede: true })));
    expect(superseding.toSorted()).toEqual(['known', ...Array(9).fill('new')]);
    expect(await store.find(contents[0]!)).toHaveLength(10);
  });
};

const testLookups = ({ open, clock }: TestStores): void => {
  it('finds by content, by file and by number, the newest first', async () => {
    const store = await open();
    const records = ['x', 'y', 'z'].map((name) => sampleRecord(name, 'the same picture'));
    for (const record of records) {
      clock.millis += 1_000;
      await store.prepare(record);
      await store.publish(record, record.contentHash, FILE);
    }
    await store.prepare(sampleRecord('other'));
    const names = (found: readonly { readonly produceId: string }[]): readonly string[] => found.map(({ produceId }) => produceId);
    expect(names(await store.findByContent('png-1', hashOf('the same picture')))).toEqual(['id-z', 'id-y', 'id-x']);
    expect(await store.findByContent('jpeg-1', hashOf('the same picture'))).toEqual([]);
    expect(names(await store.findByFile(FILE.hash))).toEqual(['id-z', 'id-y', 'id-x']);
    expect(await store.findByFile(hashOf('another file'))).toEqual([]);
    await store.prepare({ ...records[0]!, producer: 'another' });
    await store.addPropagation({ ...keyOf(records[1]!), propagator: 'p', propagateId: 'id-x', reservedCode: '', atMillis: 1 });
    expect((await store.findByIdentifier('id-x')).map(({ producer, produceId }) => [producer, produceId])).toEqual([
      ['another', 'id-x'],
      [records[1]!.producer, 'id-y'],
      [records[0]!.producer, 'id-x'],
    ]);
    expect(await store.findByIdentifier('id')).toEqual([]);
  });

  it('keeps propagations and recipients of one work, the oldest first, and gives copies of them', async () => {
    const store = await open();
    const key = { producer: 'a', produceId: 'b' };
    const propagations = [3, 1, 2].map((atMillis) => ({ ...key, propagator: `p${atMillis}`, propagateId: 'q', reservedCode: '', atMillis }));
    const recipients = [3, 1, 2].map((atMillis) => ({ ...key, sealed: new Uint8Array(4_096).fill(atMillis), sealedWith: 'k', atMillis }));
    await Promise.all([...propagations.map((one) => store.addPropagation(one)), ...recipients.map((one) => store.addRecipient(one))]);
    expect((await store.propagationsOf(key)).map(({ propagator }) => propagator)).toEqual(['p1', 'p2', 'p3']);
    const found = await store.recipientsOf(key);
    expect(found).toEqual([recipients[1], recipients[2], recipients[0]]);
    found[0]!.sealed.fill(9);
    recipients[1]!.sealed.fill(8);
    expect((await store.recipientsOf(key))[0]!.sealed[0]).toBe(1);
    expect(await store.recipientsOf({ producer: 'a', produceId: 'c' })).toEqual([]);
    expect(await store.find(key)).toEqual([]);
  });

  it('answers with at most 100 records', async () => {
    const store = await open();
    const records = Array.from({ length: 102 }, (_, index) => sampleRecord('many', `content ${index}`));
    for (const record of records) {
      await store.prepare(record, { maySupersede: true });
    }
    const found = await store.find(records[0]!);
    expect(found).toHaveLength(100);
    expect(found[0]!.contentHash).toBe(records[101]!.contentHash);
    expect(await store.findByIdentifier('id-many')).toHaveLength(100);
  });
};

const testReopening = ({ open }: TestStores, isDurable: boolean): void => {
  it(isDurable ? 'has everything when it is opened again, and by another at the same time' : 'forgets everything when it is closed', async () => {
    const store = await open();
    const record = sampleRecord('durable');
    await store.prepare(record);
    await store.publish(record, record.contentHash, FILE);
    await store.addRecipient({ ...keyOf(record), sealed: new Uint8Array([1]), sealedWith: 'k', atMillis: 1 });
    await store.setHold(record, true);
    const found = await store.find(record);
    const other = await open();
    expect(await other.find(record)).toEqual(isDurable ? found : []);
    await Promise.all([store.close(), other.close()]);
    const again = await open();
    expect(await again.find(record)).toEqual(isDurable ? found : []);
    expect(await again.recipientsOf(record)).toHaveLength(isDurable ? 1 : 0);
    expect(await again.prepare(record)).toBe(isDurable ? 'known' : 'new');
  });
};

const keyOf = ({ producer, produceId }: NewRecord): { readonly producer: string; readonly produceId: string } => ({ producer, produceId });
