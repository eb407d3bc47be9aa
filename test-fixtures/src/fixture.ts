import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const files = fileURLToPath(new URL('../files/', import.meta.url));

/** The bytes of a fixture in test-fixtures/files, by its path there. */
export const fixtureBytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(files, name)));

/** The absolute path of a fixture. */
export const fixturePath = (name: string): string => join(files, name);

/** Names of the fixtures in one folder of test-fixtures/files. */
export const fixtureNames = (folder: string): readonly string[] => readdirSync(join(files, folder)).sort();
