// Child processes, always with an argument list and never through a shell.
import { spawnSync } from 'node:child_process';

/** Runs this Node on a script with arguments; returns its exit code. */
export const runNode = (args, options = {}) => run(process.execPath, args, options);

/** Runs a command of a package from the registry through npm, without installing it anywhere that lasts. */
export const runPackage = (specifier, command, args, options = {}) => {
  const npmArgs = ['exec', '--yes', `--package=${specifier}`, '--', command, ...args];
  const npmCli = process.env.npm_execpath;
  return npmCli?.endsWith('.js') && npmCli.includes('npm') ? runNode([npmCli, ...npmArgs], options) : run('npm', npmArgs, options);
};

const run = (file, args, options) => {
  const { status, error, signal } = spawnSync(file, args, { stdio: 'inherit', ...options });
  if (error !== undefined) {
    console.error(`${file} could not be started: ${error.message}`);
  }
  return status ?? (signal === null ? 10 : 130);
};
