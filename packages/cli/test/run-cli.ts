import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command as it is published: the built one, in a process of its own. */
export const BIN: string = fileURLToPath(new URL('../bin/aigc-label.mjs', import.meta.url));

/** A valid code of a company that does not exist. */
export const PRODUCER = '001191110000TE0T0EXA0R10001';

/** What a process left behind. */
export interface Run {
  readonly code: number | null;
  /** What ended the process, where it did not end by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
}

/** How a process is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array | string;
  /** The program and arguments that are to run node: `['setpriv', …]`. */
  readonly through?: readonly string[];
  /** `temporary` is the system's temporary folder of this run alone. */
  readonly onStart?: (child: ChildProcess, temporary: string) => void;
}

/**
 * Runs the command and waits for its end. Neither the language nor the colours of this machine reach it. It has a temporary folder of its own, in which
 * nothing may remain.
 */
export const cli = (args: readonly string[], { cwd, env = {}, input, through = [], onStart }: RunOptions): Promise<Run> => {
  const temporary = makeFolder();
  chmodSync(temporary, 0o777);
  const [program = process.execPath, ...rest] = [...through, process.execPath, BIN, ...args];
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C', TMPDIR: temporary, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  onStart?.(child, temporary);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const left = readdirSync(temporary);
      removeFolder(temporary);
      if (left.length > 0) {
        reject(new Error(`left in the temporary folder: ${left.join(', ')}`));
      }
      const bytes = Buffer.concat(out);
      resolve({ code, signal, stdout: bytes.toString('utf8'), stderr: Buffer.concat(err).toString('utf8'), bytes: new Uint8Array(bytes) });
    });
  });
};

/** What a person would see: the command, both streams, the exit code. Identifiers, which are fresh each time, are `ID`. */
export const transcript = async (args: readonly string[], options: RunOptions): Promise<string> => {
  const { code, stdout, stderr } = await cli(args, options);
  const lines = [`$ aigc-label ${args.join(' ')}`, stdout.trimEnd(), ...(stderr === '' ? [] : ['(stderr)', stderr.trimEnd()]), `(exit ${code})`];
  return `\n${lines
    .filter((line) => line !== '')
    .join('\n')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')}\n`;
};

/** A folder of its own for a test. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'aigc-label-cli-'));

/** Removes it. */
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** Everything below a folder: paths with the digest of their bytes, or what else they are. Hidden files, so temporary ones, too. */
export const snapshot = (folder: string, below = ''): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(folder, below))
      .sort()
      .flatMap((name) => {
        const path = join(below, name);
        const stats = lstatSync(join(folder, path));
        if (stats.isDirectory()) {
          return [[`${path}/`, 'folder'], ...Object.entries(snapshot(folder, path))];
        }
        const what = stats.isSymbolicLink() ? `link ${readlinkSync(join(folder, path))}` : stats.isFile() ? digest(join(folder, path)) : 'special';
        return [[path, what]];
      }),
  );

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);

/** Runs a program as a user without rights. */
export const asNobody = (): readonly string[] => ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

/** Whether this machine lets us be a user without rights who can still run node and this clone. */
export const canBeNobody = (): boolean => {
  const [program = '', ...args] = [...asNobody(), process.execPath, BIN, '--version'];
  return process.getuid?.() === 0 && spawnSync(program, args).status === 0;
};
