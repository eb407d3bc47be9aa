import type { NewRecord, PropagationRecord, RecipientRecord, RecordKey } from '@aigc-label/core';
import { NEW_COLUMNS, newRow } from '../record-row.ts';
import { idConflict, recordNotFound } from '../store-errors.ts';
import type { StorePolicy } from '../store-options.ts';
import { toStoredText } from '../stored-text.ts';
import { digestOf, workOf } from '../work.ts';
import type { SqliteConnection } from './sqlite-driver.ts';

// Each of these runs inside a transaction that holds the write lock, so that what was read stays so.

const OF_CONTENT = 'WHERE work = ? AND content_hash = ?';
const INSERT = `INSERT INTO record (version, ${NEW_COLUMNS.join(', ')}) VALUES (?, ${NEW_COLUMNS.map(() => '?').join(', ')})`;
const REVIVE = `UPDATE record SET status = 'prepared', ${NEW_COLUMNS.map((name) => `${name} = ?`).join(', ')} ${OF_CONTENT}`;

/** @throws LabelError `ID_CONFLICT`. */
export const prepareRecord = (connection: SqliteConnection, record: NewRecord, maySupersede: boolean, policy: StorePolicy): 'new' | 'known' => {
  const work = workOf(record);
  const row = newRow(work, record, policy.nowMillis(), policy.recordMillis);
  const values = NEW_COLUMNS.map((name) => row[name]);
  const [known] = connection.all(`SELECT status FROM record ${OF_CONTENT}`, [work, record.contentHash]);
  if (known !== undefined) {
    // Its file never came: this is the second try, signed anew.
    if (known['status'] === 'failed') {
      connection.run(REVIVE, [...values, work, record.contentHash]);
    }
    return 'known';
  }
  const newest = connection.all('SELECT max(version) AS version FROM record WHERE work = ?', [work])[0]?.['version'];
  if (typeof newest === 'number' && !maySupersede) {
    throw idConflict(record);
  }
  connection.run(INSERT, [typeof newest === 'number' ? newest + 1 : 0, ...values]);
  return 'new';
};

/** @throws LabelError `RECORD_NOT_FOUND`. */
export const publishRecord = (
  connection: SqliteConnection,
  key: RecordKey,
  contentHash: string,
  file: { readonly hash: string; readonly sizeBytes: number },
): void => {
  const sql = `UPDATE record SET status = 'published', file_hash = ?, size_bytes = ? ${OF_CONTENT}`;
  if (connection.run(sql, [file.hash, file.sizeBytes, workOf(key), contentHash]) === 0) {
    throw recordNotFound(key);
  }
};

/** Only what is prepared. */
export const abandonRecord = (connection: SqliteConnection, key: RecordKey, contentHash: string): void => {
  connection.run(`UPDATE record SET status = 'failed' ${OF_CONTENT} AND status = 'prepared'`, [workOf(key), contentHash]);
};

/** @throws LabelError `RECORD_NOT_FOUND`. */
export const placeInLog = (connection: SqliteConnection, key: RecordKey, contentHash: string, leafIndex: number): void => {
  if (connection.run(`UPDATE record SET leaf_index = ? ${OF_CONTENT}`, [leafIndex, workOf(key), contentHash]) === 0) {
    throw recordNotFound(key);
  }
};

export const addPropagation = (connection: SqliteConnection, record: PropagationRecord, policy: StorePolicy): void => {
  const work = workOf(record);
  const { propagator, propagateId, reservedCode } = record;
  connection.run('INSERT INTO propagation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', [
    digestOf(work, propagator, propagateId, reservedCode),
    work,
    digestOf(propagateId),
    ...[record.producer, record.produceId, propagator, propagateId, reservedCode].map(toStoredText),
    record.atMillis,
    policy.nowMillis() + policy.recordMillis,
  ]);
};

export const addRecipient = (connection: SqliteConnection, record: RecipientRecord, policy: StorePolicy): void => {
  const work = workOf(record);
  connection.run('INSERT INTO recipient VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING', [
    digestOf(work, record.sealedWith, record.atMillis, Buffer.from(record.sealed).toString('base64url')),
    work,
    toStoredText(record.producer),
    toStoredText(record.produceId),
    record.sealed,
    toStoredText(record.sealedWith),
    record.atMillis,
    policy.nowMillis() + policy.recipientMillis,
  ]);
};

/** Whatever is under the key now or later. */
export const holdWork = (connection: SqliteConnection, key: RecordKey, isHeld: boolean, policy: StorePolicy): void => {
  const work = workOf(key);
  const now = policy.nowMillis();
  const changed = isHeld
    ? connection.run('INSERT INTO hold VALUES (?, ?) ON CONFLICT DO NOTHING', [work, now])
    : connection.run('DELETE FROM hold WHERE work = ?', [work]);
  if (changed > 0) {
    connection.run('INSERT INTO event (kind, work, at, data) VALUES (?, ?, ?, ?)', [isHeld ? 'hold' : 'release', work, now, '{}']);
  }
};
