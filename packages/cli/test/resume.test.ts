import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { createVerifier } from 'aigc-label';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, removeFolder, snapshot } from './run-cli.ts';

const FILES = 300;
const verifier = createVerifier();

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
  mkdirSync(join(cwd, 'in/sub'), { recursive: true });
  const picture = fixtureBytes('png/animated.png');
  for (let index = 0; index < FILES; index += 1) {
    writeFileSync(join(cwd, 'in', index % 2 === 0 ? '' : 'sub', `${String(index).padStart(4, '0')}.png`), picture);
  }
});
afterEach(() => removeFolder(cwd));

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(cwd, folder, name)).isFile())
    .sort();

const temporaries = (folder: string): readonly string[] => filesBelow(folder).filter((name) => name.endsWith('.aigc-label-tmp'));

/** ProduceIDs of the files that are labelled exactly once; a temporary file may hold a whole label, and is none of them. */
const numbersOf = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const numbers = new Map<string, string>();
  for (const name of filesBelow(folder).filter((file) => !file.endsWith('.aigc-label-tmp'))) {
    const report = await verifier.verifyFile(join(cwd, folder, name));
    if (report.findings.length === 1 && report.label !== null) {
      numbers.set(name, report.label.ProduceID);
    }
  }
  return numbers;
};

/** Sends a signal as soon as `isTime`. */
const interrupt = (signal: NodeJS.Signals, isTime: () => boolean) => (child: ChildProcess) => {
  void (async () => {
    while (child.exitCode === null && !isTime()) {
      await sleep(2);
    }
    child.kill(signal);
  })();
};

const hasBegun = (): boolean => {
  try {
    return filesBelow('out').length >= 20;
  } catch {
    return false;
  }
};

const BIG_BYTES = 256 << 20;

/** A sparse WAV that takes long enough to be stopped in the middle of it. */
const putBigWav = (name: string): void => {
  const wav = Buffer.from('RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0', 'latin1');
  wav.writeUInt32LE(BIG_BYTES - 8, 4);
  wav.writeUInt32LE(BIG_BYTES - 44, 40);
  writeFileSync(join(cwd, name), wav);
  truncateSync(join(cwd, name), BIG_BYTES);
};

const isWriting = (folder: string) => (): boolean => {
  try {
    return temporaries(folder).some((name) => name.includes('.big.wav.') && statSync(join(cwd, folder, name)).size > 0);
  } catch {
    return false;
  }
};

describe('a run that was stopped goes on where it stopped', () => {
  const args = ['label', 'in', '--out', 'out', '-p', PRODUCER];

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s', async (signal, exitCode) => {
    const before = snapshot(join(cwd, 'in'));
    const first = await cli(args, { cwd, onStart: interrupt(signal, hasBegun) });
    expect(first.code).toBe(exitCode);
    expect(first.stderr).toContain('The same command goes on from here.');
    expect(first.stderr).not.toMatch(/^\s+at /m);
    expect(temporaries('out')).toEqual([]);
    const finished = await numbersOf('out');
    expect(finished.size).toBe(filesBelow('out').length);
    expect(finished.size).toBeGreaterThan(0);
    expect(finished.size).toBeLessThan(FILES);

    const second = await cli([...args, '--json'], { cwd });
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      summary: { labelled: FILES - finished.size, done_earlier: finished.size, refused: 0 },
    });
    const all = await numbersOf('out');
    expect(all.size).toBe(FILES);
    expect(new Set(all.values()).size).toBe(FILES);
    for (const [name, number] of finished) {
      expect(all.get(name)).toBe(number);
    }
    expect(snapshot(join(cwd, 'in'))).toEqual(before);
  });

  test('SIGINT in place: every file is either as it was or labelled', async () => {
    const original = readFileSync(join(cwd, 'in/0000.png'));
    const isLabelled = (name: string): boolean => !readFileSync(join(cwd, 'in', name)).equals(original);
    const inPlace = ['label', 'in', '--in-place', '-p', PRODUCER];
    const first = await cli(inPlace, { cwd, onStart: interrupt('SIGINT', () => isLabelled('0020.png')) });
    expect(first.code).toBe(130);
    expect(temporaries('in')).toEqual([]);
    const finished = await numbersOf('in');
    expect(finished.size).toBe(filesBelow('in').filter(isLabelled).length);
    expect(finished.size).toBeLessThan(FILES);
    expect((await cli(inPlace, { cwd })).code).toBe(0);
    const all = await numbersOf('in');
    expect(all.size).toBe(FILES);
    for (const [name, number] of finished) {
      expect(all.get(name)).toBe(number);
    }
  });

  test('SIGKILL: what the dead process left is swept by the next run, and nothing else', async () => {
    putBigWav('in/big.wav');
    const first = await cli(args, { cwd, onStart: interrupt('SIGKILL', isWriting('out')) });
    expect(first.code).toBeNull();
    expect(temporaries('out').length).toBeGreaterThan(0);
    const mine = '.mine.aigc-label-tmp';
    writeFileSync(join(cwd, 'out', mine), 'not ours: another name');
    const finished = await numbersOf('out');

    expect((await cli(args, { cwd })).code).toBe(0);
    expect(temporaries('out')).toEqual([mine]);
    const all = await numbersOf('out');
    expect(all.size).toBe(FILES + 1);
    for (const [name, number] of finished) {
      expect(all.get(name)).toBe(number);
    }
  });
});

test('Ctrl-C twice, in the middle of a large file: ends at once, and leaves nothing either', async () => {
  putBigWav('big.wav');
  const onStart = (child: ChildProcess): void => {
    interrupt('SIGINT', isWriting('.'))(child);
    child.stderr?.once('data', () => child.kill('SIGINT'));
  };
  const { code, signal } = await cli(['label', 'big.wav', '--in-place', '-p', PRODUCER], { cwd, onStart });
  // The second may come when the process has left its handlers behind; a shell shows 130 in both cases.
  expect(code ?? signal).toBeOneOf([130, 'SIGINT']);
  expect(temporaries('.')).toEqual([]);
  expect((await verifier.verifyFile(join(cwd, 'big.wav'))).integrity).toBe('absent');
  expect(statSync(join(cwd, 'big.wav')).size).toBe(BIG_BYTES);
});

describe('what counts as done earlier', () => {
  const args = ['label', 'in/0000.png', '--out', 'out', '-p', PRODUCER];

  test('not an output that is older than its input, nor one that says something else', async () => {
    expect((await cli(args, { cwd })).code).toBe(0);
    expect((await cli(args, { cwd })).stdout).toContain('done earlier');
    expect((await cli([...args, '--label', '2'], { cwd })).stderr).toContain('exists already');
    expect((await cli([...args, '--explicit'], { cwd })).code).toBe(1);
    utimesSync(join(cwd, 'in/0000.png'), new Date(), new Date(Date.now() + 5000));
    expect((await cli(args, { cwd })).stderr).toContain('exists already');
  });
});

test('standard input that never ends: Ctrl-C leaves nothing', async () => {
  const { code } = await cli(['label', '-', '-p', PRODUCER, '-o', 'x'], {
    cwd,
    through: ['sh', '-c', 'exec "$@" < /dev/zero', 'sh'],
    onStart: (child, temporary) => interrupt('SIGINT', () => readdirSync(temporary).length > 0)(child),
  });
  expect(code).toBe(130);
  expect(filesBelow('.')).toHaveLength(FILES);
});
