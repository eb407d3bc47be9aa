import { LabelError, type RecordKey } from '@aigc-label/core';

/**
 * Why a store failed, in `data.reason` of a `STORE_FAILED`:
 * `closed` it was closed · `busy` another process held it too long · `disk_full` no room · `damaged` the file is not sound · `not_a_store` something else is there ·
 * `newer_schema` a newer version of this package made it · `wal_unsafe` this SQLite may not share a write-ahead log · `driver_missing` · `not_permitted` · `unreachable` · `failed` anything else.
 */
export type StoreFailure =
  | 'closed'
  | 'busy'
  | 'disk_full'
  | 'damaged'
  | 'not_a_store'
  | 'newer_schema'
  | 'wal_unsafe'
  | 'driver_missing'
  | 'not_permitted'
  | 'unreachable'
  | 'failed';

const SENTENCES: Readonly<Record<StoreFailure, string>> = {
  closed: 'The store is closed. Open it again.',
  busy: 'Another process held the store too long. Try again; the same call may be repeated.',
  disk_full: 'The store has no room left. Free some space, or raise its bound; what it holds can still be read.',
  damaged: 'The file of the store is damaged, or is no database. Put the last backup in its place.',
  not_a_store: 'A database of something else is in this place. Give the store a place of its own.',
  newer_schema: 'A newer version of aigc-label made this store. Update aigc-label.',
  wal_unsafe:
    'Another process has the store open in a mode that this SQLite cannot share safely. Use one version of Node, 22.13 or later, for all of them.',
  driver_missing: 'This version of Node has no SQLite. Use Node 22.13 or later, or install the package libsql.',
  not_permitted: 'The store may not be opened or written. Look at its permissions, and at the user and password.',
  unreachable: 'The server of the store cannot be reached. Look at its address, and whether it runs.',
  failed: 'The store failed. The cause says how.',
};

/** A `STORE_FAILED` error; its cause holds no connection string and no password. */
export const storeFailed = (reason: StoreFailure, cause?: unknown): LabelError =>
  new LabelError('STORE_FAILED', SENTENCES[reason], { data: { reason }, cause });

/** Another content stands under the key (spec/provenance.md §1.6 attack 8). */
export const idConflict = ({ producer, produceId }: RecordKey): LabelError =>
  new LabelError('ID_CONFLICT', 'Another content is already recorded under this number of this producer. Give the work a new number.', {
    data: { producer, produceId },
  });

/** Nothing was prepared under this key and content. */
export const recordNotFound = ({ produceId }: RecordKey): LabelError =>
  new LabelError('RECORD_NOT_FOUND', 'There is no record of this work. Prepare it first.', { data: { identifier: produceId } });
