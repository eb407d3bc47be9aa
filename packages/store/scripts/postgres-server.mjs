// A PostgreSQL server for tests and measurements, where its programs are found: in PATH, or where Debian and Homebrew keep them.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

const START_MILLIS = 30_000;

/** @type {typeof import('./postgres-server.d.mts').startPostgres} */
export const startPostgres = async () => {
  const given = process.env['AIGC_LABEL_TEST_POSTGRES'];
  if (given) {
    return { connectionString: given, stop: async () => {} };
  }
  if (process.platform === 'win32') {
    return { reason: 'on Windows a server must be given: set AIGC_LABEL_TEST_POSTGRES to its postgres:// address.' };
  }
  const programs = programsFolder();
  if (programs === undefined) {
    return { reason: 'initdb and postgres were not found: install PostgreSQL, or set AIGC_LABEL_TEST_POSTGRES to a postgres:// address.' };
  }
  const user = ordinaryUser();
  if (user === undefined) {
    return { reason: 'postgres refuses to run as root, and there is no user postgres or nobody.' };
  }
  return startServer(programs, user);
};

const startServer = async (programs, { name, ids }) => {
  // Short, since the path of a socket is: at most 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'aigc-pg-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  if (ids.uid !== undefined) {
    chownSync(folder, ids.uid, ids.gid);
  }
  const data = join(folder, 'data');
  const settings = { ...ids, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C', HOME: folder, USER: name } };
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...settings,
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    clear();
    return { reason: `initdb failed: ${(made.error?.message ?? made.stderr).trim().split('\n').at(-1)}` };
  }
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, '-h', '', '-c', 'fsync=on'], {
    ...settings,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  server.stderr.setEncoding('utf8').on('data', (text) => {
    log = (log + text).slice(-10_000);
  });
  const ended = new Promise((resolve) => {
    server.once('exit', resolve);
    server.once('error', resolve);
  });
  const endWithUs = () => server.kill('SIGQUIT');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.off('exit', endWithUs);
    // SIGINT is its fast shutdown.
    server.kill('SIGINT');
    await ended;
    clear();
  };
  const lateAt = Date.now() + START_MILLIS;
  while (!log.includes('ready to accept connections')) {
    if (server.exitCode !== null || Date.now() > lateAt) {
      await stop();
      return { reason: `postgres did not start: ${log.trim().split('\n').at(-1)}` };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { connectionString: `postgres://tester@/postgres?host=${encodeURIComponent(folder)}`, stop };
};

const programsFolder = () =>
  [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...subfolders('/usr/lib/postgresql', 'bin'),
    ...subfolders('/opt/homebrew/opt', 'bin', 'postgresql'),
    ...subfolders('/usr/local/opt', 'bin', 'postgresql'),
  ].find((folder) => folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));

const subfolders = (folder, inside, prefix = '') =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith(prefix))
    .sort()
    .reverse()
    .map((name) => join(folder, name, inside));

/** Ourselves, or, as root, somebody who may be nobody. */
const ordinaryUser = () => {
  if (process.getuid?.() !== 0) {
    return { name: userInfo().username, ids: {} };
  }
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find((fields) => fields[0] === name)).find((fields) => fields !== undefined);
  return user === undefined ? undefined : { name: user[0], ids: { uid: Number(user[2]), gid: Number(user[3]) } };
};
