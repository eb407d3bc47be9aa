import type { PropagationRecord, RecipientRecord, RecordKey } from '@aigc-label/core';
import { recordNotFound } from '../store-errors.ts';
import type { StorePolicy } from '../store-options.ts';
import { toStoredText } from '../stored-text.ts';
import { digestOf, workOf } from '../work.ts';
import type { PostgresClient } from './postgres-pool.ts';

// Each of these is one statement, that is one transaction.

const OF_CONTENT = 'WHERE work = $1 AND content_hash = $2';

/** @throws LabelError `RECORD_NOT_FOUND`. */
export const publishRecord = async (
  client: PostgresClient,
  schema: string,
  key: RecordKey,
  contentHash: string,
  { hash, sizeBytes }: { readonly hash: string; readonly sizeBytes: number },
): Promise<void> => {
  const sql = `UPDATE ${schema}.record SET status = 'published', file_hash = $3, size_bytes = $4 ${OF_CONTENT}`;
  if ((await client.query(sql, [workOf(key), contentHash, hash, sizeBytes])).rowCount === 0) {
    throw recordNotFound(key);
  }
};

/** Only what is prepared. */
export const abandonRecord = async (client: PostgresClient, schema: string, key: RecordKey, contentHash: string): Promise<void> => {
  await client.query(`UPDATE ${schema}.record SET status = 'failed' ${OF_CONTENT} AND status = 'prepared'`, [workOf(key), contentHash]);
};

/** @throws LabelError `RECORD_NOT_FOUND`. */
export const placeInLog = async (client: PostgresClient, schema: string, key: RecordKey, contentHash: string, leafIndex: number): Promise<void> => {
  const { rowCount } = await client.query(`UPDATE ${schema}.record SET leaf_index = $3 ${OF_CONTENT}`, [workOf(key), contentHash, leafIndex]);
  if (rowCount === 0) {
    throw recordNotFound(key);
  }
};

export const addPropagation = async (client: PostgresClient, schema: string, record: PropagationRecord, policy: StorePolicy): Promise<void> => {
  const work = workOf(record);
  const { propagator, propagateId, reservedCode } = record;
  await client.query(
    `INSERT INTO ${schema}.propagation (identity, work, identifier, producer, produce_id, propagator, propagate_id, reserved_code, at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      digestOf(work, propagator, propagateId, reservedCode),
      work,
      digestOf(propagateId),
      ...[record.producer, record.produceId, propagator, propagateId, reservedCode].map(toStoredText),
      record.atMillis,
      policy.nowMillis() + policy.recordMillis,
    ],
  );
};

export const addRecipient = async (client: PostgresClient, schema: string, record: RecipientRecord, policy: StorePolicy): Promise<void> => {
  const work = workOf(record);
  const sealed = Buffer.from(record.sealed);
  await client.query(
    `INSERT INTO ${schema}.recipient (identity, work, producer, produce_id, sealed, sealed_with, at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      digestOf(work, record.sealedWith, record.atMillis, sealed.toString('base64url')),
      work,
      toStoredText(record.producer),
      toStoredText(record.produceId),
      sealed,
      toStoredText(record.sealedWith),
      record.atMillis,
      policy.nowMillis() + policy.recipientMillis,
    ],
  );
};

/** Whatever is under the key now or later; noted in the same statement. */
export const holdWork = async (client: PostgresClient, schema: string, key: RecordKey, isHeld: boolean, nowMillis: number): Promise<void> => {
  const changed = isHeld
    ? `INSERT INTO ${schema}.hold VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING work`
    : `DELETE FROM ${schema}.hold WHERE work = $1 AND $2::bigint IS NOT NULL RETURNING work`;
  await client.query(
    `WITH changed AS (${changed}) INSERT INTO ${schema}.event (kind, work, at, data) SELECT '${isHeld ? 'hold' : 'release'}', work, $2::bigint, '{}' FROM changed`,
    [workOf(key), nowMillis],
  );
};
