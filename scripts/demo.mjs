// The main job on sample files: labels and signs them with the command line, verifies and traces them, and lets tools that are not ours read the labels back.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = 'demo-output';
/** The key, the trust list and the records of the demo, and of nothing else. */
const STATE = 'demo-state';
const PRODUCER = '001191110000MA0000000H10001';
const FILES = ['picture.png', 'clip.mp4', 'song.mp3', 'article.md'];
const cli = 'packages/cli/bin/aigc-label.mjs';

const env = { ...process.env, AIGC_LABEL_KEYS: join(root, STATE, 'keys'), AIGC_LABEL_RECORDS: join(STATE, 'records.db') };

for (const folder of [OUTPUT, STATE]) {
  rmSync(join(root, folder), { recursive: true, force: true });
}
mkdirSync(join(root, STATE), { mode: 0o700 });
say('A generating service makes a key once, and gives the public half to whoever verifies');
const hasKey = aigcLabel('keys', 'new', '--names', PRODUCER);
writeFileSync(join(root, STATE, 'trust.json'), output(process.execPath, [cli, 'keys', 'export']) ?? '');
say(
  'It labels and signs what it made: the implicit label in all four, and one that people see or hear: a badge, an opening, a spoken notice, a line',
);
const isLabelled = aigcLabel(
  'label',
  ...FILES.map((file) => `samples/${file}`),
  '--out',
  OUTPUT,
  '--producer',
  PRODUCER,
  '--explicit',
  '--sign',
  '--model',
  'demo-1',
);
say('A platform verifies the upload with the key that it trusts, and looks for the explicit labels in pixels and sound, too');
const isVerified = aigcLabel('verify', OUTPUT, '--explicit', '--trust', `${STATE}/trust.json`);
say('Anyone who may look into the records traces a file back to its origin');
aigcLabel('trace', `${OUTPUT}/picture.png`, '--trust', `${STATE}/trust.json`);
say('Tools that are not ours read the same labels');
const isRead = FILES.map((file) => readByOthers(join(OUTPUT, file)));
console.log(
  `\nLook at ${join(OUTPUT, 'picture.png')}, at the first seconds of ${join(OUTPUT, 'clip.mp4')}, and at ${join(OUTPUT, 'article.md')}; listen to ${join(OUTPUT, 'song.mp3')}.`,
);
process.exitCode = hasKey && isLabelled && isVerified && isRead.every(Boolean) ? 0 : 1;

function say(sentence) {
  console.log(`\n── ${sentence}`);
}

function aigcLabel(...args) {
  console.log(`$ aigc-label ${args.join(' ')}`);
  return runNode([cli, ...args], { cwd: root, env }) === 0;
}

/** Prints what exiftool or ffprobe sees; they come from the registry with the tests, since this machine may have neither. */
function readByOthers(file) {
  if (file.endsWith('.md')) {
    const { parse } = fromFolder('packages/text')('yaml');
    const text = readFileSync(join(root, file), 'utf8');
    return show(file, 'yaml', JSON.stringify(parse(text.split(/^---$/m)[1])?.AIGC));
  }
  const fixtures = fromFolder('test-fixtures');
  if (/\.(mp4|mp3)$/.test(file)) {
    const { path } = fixtures('@ffprobe-installer/ffprobe');
    makeExecutable(path);
    return show(file, 'ffprobe', output(path, ['-v', 'error', '-show_entries', 'format_tags=AIGC', '-of', 'default=nw=1:nk=1', file]));
  }
  if (output('perl', ['-v']) === undefined) {
    return show(file, 'exiftool', 'skipped: exiftool needs perl, which this machine does not have') || true;
  }
  const exiftool = createRequire(fixtures.resolve('exiftool-vendored'))('exiftool-vendored.pl');
  return show(file, 'exiftool', output('perl', [exiftool, '-s3', '-XMP-TC260:all', file]));
}

function show(file, tool, value) {
  const text = value?.trim() ?? '';
  console.log(`${tool.padEnd(9)} ${file}\n          ${text === '' ? 'nothing' : text}`);
  return text.includes(PRODUCER);
}

function output(command, args) {
  try {
    return execFileSync(command, args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

function fromFolder(folder) {
  return createRequire(join(root, folder, 'package.json'));
}

function makeExecutable(path) {
  try {
    chmodSync(path, 0o755);
  } catch {
    // Already executable, or not ours to change: running it will tell.
  }
}
