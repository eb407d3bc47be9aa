import { storeFailed } from '../store-errors.ts';
import type { PostgresClient } from './postgres-pool.ts';

const SCHEMA_VERSION = 1;
/** Of the advisory lock under which tables are made: `aigc` in ASCII. */
const LOCK = 0x61696763;

// `work` is a digest of producer and number: an index entry of PostgreSQL has at most 2,704 bytes. COLLATE "C": digests are compared, never sorted for people.
const tablesOf = (schema: string): string => `
CREATE TABLE ${schema}.record (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, work text COLLATE "C" NOT NULL, identifier text COLLATE "C" NOT NULL, version integer NOT NULL, producer text NOT NULL, produce_id text NOT NULL,
  reserved_code text NOT NULL, key_id text, algorithm text, signed_at bigint NOT NULL, label_value text NOT NULL, content_method text NOT NULL,
  content_hash text COLLATE "C" NOT NULL, format text NOT NULL, modality text NOT NULL, media_type text NOT NULL, model text, tool text NOT NULL,
  status text NOT NULL DEFAULT 'prepared', file_hash text COLLATE "C", size_bytes bigint, created_at bigint NOT NULL, expires_at bigint NOT NULL, leaf_index bigint,
  UNIQUE (work, content_hash), UNIQUE (work, version)
);
CREATE INDEX record_content ON ${schema}.record (content_hash);
CREATE INDEX record_identifier ON ${schema}.record (identifier);
CREATE INDEX record_file ON ${schema}.record (file_hash) WHERE file_hash IS NOT NULL;
CREATE INDEX record_prepared ON ${schema}.record (created_at) WHERE status = 'prepared';
CREATE INDEX record_expiry ON ${schema}.record (expires_at);
CREATE TABLE ${schema}.propagation (
  identity text COLLATE "C" PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, work text COLLATE "C" NOT NULL, identifier text COLLATE "C" NOT NULL, producer text NOT NULL, produce_id text NOT NULL,
  propagator text NOT NULL, propagate_id text NOT NULL, reserved_code text NOT NULL, at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX propagation_work ON ${schema}.propagation (work, at);
CREATE INDEX propagation_identifier ON ${schema}.propagation (identifier);
CREATE INDEX propagation_expiry ON ${schema}.propagation (expires_at);
CREATE TABLE ${schema}.recipient (
  identity text COLLATE "C" PRIMARY KEY, seq bigint GENERATED ALWAYS AS IDENTITY, work text COLLATE "C" NOT NULL, producer text NOT NULL, produce_id text NOT NULL,
  sealed bytea NOT NULL, sealed_with text NOT NULL, at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX recipient_work ON ${schema}.recipient (work, at);
CREATE INDEX recipient_expiry ON ${schema}.recipient (expires_at);
CREATE TABLE ${schema}.hold (work text COLLATE "C" PRIMARY KEY, at bigint NOT NULL);
CREATE TABLE ${schema}.event (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, work text, at bigint NOT NULL, data text NOT NULL);
CREATE INDEX event_kind ON ${schema}.event (kind, seq);
CREATE TABLE ${schema}.schema_version (version integer NOT NULL);
INSERT INTO ${schema}.schema_version VALUES (${SCHEMA_VERSION});
`;

/**
 * Makes schema and tables where they are not there yet; of the processes that start at once one makes them and the others wait for it. An error ends the connection and with it the transaction.
 *
 * @param schema an identifier that needs no quotes.
 * @throws LabelError `STORE_FAILED` with the reasons `newer_schema`, `not_a_store`, `not_permitted`.
 */
export const ensurePostgresSchema = async (client: PostgresClient, schema: string): Promise<void> => {
  if ((await versionOf(client, schema)) === SCHEMA_VERSION) {
    return;
  }
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  if ((await versionOf(client, schema)) === 0) {
    const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
    await client.query(rows.length === 0 ? `CREATE SCHEMA ${schema}; ${tablesOf(schema)}` : tablesOf(schema));
  }
  await client.query('COMMIT');
};

/** @returns 0 where there are no tables. */
const versionOf = async (client: PostgresClient, schema: string): Promise<number> => {
  // From the tables of the catalogue: to_regclass may still answer from what this connection knew before it waited for the lock.
  const { rows } = await client.query(
    'SELECT relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relnamespace WHERE nspname = $1',
    [schema],
  );
  const names = rows.map(({ relname }) => relname);
  if (!names.includes('schema_version')) {
    if (names.includes('record')) {
      throw storeFailed('not_a_store');
    }
    return 0;
  }
  const version = Number((await client.query(`SELECT max(version) AS version FROM ${schema}.schema_version`)).rows[0]?.['version']);
  if (version > SCHEMA_VERSION) {
    throw storeFailed('newer_schema');
  }
  return version;
};
