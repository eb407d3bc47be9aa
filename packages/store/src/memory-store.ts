import type { NewRecord, PropagationRecord, ProvenanceRecord, RecipientRecord, RecordKey } from '@aigc-label/core';
import type { CertifiedStore, DeletionCertificate } from './certified-store.ts';
import { MAXIMUM_CERTIFICATES } from './certified-store.ts';
import { checkedStore, type StoreDriver } from './checked-store.ts';
import { idConflict, recordNotFound } from './store-errors.ts';
import { MAXIMUM_PROPAGATIONS, MAXIMUM_RECIPIENTS, MAXIMUM_RECORDS, PREPARED_MILLIS, type StoreOptions, storePolicy } from './store-options.ts';
import { digestOf, workOf } from './work.ts';

type StoredRecord = Omit<ProvenanceRecord, 'isHeld'> & { readonly work: string };
type Expiring<Stored> = Stored & { readonly work: string; readonly expiresAtMillis: number };

/**
 * A store in memory: for tests, and for a process that only has to tell two works apart while it runs. Nothing of it is left when the process ends.
 *
 * @throws TypeError where a retention is shorter than the law's.
 */
export const memoryStore = (options: StoreOptions = {}): CertifiedStore => {
  const { recordMillis, recipientMillis, nowMillis } = storePolicy(options);
  // In the order in which they came, which is what "newest first" means.
  const records = new Map<string, StoredRecord>();
  const contentsOf = new Map<string, number>();
  const propagations = new Map<string, Expiring<PropagationRecord>>();
  const recipients = new Map<string, Expiring<RecipientRecord>>();
  const held = new Set<string>();
  const certificates: DeletionCertificate[] = [];

  const identityOf = (work: string, contentHash: string): string => digestOf(work, contentHash);
  const change = (key: RecordKey, contentHash: string, changed: (record: StoredRecord) => Partial<StoredRecord>): boolean => {
    const identity = identityOf(workOf(key), contentHash);
    const record = records.get(identity);
    if (record !== undefined) {
      records.set(identity, { ...record, ...changed(record) });
    }
    return record !== undefined;
  };
  const newestOf = (matches: (record: StoredRecord) => boolean): readonly ProvenanceRecord[] =>
    [...records.values()]
      .filter(matches)
      .reverse()
      .slice(0, MAXIMUM_RECORDS)
      .map(({ work, ...record }) => ({ ...record, isHeld: held.has(work) }));
  const forget = (rows: Map<string, { readonly work: string; readonly expiresAtMillis: number }>, now: number, limit: number): readonly string[] => {
    const past = [...rows].filter(([, { work, expiresAtMillis }]) => expiresAtMillis <= now && !held.has(work)).slice(0, limit);
    past.forEach(([identity]) => {
      rows.delete(identity);
    });
    return past.map(([, { work }]) => work);
  };

  const driver: StoreDriver = {
    prepare: async (record, { maySupersede = false } = {}) => {
      const work = workOf(record);
      const identity = identityOf(work, record.contentHash);
      const known = records.get(identity);
      if (known === undefined && !maySupersede && contentsOf.has(work)) {
        throw idConflict(record);
      }
      if (known === undefined) {
        contentsOf.set(work, (contentsOf.get(work) ?? 0) + 1);
      }
      if (known === undefined || known.status === 'failed') {
        records.set(identity, preparedRecord(work, record, nowMillis(), recordMillis));
      }
      return known === undefined ? 'new' : 'known';
    },
    publish: async (key, contentHash, { hash, sizeBytes }) => {
      if (!change(key, contentHash, () => ({ status: 'published', fileHash: hash, sizeBytes }))) {
        throw recordNotFound(key);
      }
    },
    abandon: async (key, contentHash) => {
      change(key, contentHash, ({ status }) => ({ status: status === 'prepared' ? 'failed' : status }));
    },
    setLeafIndex: async (key, contentHash, leafIndex) => {
      if (!change(key, contentHash, () => ({ leafIndex }))) {
        throw recordNotFound(key);
      }
    },
    addPropagation: async ({ producer, produceId, propagator, propagateId, reservedCode, atMillis }) => {
      const work = workOf({ producer, produceId });
      const identity = digestOf(work, propagator, propagateId, reservedCode);
      if (!propagations.has(identity)) {
        const expiresAtMillis = nowMillis() + recordMillis;
        propagations.set(identity, { work, expiresAtMillis, producer, produceId, propagator, propagateId, reservedCode, atMillis });
      }
    },
    addRecipient: async ({ producer, produceId, sealed, sealedWith, atMillis }) => {
      const work = workOf({ producer, produceId });
      const identity = digestOf(work, sealedWith, atMillis, Buffer.from(sealed).toString('base64url'));
      if (!recipients.has(identity)) {
        const expiresAtMillis = nowMillis() + recipientMillis;
        recipients.set(identity, { work, expiresAtMillis, producer, produceId, sealed: sealed.slice(), sealedWith, atMillis });
      }
    },
    setHold: async (key, isHeld) => {
      held[isHeld ? 'add' : 'delete'](workOf(key));
    },
    find: async (key) => newestOf(({ work }) => work === workOf(key)),
    findByIdentifier: async (identifier) => {
      const spread = new Set([...propagations.values()].filter(({ propagateId }) => propagateId === identifier).map(({ work }) => work));
      return newestOf(({ produceId, work }) => produceId === identifier || spread.has(work));
    },
    findByContent: async (method, hash) => newestOf(({ contentMethod, contentHash }) => contentMethod === method && contentHash === hash),
    findByFile: async (hash) => newestOf(({ fileHash }) => fileHash === hash),
    propagationsOf: async (key) => oldestOf(propagations, workOf(key), MAXIMUM_PROPAGATIONS),
    recipientsOf: async (key) =>
      oldestOf(recipients, workOf(key), MAXIMUM_RECIPIENTS).map((recipient) => ({ ...recipient, sealed: recipient.sealed.slice() })),
    certificates: async () => certificates.toReversed().slice(0, MAXIMUM_CERTIFICATES),
    sweep: async (limit) => {
      const now = nowMillis();
      const stale = [...records].filter(([, { status, createdAtMillis }]) => status === 'prepared' && createdAtMillis < now - PREPARED_MILLIS);
      stale.slice(0, limit).forEach(([identity, record]) => {
        records.set(identity, { ...record, status: 'failed' });
      });
      const forgottenWorks = forget(records, now, limit);
      forgottenWorks.forEach((work) => {
        const left = (contentsOf.get(work) ?? 0) - 1;
        left > 0 ? contentsOf.set(work, left) : contentsOf.delete(work);
      });
      const outcome = {
        abandoned: Math.min(stale.length, limit),
        forgottenRecords: forgottenWorks.length,
        forgottenRecipients: forget(recipients, now, limit).length,
      };
      const forgottenPropagations = forget(propagations, now, limit).length;
      if (outcome.forgottenRecords + outcome.forgottenRecipients + forgottenPropagations > 0) {
        certificates.push({ ...outcome, forgottenPropagations, atMillis: now });
      }
      return outcome;
    },
    close: async () => {},
  };
  return checkedStore(driver);
};

