import { expect, it } from 'vitest';
import { hashOf, sampleRecord } from './sample-record.ts';
import type { TestStores } from './test-store.ts';

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
const NOTHING = { abandoned: 0, forgottenRecords: 0, forgottenRecipients: 0 };

/** What is forgotten, when, and what is not. */
export const testStoreRetention = ({ open, clock }: TestStores): void => {
  it('ends what was prepared more than an hour ago and never published', async () => {
    const store = await open();
    const [stale, published, fresh] = [sampleRecord('stale'), sampleRecord('published'), sampleRecord('fresh')];
    await store.prepare(stale);
    await store.prepare(published);
    await store.publish(published, published.contentHash, { hash: hashOf('f'), sizeBytes: 1 });
    clock.millis += HOUR_MILLIS;
    await store.prepare(fresh);
    expect(await store.sweep()).toEqual(NOTHING);
    clock.millis += 1;
    expect(await store.sweep()).toEqual({ ...NOTHING, abandoned: 1 });
    expect(await store.sweep()).toEqual(NOTHING);
    expect(await store.find(stale)).toMatchObject([{ status: 'failed' }]);
    expect(await store.find(fresh)).toMatchObject([{ status: 'prepared' }]);
    await store.publish(stale, stale.contentHash, { hash: hashOf('late'), sizeBytes: 1 });
    expect(await store.find(stale)).toMatchObject([{ status: 'published' }]);
  });

  it('forgets recipients after 184 days and records after 1,096, and nothing that is held', async () => {
    const store = await open();
    const [held, free] = [sampleRecord('held'), sampleRecord('free')];
    for (const record of [held, free]) {
      const { producer, produceId } = record;
      await store.prepare(record);
      await store.publish(record, record.contentHash, { hash: hashOf('f'), sizeBytes: 1 });
      await store.addRecipient({ producer, produceId, sealed: new Uint8Array([1]), sealedWith: 'k', atMillis: 1 });
      await store.addPropagation({ producer, produceId, propagator: 'p', propagateId: 'q', reservedCode: '', atMillis: 1 });
    }
    await store.setHold(held, true);
    const start = clock.millis;
    clock.millis = start + 184 * DAY_MILLIS - 1;
    expect(await store.sweep()).toEqual(NOTHING);
    clock.millis = start + 184 * DAY_MILLIS;
    expect(await store.sweep()).toEqual({ ...NOTHING, forgottenRecipients: 1 });
    expect(await store.recipientsOf(free)).toEqual([]);
    expect(await store.recipientsOf(held)).toHaveLength(1);
    clock.millis = start + 1_096 * DAY_MILLIS - 1;
    expect(await store.sweep()).toEqual(NOTHING);
    clock.millis += 1;
    expect(await store.sweep()).toEqual({ ...NOTHING, forgottenRecords: 1 });
    expect(await store.find(free)).toEqual([]);
    expect(await store.propagationsOf(free)).toEqual([]);
    expect(await store.find(held)).toMatchObject([{ isHeld: true }]);
    expect(await store.propagationsOf(held)).toHaveLength(1);
    await store.setHold(held, false);
    expect(await store.sweep()).toEqual({ ...NOTHING, forgottenRecords: 1, forgottenRecipients: 1 });
    expect(await store.prepare(sampleRecord('free', 'another content'))).toBe('new');
  });

  it('refuses another content under a key as long as any content stands under it', async () => {
    const store = await open();
    await store.prepare(sampleRecord('key', 'one'));
    clock.millis += 500 * DAY_MILLIS;
    await store.prepare(sampleRecord('key', 'two'), { maySupersede: true });
    clock.millis += 596 * DAY_MILLIS;
    expect((await store.sweep()).forgottenRecords).toBe(1);
    await expect(store.prepare(sampleRecord('key', 'three'))).rejects.toMatchObject({ code: 'ID_CONFLICT' });
    expect(await store.prepare(sampleRecord('key', 'three'), { maySupersede: true })).toBe('new');
  });

  it('touches at most as many rows of each kind as it is told', async () => {
    const store = await open();
    const records = Array.from({ length: 7 }, (_, index) => sampleRecord(`r${index}`));
    await Promise.all(records.map((record) => store.prepare(record)));
    clock.millis += 1_096 * DAY_MILLIS;
    const outcomes = [await store.sweep(5), await store.sweep(5), await store.sweep(5)];
    expect(outcomes.map(({ forgottenRecords }) => forgottenRecords)).toEqual([5, 2, 0]);
    expect((outcomes[0]?.abandoned ?? 0) <= 5).toBe(true);
  });
};
