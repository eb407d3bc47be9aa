import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { sampleRecord, testStore } from '@aigc-label/test-fixtures';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../scripts/postgres-server.mjs';
import { postgresStore } from './postgres-store.ts';

const server = await startPostgres();

describe('options and errors', () => {
  it('needs one way to a server, and a plain name of a schema', () => {
    const connectionString = 'postgres://a@localhost/b';
    const wrong = [
      {},
      { connectionString, pool: new pg.Pool() },
      { connectionString: 'http://a' },
      { connectionString, schema: 'a"; DROP TABLE record; --' },
    ];
    for (const options of [...wrong, { connectionString, maximumConnections: 1 }, { connectionString, recordRetentionDays: 1 }]) {
      expect(() => postgresStore(options)).toThrow(TypeError);
    }
  });

  it('never tells a password', async () => {
    const addresses = [
      'postgres://me:s3cr%40t@127.0.0.1:1/db',
      'postgres://me:s3cr@t@bad host:port/db',
      'postgres://me@127.0.0.1:1/db?password=s3cr%40t',
    ];
    for (const connectionString of [...addresses, 'postgres://me:s3cr%40t@%zz/db', 'postgres://me:s3cr%40t@127.0.0.1:99999/db']) {
      const store = postgresStore({ connectionString });
      const error = await store.find(sampleRecord('a')).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STORE_FAILED' });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/s3cr/);
      await store.close();
    }
  });

  it('says that a server is not there', async () => {
    const store = postgresStore({ connectionString: 'postgres://me@127.0.0.1:1/db' });
    await expect(store.prepare(sampleRecord('a'))).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason: 'unreachable' } });
    await store.close();
  });
});

if ('reason' in server) {
  describe('store PostgreSQL', () => {
    it.skip(`PostgreSQL: ${server.reason}`, () => {});
  });
} else {
  const { connectionString } = server;
  const run = Date.now().toString(36);
  const schemas: string[] = [];
  const schemaOf = (place: string): string => {
    const schema = `test_${run}_${place}`;
    schemas.push(schema);
    return schema;
  };
  const pool = new pg.Pool({ connectionString, max: 3 });
  // The server may end before the last idle connection has.
  pool.on('error', () => {});
  afterAll(async () => {
    // A server that was given is left as it was.
    await pool.query([...new Set(schemas)].map((schema) => `DROP SCHEMA IF EXISTS ${schema} CASCADE;`).join(' '));
    await pool.end();
    await server.stop();
  });

  testStore({
    name: 'PostgreSQL',
    open: (place, { nowMillis }) => postgresStore({ connectionString, schema: schemaOf(place), nowMillis }),
    isDurable: true,
  });

  describe('PostgreSQL', () => {
    it('lets ten stores make its tables at once', async () => {
      const schema = schemaOf('ten');
      const stores = Array.from({ length: 10 }, () => postgresStore({ connectionString, schema }));
      const outcomes = await Promise.all(stores.map((store, index) => store.prepare(sampleRecord(`r${index}`))));
      expect(outcomes).toEqual(Array(10).fill('new'));
      await Promise.all(stores.map((store) => store.close()));
    });

    it('works over a pool that is given, and leaves it open', async () => {
      const store = postgresStore({ pool, schema: schemaOf('pool') });
      expect(await store.prepare(sampleRecord('a'))).toBe('new');
      await store.close();
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });

    it('commits to the disk whatever the default of the user is', async () => {
      const lax = new pg.Pool({ connectionString, max: 1, options: '-c synchronous_commit=off' });
      const store = postgresStore({ pool: lax, schema: schemaOf('lax') });
      await store.prepare(sampleRecord('a'));
      expect((await lax.query('SHOW synchronous_commit')).rows).toEqual([{ synchronous_commit: 'on' }]);
      await store.close();
      await lax.end();
    });

    it('goes on after its connections were cut', async () => {
      const schema = schemaOf('cut');
      const store = postgresStore({ connectionString, schema });
      await store.prepare(sampleRecord('a'));
      await pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'aigc-label' AND query LIKE '%${schema}%'`);
      expect(await store.prepare(sampleRecord('b'))).toBe('new');
      await store.close();
    });

    it('leaves alone the tables of another, and those of a newer version', async () => {
      const foreign = schemaOf('foreign');
      await pool.query(`CREATE SCHEMA ${foreign}; CREATE TABLE ${foreign}.record (a text)`);
      const newer = schemaOf('newer');
      const first = postgresStore({ connectionString, schema: newer });
      await first.find(sampleRecord('a'));
      await first.close();
      await pool.query(`UPDATE ${newer}.schema_version SET version = 2`);
      for (const [schema, reason] of [
        [foreign, 'not_a_store'],
        [newer, 'newer_schema'],
      ] as const) {
        const store = postgresStore({ connectionString, schema });
        await expect(store.prepare(sampleRecord('a'))).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason } });
        await store.close();
      }
    });

    it('certifies what a sweep has forgotten', async () => {
      let now = 1_000;
      const store = postgresStore({ connectionString, schema: schemaOf('certified'), nowMillis: () => now });
      await store.prepare(sampleRecord('a'));
      now += 1_096 * 86_400_000;
      await store.sweep();
      expect(await store.certificates()).toEqual([
        { abandoned: 1, forgottenRecords: 1, forgottenRecipients: 0, forgottenPropagations: 0, atMillis: now },
      ]);
      await store.close();
    });

    it('loses nothing that was acknowledged when its clients are killed', async () => {
      schemas.push('kill_test');
      const script = fileURLToPath(new URL('../../scripts/kill-store.mjs', import.meta.url));
      const env = { ...process.env, AIGC_LABEL_TEST_POSTGRES: connectionString };
      const { stdout } = await promisify(execFile)(process.execPath, [script, 'postgres', '3'], { env });
      expect(JSON.parse(stdout)).toMatchObject({ killed: 6, lost: 0, publishedLost: 0, filesWithoutRecord: 0 });
      expect(JSON.parse(stdout).acknowledged).toBeGreaterThan(6);
    });
  });
}