/** Only what `NewRecord` names: whatever else a caller's object carries is not remembered. */
const preparedRecord = (work: string, record: NewRecord, now: number, recordMillis: number): StoredRecord => ({
  work,
  producer: record.producer,
  produceId: record.produceId,
  reservedCode: record.reservedCode,
  keyId: record.keyId,
  algorithm: record.algorithm,
  signedAtSeconds: record.signedAtSeconds,
  labelValue: record.labelValue,
  contentMethod: record.contentMethod,
  contentHash: record.contentHash,
  format: record.format,
  modality: record.modality,
  mediaType: record.mediaType,
  ...(record.model === undefined ? {} : { model: record.model }),
  tool: record.tool,
  status: 'prepared',
  fileHash: null,
  sizeBytes: null,
  createdAtMillis: now,
  expiresAtMillis: now + recordMillis,
  leafIndex: null,
});

const oldestOf = <Stored extends RecordKey & { readonly atMillis: number }>(
  rows: ReadonlyMap<string, Expiring<Stored>>,
  work: string,
  maximum: number,
): readonly Stored[] =>
  [...rows.values()]
    .filter((row) => row.work === work)
    .sort((a, b) => a.atMillis - b.atMillis)
    .slice(0, maximum)
    .map(({ work: _, expiresAtMillis: __, ...row }) => row as unknown as Stored);
