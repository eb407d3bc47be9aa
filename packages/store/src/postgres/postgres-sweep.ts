import type { SweepOutcome } from '@aigc-label/core';
import { hasForgotten } from '../certificate-row.ts';
import { PREPARED_MILLIS } from '../store-options.ts';
import type { PostgresClient } from './postgres-pool.ts';

/** Bounded, and certified in the same transaction. Two sweeps at once share the rows between them. */
export const sweepPostgres = async (client: PostgresClient, schema: string, limit: number, now: number): Promise<SweepOutcome> => {
  const count = async (sql: string, values: unknown[]): Promise<number> => (await client.query(sql, values)).rowCount ?? 0;
  const forget = (table: 'record' | 'propagation' | 'recipient'): Promise<number> =>
    count(
      `DELETE FROM ${schema}.${table} WHERE seq IN (SELECT seq FROM ${schema}.${table} AS past WHERE expires_at <= $1
        AND NOT EXISTS (SELECT 1 FROM ${schema}.hold WHERE hold.work = past.work) ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [now, limit],
    );
  await client.query('BEGIN');
  const abandoned = await count(
    `UPDATE ${schema}.record SET status = 'failed' WHERE seq IN (SELECT seq FROM ${schema}.record WHERE status = 'prepared' AND created_at < $1
      ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now - PREPARED_MILLIS, limit],
  );
  const outcome = { abandoned, forgottenRecords: await forget('record'), forgottenRecipients: await forget('recipient') };
  const certified = { ...outcome, forgottenPropagations: await forget('propagation') };
  if (hasForgotten(certified)) {
    await client.query(`INSERT INTO ${schema}.event (kind, at, data) VALUES ('sweep', $1, $2)`, [now, JSON.stringify(certified)]);
  }
  await client.query('COMMIT');
  return outcome;
};
