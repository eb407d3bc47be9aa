import { batchQueue } from '../batch-queue.ts';
import { certificateOf } from '../certificate-row.ts';
import { type CertifiedStore, MAXIMUM_CERTIFICATES } from '../certified-store.ts';
import { checkedStore } from '../checked-store.ts';
import { ofIdentifier, propagationOf, type Row, recipientOf, recordOf } from '../record-row.ts';
import { MAXIMUM_PROPAGATIONS, MAXIMUM_RECIPIENTS, MAXIMUM_RECORDS, type StoreOptions, storePolicy } from '../store-options.ts';
import { toStoredText } from '../stored-text.ts';
import { digestOf, workOf } from '../work.ts';
import { checkPoolOptions, type PostgresPool } from './postgres-pool.ts';
import { postgresSessions } from './postgres-sessions.ts';
import { sweepPostgres } from './postgres-sweep.ts';
import { abandonRecord, addPropagation, addRecipient, holdWork, placeInLog, publishRecord } from './postgres-writes.ts';
import { type Preparation, prepareRecords } from './prepare-records.ts';

export type { PostgresClient, PostgresPool, PostgresResult } from './postgres-pool.ts';

/** Where the server is, and what the store can be told; exactly one of the first two. */
export interface PostgresStoreOptions extends StoreOptions {
  /** `postgres://user:password@host:5432/database`; it is never told in an error. */
  readonly connectionString?: string;
  /** A `Pool` of the package pg; `close` does not end it. */
  readonly pool?: PostgresPool;
  /** The schema that the tables are in, made on first use: lower-case letters, digits and `_`. `aigc_label` by default. */
  readonly schema?: string;
  /** How many connections a pool of our own has at most; 8 by default, at least 3. */
  readonly maximumConnections?: number;
}

/** Batches that are on their way at once: while one waits for the server's disk, the next is filled and sent. */
const RUNNING_BATCHES = 2;

/**
 * A store in PostgreSQL (tried with 15): durable when a call returns, shared by any number of machines. Connects, and makes its tables, on first use. `prepare` calls that come together share a commit.
 *
 * @throws TypeError where a retention is shorter than the law's, and where both or neither of `connectionString` and `pool` are given.
 */
export const postgresStore = (options: PostgresStoreOptions): CertifiedStore => {
  const { connectionString, pool, schema = 'aigc_label', maximumConnections = 8 } = options;
  checkPoolOptions(connectionString, pool);
  // It is part of every statement, where no parameter may stand.
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError('schema consists of at most 63 lower-case letters, digits and _, and begins with a letter.');
  }
  if (!(Number.isSafeInteger(maximumConnections) && maximumConnections >= RUNNING_BATCHES + 1)) {
    throw new TypeError(`maximumConnections is a whole number from ${RUNNING_BATCHES + 1} on.`);
  }
  const policy = storePolicy(options);
  const { use, close } = postgresSessions({ connectionString, pool, schema, maximumConnections });
  const prepares = batchQueue<Preparation, 'new' | 'known'>(
    (batch) => use((client) => prepareRecords(client, schema, batch, policy)),
    RUNNING_BATCHES,
  );
  const rows = (sql: string, ...values: readonly string[]): Promise<readonly Row[]> =>
    use(async (client) => (await client.query(sql, [...values])).rows);
  const records = `SELECT record.*, EXISTS (SELECT 1 FROM ${schema}.hold WHERE hold.work = record.work) AS is_held FROM ${schema}.record AS record`;

  return checkedStore({
    prepare: (record, { maySupersede = false } = {}) => prepares.add({ record: { ...record }, maySupersede }),
    publish: (key, contentHash, file) => use((client) => publishRecord(client, schema, key, contentHash, file)),
    abandon: (key, contentHash) => use((client) => abandonRecord(client, schema, key, contentHash)),
    setLeafIndex: (key, contentHash, leafIndex) => use((client) => placeInLog(client, schema, key, contentHash, leafIndex)),
    addPropagation: (record) => use((client) => addPropagation(client, schema, record, policy)),
    addRecipient: (record) => use((client) => addRecipient(client, schema, record, policy)),
    setHold: (key, isHeld) => use((client) => holdWork(client, schema, key, isHeld, policy.nowMillis())),
    sweep: (limit) => use((client) => sweepPostgres(client, schema, limit, policy.nowMillis())),
    find: async (key) => (await rows(`${records} WHERE work = $1 ORDER BY version DESC LIMIT ${MAXIMUM_RECORDS}`, workOf(key))).map(recordOf),
    findByIdentifier: async (identifier) =>
      (await rows(`${records} WHERE ${ofIdentifier(`${schema}.`, '$1')} ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`, digestOf(identifier))).map(
        recordOf,
      ),
    findByContent: async (method, hash) =>
      (
        await rows(
          `${records} WHERE content_hash = $1 AND content_method = $2 ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`,
          toStoredText(hash),
          toStoredText(method),
        )
      ).map(recordOf),
    findByFile: async (hash) =>
      (await rows(`${records} WHERE file_hash = $1 ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`, toStoredText(hash))).map(recordOf),
    propagationsOf: async (key) =>
      (await rows(`SELECT * FROM ${schema}.propagation WHERE work = $1 ORDER BY at, seq LIMIT ${MAXIMUM_PROPAGATIONS}`, workOf(key))).map(
        propagationOf,
      ),
    recipientsOf: async (key) =>
      (await rows(`SELECT * FROM ${schema}.recipient WHERE work = $1 ORDER BY at, seq LIMIT ${MAXIMUM_RECIPIENTS}`, workOf(key))).map(recipientOf),
    certificates: async () =>
      (await rows(`SELECT at, data FROM ${schema}.event WHERE kind = 'sweep' ORDER BY seq DESC LIMIT ${MAXIMUM_CERTIFICATES}`)).map(certificateOf),
    close: async () => {
      await prepares.idle();
      await close();
    },
  });
};
