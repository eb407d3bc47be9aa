import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CertifiedStore, postgresStore, sqliteStore } from '@aigc-label/store';
import type { NewRecord } from 'aigc-label';
import pg from 'pg';
import { row, verdict } from './measure.ts';

const ROUND_MILLIS = 1_500;
const ROUNDS = 3;
const MANY = 64;
const CONNECTIONS = 8;
const TABLE = `CREATE TABLE baseline (producer TEXT, produce_id TEXT, reserved_code TEXT, content_hash TEXT, rest TEXT, created_at BIGINT, UNIQUE (producer, produce_id));
  CREATE INDEX baseline_content ON baseline (content_hash)`;

/** Durable records a second of our stores, beside the plain way: one row in one transaction, by the same library, into a table with the same two indexes of its keys. */
export const benchStore = async (folder: string): Promise<void> => {
  console.log('\nStore, durable when acknowledged, records of about a kilobyte');
  row('', 'one, a second', `${MANY}, a second`, 'look-ups');
  await benchSqlite(folder);
  await benchPostgres();
};

const benchSqlite = async (folder: string): Promise<void> => {
  const { insert, close } = await plainSqlite(join(folder, 'baseline.db'));
  await benchBoth('SQLite', insert, sqliteStore(join(folder, 'store.db')));
  close();
};

const benchPostgres = async (): Promise<void> => {
  const server = await startPostgres();
  if ('reason' in server) {
    console.log(`  PostgreSQL: ${server.reason}`);
    return;
  }
  const { connectionString } = server;
  const pool = new pg.Pool({ connectionString, max: CONNECTIONS });
  // The server may end before the last idle connection has.
  pool.on('error', () => {});
  try {
    await pool.query(`DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench; SET search_path TO bench; ${TABLE}`);
    const insert = (record: NewRecord): Promise<unknown> =>
      pool.query('INSERT INTO bench.baseline VALUES ($1, $2, $3, $4, $5, $6)', valuesOf(record));
    await benchBoth('PostgreSQL', insert, postgresStore({ connectionString, schema: 'bench_store', maximumConnections: CONNECTIONS }));
    await pool.query('DROP SCHEMA bench, bench_store CASCADE');
  } finally {
    await pool.end();
    await server.stop();
  }
};

const benchBoth = async (name: string, insert: (record: NewRecord) => Promise<unknown>, store: CertifiedStore): Promise<void> => {
  const prepare = (record: NewRecord): Promise<unknown> => store.prepare(record);
  const [plainSingle, single] = await rates(1, [insert, prepare]);
  const [plainMany, many] = await rates(MANY, [insert, prepare]);
  const known = Array.from({ length: 1_000 }, () => nextRecord());
  await Promise.all(known.map(prepare));
  let index = 0;
  const find = async (): Promise<void> => {
    index += 1;
    if ((await store.find(known[index % known.length] as NewRecord)).length !== 1) {
      throw new Error('A record was not found.');
    }
  };
  const [lookUps] = await rates(CONNECTIONS, [find]);
  row(`${name}, row by row`, plainSingle, plainMany, '');
  row(`${name}, our store`, single, many, lookUps);
  verdict(`${name}, ${MANY} at once, to one row in one transaction`, many / plainMany, 1, 'at least');
  await store.close();
};

/** How often a second each of several things is done by so many at once: the median of rounds in turn, so that whatever else the machine does falls on all of them alike. */
const rates = async <Runs extends readonly ((record: NewRecord) => Promise<unknown>)[]>(
  workers: number,
  runs: readonly [...Runs],
): Promise<{ readonly [Index in keyof Runs]: number }> => {
  const measured = runs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, run] of runs.entries()) {
      measured[index]?.push(await rateOf(workers, run));
    }
  }
  return measured.map((all) => all.toSorted((a, b) => a - b)[ROUNDS >> 1]) as { readonly [Index in keyof Runs]: number };
};

const rateOf = async (workers: number, run: (record: NewRecord) => Promise<unknown>): Promise<number> => {
  let count = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (performance.now() - started < ROUND_MILLIS) {
        await run(nextRecord());
        count += 1;
      }
    }),
  );
  return (count * 1_000) / (performance.now() - started);
};

let numbers = 0;
const nextRecord = (): NewRecord => {
  numbers += 1;
  return {
    producer: '001191110000MA0000000H10001',
    produceId: createHash('sha256').update(`${process.pid} ${numbers}`).digest('hex').slice(0, 32),
    reservedCode: `eyJhbGciOiJFZDI1NTE5In0.${'p'.repeat(340)}.${'s'.repeat(86)}`,
    keyId: 'k'.repeat(43),
    algorithm: 'Ed25519',
    signedAtSeconds: 1_795_392_000,
    labelValue: '1',
    contentMethod: 'png-1',
    contentHash: createHash('sha256').update(`content ${numbers}`).digest('base64url'),
    format: 'png',
    modality: 'image',
    mediaType: 'image/png',
    tool: 'aigc-label 1.0.0',
  };
};

const valuesOf = ({ producer, produceId, reservedCode, contentHash, ...rest }: NewRecord): (string | number)[] => [
  producer,
  produceId,
  reservedCode,
  contentHash,
  JSON.stringify(rest),
  Date.now(),
];

interface PlainDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: readonly unknown[]): unknown };
  close(): unknown;
}

/** The library that our store uses, without our store. */
const plainSqlite = async (path: string): Promise<{ readonly insert: (record: NewRecord) => Promise<unknown>; readonly close: () => void }> => {
  const builtin = process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as
    | { readonly DatabaseSync: new (path: string) => PlainDatabase }
    | undefined;
  const Database = builtin?.DatabaseSync ?? ((await import('libsql')).default as unknown as new (path: string) => PlainDatabase);
  const database = new Database(path);
  database.exec(`PRAGMA journal_mode = ${builtin === undefined ? 'DELETE' : 'WAL'}; PRAGMA synchronous = FULL; ${TABLE}`);
  const statement = database.prepare('INSERT INTO baseline VALUES (?, ?, ?, ?, ?, ?)');
  return {
    insert: async (record) => statement.run(...valuesOf(record)),
    close: () => {
      database.close();
    },
  };
};

interface PostgresServer {
  readonly connectionString: string;
  stop(): Promise<void>;
}

/** As the tests of the store start it. */
const startPostgres = async (): Promise<PostgresServer | { readonly reason: string }> => {
  const script = new URL('../../packages/store/scripts/postgres-server.mjs', import.meta.url);
  return ((await import(script.href)) as { readonly startPostgres: typeof startPostgres }).startPostgres();
};
