import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The arrows of design.md: what each package may import of ours. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  containers: ['core'],
  text: ['core', 'containers'],
  badge: ['core'],
  image: ['core', 'containers', 'badge'],
  av: ['core', 'containers', 'badge'],
  files: ['core'],
  keys: ['core'],
  store: ['core'],
  web: [],
  toolkit: ['core', 'containers', 'text', 'image', 'av', 'files'],
  cli: ['core', 'toolkit', 'keys', 'store'],
};

/** Packages that run in a browser. */
const WITHOUT_NODE = ['core', 'containers', 'text', 'av', 'web'];

/** Parts of such packages that are imported by a subpath of their own, by whoever runs ffmpeg. */
const ON_NODE = /^packages\/av\/src\/(?:ffmpeg|likeness|sound-notice|video-notice)\//;

const nameOf = (folder: string): string => (folder === 'toolkit' ? 'aigc-label' : `@aigc-label/${folder}`);
const sourcesOf = (folder: string): readonly string[] =>
  globSyncOf(`packages/${folder}/src`).filter((file) => !/\.test\.ts$/.test(file) && file.endsWith('.ts'));
const globSyncOf = (folder: string): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(`${root}/${file}`));
const importsOf = (file: string): readonly string[] =>
  [
    ...readFileSync(`${root}/${file}`, 'utf8').matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ].map(([, a, b, c]) => (a ?? b ?? c) as string);
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const outsideOf = (folder: string): readonly string[] => [
  ...new Set(
    sourcesOf(folder)
      .flatMap(importsOf)
      .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
      .map(packageOf),
  ),
];

describe.each(Object.keys(ARROWS))('package %s', (folder) => {
  const manifest = JSON.parse(readFileSync(`${root}/packages/${folder}/package.json`, 'utf8'));

  it('has sources', () => {
    expect(sourcesOf(folder).length).toBeGreaterThan(0);
  });

  it('imports only along the arrows', () => {
    const allowed = (ARROWS[folder] as readonly string[]).map(nameOf);
    expect(outsideOf(folder).filter((name) => (name.startsWith('@aigc-label/') || name === 'aigc-label') && !allowed.includes(name))).toEqual([]);
  });

  it('declares exactly what it imports', () => {
    expect(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort()).toEqual([...outsideOf(folder)].sort());
  });

  it('refers in tsconfig.json to the packages of ours that it imports', () => {
    const { references = [] } = JSON.parse(readFileSync(`${root}/packages/${folder}/tsconfig.json`, 'utf8'));
    const referred = references.map(({ path }: { path: string }) => nameOf(path.replace('../', '')));
    expect(outsideOf(folder).filter((name) => name.includes('aigc-label') && !referred.includes(name))).toEqual([]);
  });

  const itOrNothing = WITHOUT_NODE.includes(folder) ? it : (): void => {};
  itOrNothing('imports nothing from Node', () => {
    expect(
      sourcesOf(folder)
        .filter((file) => !ON_NODE.test(file))
        .flatMap((file) =>
          importsOf(file)
            .filter(isBuiltin)
            .map((specifier) => `${file}: ${specifier}`),
        ),
    ).toEqual([]);
    const globals = /\b(?:Buffer|process|__dirname|require)\b(?=[.([])/;
    expect(sourcesOf(folder).filter((file) => !ON_NODE.test(file) && globals.test(readFileSync(`${root}/${file}`, 'utf8')))).toEqual([]);
  });
});

describe('what an import loads', () => {
  /** Every module that Node resolves when the built package is imported, and from where. */
  const loadedBy = (folder: string): readonly { readonly url: string; readonly from: string }[] => {
    const script = `await import('${root}/packages/${folder}/dist/index.js'); globalThis.printImports();`;
    const args = ['--import', `${root}/test-fixtures/src/log-imports.mjs`, '--input-type=module', '-e', script];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  };
  const HEAVY = /node_modules\/(?:\.pnpm\/)?(?:@img[+/]|sharp|exiftool|fluent-ffmpeg|@ffmpeg|fontkit|pngjs)/;

  it.each(WITHOUT_NODE)('%s: nothing heavy, and of Node only what a library chooses where there is Node', (folder) => {
    const loaded = loadedBy(folder);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter(({ url }) => HEAVY.test(url))).toEqual([]);
    // yaml has one build for Node and one for browsers, and Node resolves the first.
    const builtins = loaded.filter(({ url }) => isBuiltin(url));
    expect(builtins.filter(({ from }) => !from.includes('/node_modules/yaml/'))).toEqual([]);
    expect(folder === 'text' ? [] : builtins).toEqual([]);
  });

  it('text: runs where there is no Node, with the builds that a browser resolves', async () => {
    const { exports } = JSON.parse(readFileSync(`${root}/packages/text/node_modules/yaml/package.json`, 'utf8'));
    expect(exports['.'].default).toMatch(/^\.\/browser\//);
  });

  it('aigc-label: sharp and the font are loaded when a badge is asked for, not before', () => {
    expect(loadedBy('toolkit').filter(({ url }) => HEAVY.test(url))).toEqual([]);
  });
});

describe('nobody may remove a label (Measures Art. 10)', () => {
  it.each(Object.keys(ARROWS).filter((folder) => folder !== 'cli'))('%s exports nothing whose name says so', async (folder) => {
    const exported = Object.keys(await import(`${root}/packages/${folder}/dist/index.js`));
    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter((name) => /remove|without|strip|erase|delete|purge|unlabel/i.test(name))).toEqual([]);
  });

  it('what takes a label from one place while it is written into another is for the formats alone', () => {
    const users = Object.keys(ARROWS).filter((folder) => sourcesOf(folder).flatMap(importsOf).includes('@aigc-label/containers/internal'));
    expect(users).toEqual(['text', 'image', 'av']);
  });
});
