import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testStore } from '@aigc-label/test-fixtures';
import { afterAll } from 'vitest';
import { sqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'aigc-label-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

testStore({ name: 'SQLite', open: (place, options) => sqliteStore(join(folder, `${place}.db`), options), isDurable: true });
