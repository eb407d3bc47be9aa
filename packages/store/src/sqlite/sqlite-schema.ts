import { storeFailed } from '../store-errors.ts';
import type { SqliteConnection } from './sqlite-driver.ts';

/** `aigc` in ASCII: says whose file it is (https://www.sqlite.org/fileformat2.html §1.3.17). */
const APPLICATION_ID = 0x61696763;
const SCHEMA_VERSION = 1;

// `work` is a digest of producer and number: of one size, however long they are. `version` counts the contents under it.
const SCHEMA = `
CREATE TABLE record (
  seq INTEGER PRIMARY KEY, work TEXT NOT NULL, identifier TEXT NOT NULL, version INTEGER NOT NULL, producer TEXT NOT NULL, produce_id TEXT NOT NULL, reserved_code TEXT NOT NULL, key_id TEXT,
  algorithm TEXT, signed_at INTEGER NOT NULL, label_value TEXT NOT NULL, content_method TEXT NOT NULL, content_hash TEXT NOT NULL, format TEXT NOT NULL, modality TEXT NOT NULL,
  media_type TEXT NOT NULL, model TEXT, tool TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'prepared', file_hash TEXT, size_bytes INTEGER, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, leaf_index INTEGER, UNIQUE (work, content_hash), UNIQUE (work, version)
) STRICT;
CREATE INDEX record_content ON record (content_hash, content_method);
CREATE INDEX record_identifier ON record (identifier);
CREATE INDEX record_file ON record (file_hash) WHERE file_hash IS NOT NULL;
CREATE INDEX record_prepared ON record (created_at) WHERE status = 'prepared';
CREATE INDEX record_expiry ON record (expires_at);
CREATE TABLE propagation (
  identity TEXT PRIMARY KEY, work TEXT NOT NULL, identifier TEXT NOT NULL, producer TEXT NOT NULL, produce_id TEXT NOT NULL, propagator TEXT NOT NULL, propagate_id TEXT NOT NULL,
  reserved_code TEXT NOT NULL, at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX propagation_work ON propagation (work, at);
CREATE INDEX propagation_identifier ON propagation (identifier);
CREATE INDEX propagation_expiry ON propagation (expires_at);
CREATE TABLE recipient (
  identity TEXT PRIMARY KEY, work TEXT NOT NULL, producer TEXT NOT NULL, produce_id TEXT NOT NULL, sealed BLOB NOT NULL, sealed_with TEXT NOT NULL, at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recipient_work ON recipient (work, at);
CREATE INDEX recipient_expiry ON recipient (expires_at);
CREATE TABLE hold (work TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE event (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, work TEXT, at INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX event_kind ON event (kind, seq);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes the tables where the file is new. Many processes may do so at once: whoever has the write lock first makes them.
 *
 * @throws LabelError `STORE_FAILED` with the reasons `not_a_store` and `newer_schema`, before anything is written.
 */
export const ensureSqliteSchema = (connection: SqliteConnection): void => {
  if (versionOf(connection) === SCHEMA_VERSION) {
    return;
  }
  connection.exec('BEGIN IMMEDIATE');
  try {
    if (versionOf(connection) === 0) {
      connection.exec(SCHEMA);
    }
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
};

/** @returns 0 for a file without tables. */
const versionOf = (connection: SqliteConnection): number => {
  const applicationId = Number(connection.all('PRAGMA application_id')[0]?.['application_id']);
  const version = Number(connection.all('PRAGMA user_version')[0]?.['user_version']);
  const isEmpty = connection.all('SELECT 1 FROM sqlite_schema LIMIT 1').length === 0;
  if (applicationId !== APPLICATION_ID && !(isEmpty && applicationId === 0 && version === 0)) {
    throw storeFailed('not_a_store');
  }
  if (version > SCHEMA_VERSION) {
    throw storeFailed('newer_schema');
  }
  return version;
};
