import { inspect } from 'node:util';
import { sampleRecord } from '@aigc-label/test-fixtures';
import { expect, it } from 'vitest';
import { postgresFailure, secretsOf } from './postgres-errors.ts';
import { postgresStore } from './postgres-store.ts';

it('tells neither connection string nor password, wherever an error holds them', () => {
  const connectionString = 'postgres://me:s3cr%40t@host/db?password=0th%40er';
  for (const secret of [connectionString, 's3cr%40t', 's3cr@t', '0th%40er', '0th@er']) {
    const error = Object.assign(new Error(`Cannot use ${secret}.`), { code: '28P01', input: secret, detail: secret });
    const failure = postgresFailure(error, secretsOf(connectionString));
    expect(failure).toMatchObject({ code: 'STORE_FAILED', data: { reason: 'not_permitted' }, cause: { code: '28P01', message: 'Cannot use ….' } });
    expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(secret);
  }
});

it.each([
  [{ code: '53100' }, 'disk_full', 1],
  [{ code: '42P01' }, 'failed', 1],
  [{ code: '40P01' }, 'busy', 4],
  [{ code: 'ECONNRESET' }, 'unreachable', 4],
  [{ code: 'ECONNREFUSED' }, 'unreachable', 1],
  [{ message: 'timeout exceeded when trying to connect' }, 'unreachable', 4],
])('%j is %s, after %i tries', async (details, reason, tries) => {
  let tried = 0;
  const pool = {
    connect: async () => {
      tried += 1;
      throw Object.assign(new Error('An error of the driver.'), details);
    },
    end: async () => {},
  };
  await expect(postgresStore({ pool }).prepare(sampleRecord('a'))).rejects.toMatchObject({ code: 'STORE_FAILED', data: { reason } });
  expect(tried).toBe(tries);
});
