import type { NewRecord } from '@aigc-label/core';
import type { JobOutcome } from '../batch-queue.ts';
import { NEW_COLUMNS, type NewColumn, newRow } from '../record-row.ts';
import { idConflict } from '../store-errors.ts';
import type { StorePolicy } from '../store-options.ts';
import { workOf } from '../work.ts';
import type { PostgresClient } from './postgres-pool.ts';

/** A record that is to be prepared. */
export interface Preparation {
  readonly record: NewRecord;
  readonly maySupersede: boolean;
}

type Prepared = JobOutcome<'new' | 'known'>;
type NewRow = Readonly<Record<NewColumn, string | number | null>>;

/** How often one record is tried against others that come under the same key at the same moment. */
const TRIES = 20;
const NUMBERS: readonly NewColumn[] = ['signed_at', 'created_at', 'expires_at'];
const COLUMNS = NEW_COLUMNS.join(', ');
// One parameter for a whole batch, whatever its size, so that the statement is always the same.
const GIVEN = `json_to_recordset($1::json) AS given(${NEW_COLUMNS.map((name) => `${name} ${NUMBERS.includes(name) ? 'bigint' : 'text'}`).join(', ')})`;

/**
 * Prepares a batch. What is new, which is nearly all, goes in by one statement, that is one commit; the rest is looked at one by one. Each statement is a transaction of its own, so that
 * what has succeeded is durable whatever becomes of the others.
 */
export const prepareRecords = async (
  client: PostgresClient,
  schema: string,
  batch: readonly Preparation[],
  policy: StorePolicy,
): Promise<readonly Prepared[]> => {
  const rows = batch.map(({ record }) => newRow(workOf(record), record, policy.nowMillis(), policy.recordMillis));
  // Always in the order of their keys, so that two batches never wait for each other.
  const firsts = [...new Map(rows.toReversed().map((row) => [row.work, row])).values()].sort((a, b) => (String(a.work) < String(b.work) ? -1 : 1));
  const inserted = await insertNew(client, schema, firsts);
  const outcomes: Prepared[] = [];
  for (const [index, preparation] of batch.entries()) {
    const row = rows[index] as NewRow;
    const isNew = firsts.includes(row) && inserted.has(String(row.work));
    outcomes.push(isNew ? { value: 'new' } : await prepareOne(client, schema, preparation, row));
  }
  return outcomes;
};

/** Inserts what stands alone under its key. @returns the keys that were inserted. */
const insertNew = async (client: PostgresClient, schema: string, rows: readonly NewRow[]): Promise<ReadonlySet<string>> => {
  const { rows: inserted } = await client.query(
    `INSERT INTO ${schema}.record (version, ${COLUMNS}) SELECT 0, ${COLUMNS} FROM ${GIVEN}
      WHERE NOT EXISTS (SELECT 1 FROM ${schema}.record AS other WHERE other.work = given.work) ON CONFLICT DO NOTHING RETURNING work`,
    [JSON.stringify(rows)],
  );
  return new Set(inserted.map(({ work }) => String(work)));
};

const prepareOne = async (client: PostgresClient, schema: string, { record, maySupersede }: Preparation, row: NewRow): Promise<Prepared> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { rows } = await client.query(`SELECT content_hash, status FROM ${schema}.record WHERE work = $1 ORDER BY content_hash = $2 DESC LIMIT 1`, [
      row.work,
      row.content_hash,
    ]);
    const [standing] = rows;
    if (standing?.['content_hash'] === row.content_hash) {
      if (standing['status'] === 'failed') {
        await revive(client, schema, row);
      }
      return { value: 'known' };
    }
    if (standing !== undefined && !maySupersede) {
      return { error: idConflict(record) };
    }
    if (standing === undefined ? (await insertNew(client, schema, [row])).size > 0 : await insertNext(client, schema, row)) {
      return { value: 'new' };
    }
    // Another came in between: look again.
  }
  throw Object.assign(new Error('Too many prepare records under one key at once.'), { code: '55P03' });
};

/** Inserts another content under a key. @returns whether nobody else did at the same moment. */
const insertNext = async (client: PostgresClient, schema: string, row: NewRow): Promise<boolean> => {
  const { rowCount } = await client.query(
    `INSERT INTO ${schema}.record (version, ${COLUMNS})
      SELECT (SELECT coalesce(max(version) + 1, 0) FROM ${schema}.record AS other WHERE other.work = given.work), ${COLUMNS} FROM ${GIVEN} ON CONFLICT DO NOTHING`,
    [JSON.stringify([row])],
  );
  return rowCount === 1;
};

/** Its file never came: this is the second try, signed anew. */
const revive = async (client: PostgresClient, schema: string, row: NewRow): Promise<void> => {
  await client.query(
    `UPDATE ${schema}.record AS record SET status = 'prepared', ${NEW_COLUMNS.map((name) => `${name} = given.${name}`).join(', ')} FROM ${GIVEN}
      WHERE record.work = given.work AND record.content_hash = given.content_hash AND record.status = 'failed'`,
    [JSON.stringify([row])],
  );
};
