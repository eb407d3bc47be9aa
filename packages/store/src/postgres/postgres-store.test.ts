import { testStore } from '@aigc-label/test-fixtures';
import { afterAll, describe, it } from 'vitest';
import { startPostgres } from '../../scripts/postgres-server.mjs';
import { postgresStore } from './postgres-store.ts';

const server = await startPostgres();

if ('reason' in server) {
  describe('store PostgreSQL', () => {
    it.skip(`PostgreSQL: ${server.reason}`, () => {});
  });
} else {
  const { connectionString } = server;
  const run = Date.now().toString(36);
  afterAll(() => server.stop());
  testStore({
    name: 'PostgreSQL',
    open: (place, { nowMillis }) => postgresStore({ connectionString, schema: `test_${run}_${place}`, nowMillis }),
    isDurable: true,
  });
}
