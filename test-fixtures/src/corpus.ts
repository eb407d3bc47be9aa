import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

/** A file of the corpus that nobody here made. */
export interface CorpusFile {
  readonly name: string;
  readonly path: string;
  bytes(): Uint8Array;
}

/** Why corpus tests are skipped, or `undefined` where the corpus lies beside the project. */
export const corpusMissing: string | undefined = existsSync(root) ? undefined : 'the corpus (../shared/corpus) is not beside this clone';

/** Files of the corpus with one of these endings, or all of them. */
export const corpusFiles = (...extensions: readonly string[]): readonly CorpusFile[] => {
  if (corpusMissing !== undefined) {
    return [];
  }
  return readdirSync(root, { withFileTypes: true })
    .filter((folder) => folder.isDirectory())
    .flatMap((folder) => readdirSync(join(root, folder.name)).map((name) => `${folder.name}/${name}`))
    .filter((name) => extensions.length === 0 || extensions.some((extension) => name.toLowerCase().endsWith(extension)))
    .sort()
    .map((name) => ({ name, path: join(root, name), bytes: () => new Uint8Array(readFileSync(join(root, name))) }));
};
