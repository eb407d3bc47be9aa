import type { SweepOutcome } from '@aigc-label/core';
import { hasForgotten } from '../certificate-row.ts';
import { PREPARED_MILLIS, type StorePolicy } from '../store-options.ts';
import type { SqliteConnection } from './sqlite-driver.ts';

/** Bounded, inside a transaction that holds the write lock; certified in the same transaction. */
export const sweepSqlite = (connection: SqliteConnection, limit: number, policy: StorePolicy): SweepOutcome => {
  const now = policy.nowMillis();
  const forget = (table: 'record' | 'propagation' | 'recipient'): number =>
    connection.run(
      `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} AS past WHERE expires_at <= ?
        AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.work = past.work) ORDER BY expires_at LIMIT ?)`,
      [now, limit],
    );
  const abandoned = connection.run(
    `UPDATE record SET status = 'failed' WHERE seq IN (SELECT seq FROM record WHERE status = 'prepared' AND created_at < ? ORDER BY created_at LIMIT ?)`,
    [now - PREPARED_MILLIS, limit],
  );
  const outcome = { abandoned, forgottenRecords: forget('record'), forgottenRecipients: forget('recipient') };
  const certified = { ...outcome, forgottenPropagations: forget('propagation') };
  if (hasForgotten(certified)) {
    connection.run("INSERT INTO event (kind, at, data) VALUES ('sweep', ?, ?)", [now, JSON.stringify(certified)]);
  }
  return outcome;
};
