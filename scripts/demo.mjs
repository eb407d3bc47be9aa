// The main job on sample files: labels them with the command line, verifies them, and lets tools that are not ours read the labels back.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = 'demo-output';
const PRODUCER = '001191110000MA0000000H10001';
const FILES = ['picture.png', 'clip.mp4', 'song.mp3', 'article.md'];
const cli = 'packages/cli/bin/aigc-label.mjs';

rmSync(join(root, OUTPUT), { recursive: true, force: true });
say(
  'A generating service labels what it made: the implicit label in all four, and one that people see or hear: a badge, an opening, a spoken notice, a line',
);
const isLabelled = aigcLabel('label', ...FILES.map((file) => `samples/${file}`), '--out', OUTPUT, '--producer', PRODUCER, '--explicit');
say('A platform verifies the upload, and looks for the explicit labels in pixels and sound, too');
aigcLabel('verify', OUTPUT, '--explicit');
say('Tools that are not ours read the same labels');
const isRead = FILES.map((file) => readByOthers(join(OUTPUT, file)));
console.log(
  `\nLook at ${join(OUTPUT, 'picture.png')}, at the first seconds of ${join(OUTPUT, 'clip.mp4')}, and at ${join(OUTPUT, 'article.md')}; listen to ${join(OUTPUT, 'song.mp3')}.`,
);
process.exitCode = isLabelled && isRead.every(Boolean) ? 0 : 1;

function say(sentence) {
  console.log(`\n── ${sentence}`);
}

function aigcLabel(...args) {
  console.log(`$ aigc-label ${args.join(' ')}`);
  return runNode([cli, ...args], { cwd: root }) === 0;
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
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
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
