import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sampleRecord, testStore } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqlite, sqliteDriver } from './open-sqlite.ts';
import type { SqliteConnection } from './sqlite-driver.ts';
import { sqliteSessions } from './sqlite-sessions.ts';
import { sqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'aigc-label-store-'));
const driver = await sqliteDriver();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testStore({ name: 'SQLite', open: (place, options) => sqliteStore(join(folder, `${place}.db`), options), isDurable: true });

describe('SQLite', () => {
  const itWithModes = process.platform === 'win32' ? it.skip : it;
  // Windows has no such modes.
  itWithModes('makes its files readable for their owner alone', async () => {
    const path = join(folder, 'modes.db');
    const store = sqliteStore(path);
    await store.prepare(sampleRecord('a'));
    const modes = readdirSync(folder)
      .filter((name) => name.startsWith('modes.db'))
      .map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await store.close();
  });

  it('commits to the disk, with a write-ahead log only where that is safe', async () => {
    const connection = openSqlite(driver, join(folder, 'journal.db'), undefined);
    expect(connection.all('PRAGMA journal_mode')).toMatchObject([{ journal_mode: isLogSafe(connection) ? 'wal' : 'delete' }]);
    expect(connection.all('PRAGMA synchronous')).toMatchObject([{ synchronous: 2 }]);
    connection.close();
  });

  it('says disk_full, keeps what it has, and goes on when there is room', async () => {
    const path = join(folder, 'full.db');
    const store = sqliteStore(path, { maximumSizeBytes: 262_144 });
    const records = Array.from({ length: 200 }, (_, index) => sampleRecord(`r${index}`, undefined, { reservedCode: 'x'.repeat(4_000) }));
    const prepared: typeof records = [];
    let failure: unknown;
    for (const record of records) {
      try {
        await store.prepare(record);
        prepared.push(record);
      } catch (error) {
        failure = error;
        break;
      }
    }
    expect(failure).toMatchObject({ code: 'STORE_FAILED', data: { reason: 'disk_full' } });
    expect(prepared.length).toBeGreaterThan(10);
    for (const record of prepared) {
      expect(await store.find(record)).toHaveLength(1);
    }
    expect(await store.find(records[prepared.length]!)).toEqual([]);
    const together = await Promise.allSettled(records.slice(prepared.length).map((record) => store.prepare(record)));
    expect(new Set(together.map(({ status }) => status))).toEqual(new Set(['rejected']));
    const larger = sqliteStore(path);
    expect(await larger.prepare(records[prepared.length]!)).toBe('new');
    await store.close();
    expect(await larger.find(prepared.at(-1)!)).toHaveLength(1);
    await larger.close();
  });

  it('leaves alone what is not a store', async () => {
    const notes = join(folder, 'notes.db');
    const foreign = driver.open(notes);
    foreign.exec('CREATE TABLE note (text TEXT)');
    foreign.close();
    const newer = join(folder, 'newer.db');
    const future = openSqlite(driver, newer, undefined);
    future.exec('PRAGMA user_version = 2');
    future.close();
    const text = join(folder, 'text.db');
    writeFileSync(text, 'No database at all. '.repeat(500));
    const places = {
      [notes]: 'not_a_store',
      [newer]: 'newer_schema',
      [text]: 'damaged',
      [join(folder, 'none', 'a.db')]: 'not_permitted',
      [folder]: 'not_permitted',
    };
    for (const [path, reason] of Object.entries(places)) {
      const store = sqliteStore(path);
      await expect(store.prepare(sampleRecord('a')), path).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason } });
      await expect(store.find(sampleRecord('a')), path).rejects.toMatchObject({ data: { reason } });
      await store.close();
    }
    const again = driver.open(notes);
    expect(again.all('SELECT name FROM sqlite_schema')).toMatchObject([{ name: 'note' }]);
    again.close();
    expect(() => sqliteStore('')).toThrow(TypeError);
    expect(() => sqliteStore('a.db', { maximumSizeBytes: 1 })).toThrow(TypeError);
  });

  it('takes no path for an address, and makes nothing before it is used', async () => {
    const store = sqliteStore(join(folder, 'unused.db'));
    await store.close();
    expect(existsSync(join(folder, 'unused.db'))).toBe(false);
    const before = process.cwd();
    process.chdir(folder);
    try {
      const odd = sqliteStore(':memory:');
      await odd.prepare(sampleRecord('a'));
      await odd.close();
    } finally {
      process.chdir(before);
    }
    expect(existsSync(join(folder, ':memory:'))).toBe(process.platform !== 'win32');
  });

  it('waits for another process that holds the file', async () => {
    const path = join(folder, 'busy.db');
    const store = sqliteStore(path);
    await store.prepare(sampleRecord('first'));
    const other = driver.open(path);
    other.exec('BEGIN IMMEDIATE');
    const waiting = store.prepare(sampleRecord('second'));
    // Longer than SQLite itself waits.
    await new Promise((resolve) => setTimeout(resolve, 700));
    other.exec('COMMIT');
    other.close();
    expect(await waiting).toBe('new');
    expect(await store.prepare(sampleRecord('third'))).toBe('new');
    await store.close();
  });

  it('writes no log of another SQLite that it could not share safely', async () => {
    const path = join(folder, 'mixed.db');
    const store = sqliteStore(path);
    await store.prepare(sampleRecord('first'));
    const other = driver.open(path);
    other.exec('PRAGMA journal_mode = wal');
    let isDone = false;
    const waiting = store.prepare(sampleRecord('second')).then((outcome) => {
      isDone = true;
      return outcome;
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(isDone).toBe(isLogSafe(other));
    other.close();
    expect(await waiting).toBe('new');
    await store.close();
  });

  it('leaves no transaction open after an error', async () => {
    const path = join(folder, 'broken.db');
    const sessions = sqliteSessions(path, undefined);
    const broken = sessions.use((connection) => {
      connection.exec('BEGIN IMMEDIATE');
      connection.all('SELECT * FROM record');
      throw new Error('Something else.');
    });
    await expect(broken).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason: 'failed' }, cause: { message: 'Something else.' } });
    const other = openSqlite(driver, path, undefined);
    other.exec('BEGIN IMMEDIATE; COMMIT');
    other.close();
    await sessions.use((connection) => connection.exec('BEGIN IMMEDIATE; COMMIT'));
    sessions.close();
  });

  it('certifies what a sweep has forgotten', async () => {
    let now = 1_000;
    const store = sqliteStore(join(folder, 'certified.db'), { nowMillis: () => now });
    await store.prepare(sampleRecord('a'));
    await store.sweep();
    expect(await store.certificates()).toEqual([]);
    now += 1_096 * 86_400_000;
    await store.sweep();
    expect(await store.certificates()).toEqual([
      { abandoned: 1, forgottenRecords: 1, forgottenRecipients: 0, forgottenPropagations: 0, atMillis: now },
    ]);
    await store.close();
  });

  it('loses nothing that was acknowledged when its processes are killed', async () => {
    const script = fileURLToPath(new URL('../../scripts/kill-store.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, 'sqlite', '4']);
    expect(JSON.parse(stdout)).toMatchObject({ killed: 8, lost: 0, publishedLost: 0, filesWithoutRecord: 0, unsound: 0 });
    expect(JSON.parse(stdout).acknowledged).toBeGreaterThan(8);
  });
});

const isLogSafe = (connection: SqliteConnection): boolean => {
  const [{ version } = {}] = connection.all('SELECT sqlite_version() AS version');
  return String(version).localeCompare('3.51.3', undefined, { numeric: true }) >= 0;
};
