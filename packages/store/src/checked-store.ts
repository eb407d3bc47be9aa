import type { NewRecord, PrepareOptions, PropagationRecord, RecipientRecord, RecordKey, SweepOutcome } from '@aigc-label/core';
import type { CertifiedStore } from './certified-store.ts';
import { checkHash, checkKey, checkNewRecord, checkPropagation, checkRecipient, checkWhole } from './checked-record.ts';
import { storeFailed } from './store-errors.ts';
import { sweepRows } from './store-options.ts';

/** What a driver does once every argument is sound: `sweep` always has its limit. */
export interface StoreDriver extends CertifiedStore {
  sweep(limit: number): Promise<SweepOutcome>;
}

/**
 * The store that a caller sees: it checks arguments, so that no driver meets another's idea of a record, and refuses what comes after `close`.
 * Mistakes of the caller are a `TypeError`, in the promise.
 */
export const checkedStore = (driver: StoreDriver): CertifiedStore => {
  let closing: Promise<void> | undefined;
  const checked = async <Result>(check: () => void, run: () => Promise<Result>): Promise<Result> => {
    check();
    if (closing !== undefined) {
      throw storeFailed('closed');
    }
    return run();
  };
  return {
    prepare: (record: NewRecord, options: PrepareOptions = {}) =>
      checked(
        () => checkNewRecord(record),
        () => driver.prepare(record, options),
      ),
    publish: (key, contentHash, file) =>
      checked(
        () => {
          checkContent(key, contentHash);
          checkHash('file.hash', file.hash);
          checkWhole('file.sizeBytes', file.sizeBytes);
        },
        () => driver.publish(key, contentHash, file),
      ),
    abandon: (key, contentHash) =>
      checked(
        () => checkContent(key, contentHash),
        () => driver.abandon(key, contentHash),
      ),
    setLeafIndex: (key, contentHash, leafIndex) =>
      checked(
        () => {
          checkContent(key, contentHash);
          checkWhole('leafIndex', leafIndex);
        },
        () => driver.setLeafIndex(key, contentHash, leafIndex),
      ),
    addPropagation: (record: PropagationRecord) =>
      checked(
        () => checkPropagation(record),
        () => driver.addPropagation(record),
      ),
    addRecipient: (record: RecipientRecord) =>
      checked(
        () => checkRecipient(record),
        () => driver.addRecipient(record),
      ),
    setHold: (key, isHeld) =>
      checked(
        () => checkKey(key),
        () => driver.setHold(key, isHeld),
      ),
    sweep: (limit) =>
      checked(
        () => {
          sweepRows(limit);
        },
        () => driver.sweep(sweepRows(limit)),
      ),
    // A verifier asks with what stands in a file: whatever that is, the question can be answered.
    find: (key) =>
      checked(
        () => checkTexts(key.producer, key.produceId),
        () => driver.find(key),
      ),
    findByIdentifier: (identifier) =>
      checked(
        () => checkTexts(identifier),
        () => driver.findByIdentifier(identifier),
      ),
    findByContent: (method, hash) =>
      checked(
        () => checkTexts(method, hash),
        () => driver.findByContent(method, hash),
      ),
    findByFile: (fileHash) =>
      checked(
        () => checkTexts(fileHash),
        () => driver.findByFile(fileHash),
      ),
    propagationsOf: (key) =>
      checked(
        () => checkTexts(key.producer, key.produceId),
        () => driver.propagationsOf(key),
      ),
    recipientsOf: (key) =>
      checked(
        () => checkTexts(key.producer, key.produceId),
        () => driver.recipientsOf(key),
      ),
    certificates: () =>
      checked(
        () => {},
        () => driver.certificates(),
      ),
    close: () => {
      closing ??= driver.close();
      return closing;
    },
  };
};

const checkContent = (key: RecordKey, contentHash: string): void => {
  checkKey(key);
  checkHash('contentHash', contentHash);
};

// However long: it only has to be a text.
const checkTexts = (...texts: readonly string[]): void => {
  if (!texts.every((text) => typeof text === 'string')) {
    throw new TypeError('What is looked up is a text.');
  }
};
