import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the snippets take as given. */
const GIVEN = 'declare const png: Uint8Array, article: Uint8Array, picture: Uint8Array, clip: Uint8Array, answer: Response;\n';

const READMES = ['README.md', 'README.zh-CN.md', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)];

describe('the READMEs', () => {
  it('hold TypeScript that compiles against what is built', () => {
    // Inside the toolkit's folder every package of ours can be resolved; a folder of its own, so that nothing else is compiled.
    const folder = mkdtempSync(join(root, 'packages/toolkit/readme-snippets-'));
    try {
      const snippets = READMES.flatMap((name) =>
        [...readFileSync(join(root, name), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string),
      );
      expect(snippets.length).toBe(READMES.length - 1); // the command line has none
      snippets.forEach((code, index) => {
        writeFileSync(join(folder, `snippet-${index}.ts`), GIVEN + code.replaceAll("from 'aigc-label'", "from '../dist/index.js'"));
      });
      // Packages that the toolkit itself does not import.
      const paths = { '@aigc-label/*': ['../../*/dist/index.d.ts'] };
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({
          compilerOptions: {
            module: 'NodeNext',
            target: 'ES2023',
            strict: true,
            noEmit: true,
            types: [],
            lib: ['ES2023', 'DOM', 'DOM.Iterable'],
            skipLibCheck: true,
            paths,
          },
        }),
      );
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
      expect(stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('show code by line 15, in both languages', () => {
    for (const name of ['README.md', 'README.zh-CN.md']) {
      expect(
        readFileSync(join(root, name), 'utf8')
          .split('\n')
          .findIndex((line) => line.startsWith('```')),
      ).toBeLessThan(15);
    }
  });
});
