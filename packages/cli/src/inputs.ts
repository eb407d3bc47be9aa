import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileError, LabelError } from 'aigc-label';
import { glob, isDynamicPattern } from 'tinyglobby';
import { isSidecar, walkFolder } from './walk-folder.ts';

/** The name under which standard input is asked for and shown. */
export const STANDARD_INPUT = '-';

/** One file to work on, or why there is none. */
export interface Input {
  /** As it is opened and shown: what was asked for, and the way below it. */
  readonly path: string;
  readonly error?: unknown;
}

/** All files to work on. */
export interface Inputs {
  /** In the order of the arguments, and by name below folders; none twice. */
  readonly list: readonly Input[];
  /** The deepest folder that holds everything that was asked for: trees are mirrored from here. Absolute. */
  readonly base: string;
  /** Files that were named and lie below the output folder: they are not labelled again. */
  readonly leftOut: number;
}

/**
 * Files, folders (recursively) and globs as files. A path that exists is taken as it is, whatever characters it holds; only otherwise it may be a glob.
 * Hidden files are passed over unless named; links to folders are followed only where named; sidecars are passed over where their file is an input, too.
 *
 * @param outputFolder is left out with all that is below it: our own output is no input.
 */
export const expandInputs = async (args: readonly string[], outputFolder?: string): Promise<Inputs> => {
  const output = outputFolder === undefined ? undefined : await realpath(outputFolder).catch(() => resolve(outputFolder));
  const seen = new Map<string, Input>();
  const roots: string[] = [];
  let leftOut = 0;
  for (const arg of args) {
    const { root, inputs, isFolder } = await expand(arg, output);
    roots.push(root);
    for (const input of inputs) {
      const absolute = input.path === STANDARD_INPUT ? STANDARD_INPUT : resolve(input.path);
      if (output !== undefined && !isFolder && (await isBelow(absolute, output))) {
        leftOut += 1;
      } else if (!seen.has(absolute)) {
        seen.set(absolute, input);
      }
    }
  }
  // `label *` names the sidecars, too; labelled as files of their own, they would be written from two sides.
  const list = [...seen].filter(([path]) => !isSidecar(path, seen)).map(([, input]) => input);
  return { list, base: commonFolder(roots), leftOut };
};

interface Expanded {
  readonly root: string;
  readonly inputs: readonly Input[];
  readonly isFolder: boolean;
}

const expand = async (arg: string, output: string | undefined): Promise<Expanded> => {
  const file: Expanded = { root: dirname(resolve(arg)), inputs: [{ path: arg }], isFolder: false };
  if (arg === STANDARD_INPUT) {
    return { ...file, root: resolve('.') };
  }
  try {
    const entry = await lstat(arg);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(arg)));
    return isFolder ? { root: resolve(arg), inputs: await walkFolder(arg, output), isFolder } : file;
  } catch (error) {
    const failure = fileError(error, arg);
    if (failure instanceof LabelError && failure.code === 'NOT_FOUND' && isDynamicPattern(arg)) {
      return expandGlob(arg, failure);
    }
    // Node replaces what is not UTF-8 in an argument, so such a file can never be found by its name.
    const isMangled = failure instanceof LabelError && failure.code === 'NOT_FOUND' && arg.includes('\ufffd');
    return { ...file, inputs: [{ path: arg, error: isMangled ? nameUnreadable(arg) : failure }] };
  }
};

/** Whether a path, links followed, is a folder. */
export const leadsToFolder = async (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

const expandGlob = async (pattern: string, missing: LabelError): Promise<Expanded> => {
  const paths = await glob(pattern, { expandDirectories: false, onlyFiles: true, dot: false, followSymbolicLinks: false });
  const root = resolve(fixedPart(pattern));
  const inputs = paths.sort(byCodePoint).map((path) => ({ path: join(path) }));
  return { root, inputs: inputs.length === 0 ? [{ path: pattern, error: missing }] : inputs, isFolder: false };
};

/** The folders at the beginning of a glob that hold no pattern. */
const fixedPart = (pattern: string): string => {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => isDynamicPattern(part));
  const fixed = parts.slice(0, first === -1 ? parts.length - 1 : first).join('/');
  return fixed === '' && pattern.startsWith('/') ? '/' : fixed;
};

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isBelow = async (path: string, folder: string): Promise<boolean> => {
  const real = await realpath(dirname(path)).catch(() => dirname(path));
  return real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep);
};

const commonFolder = (folders: readonly string[]): string => {
  const [first = resolve('.'), ...others] = folders;
  let common = first;
  while (!others.every((folder) => folder === common || folder.startsWith(common.endsWith(sep) ? common : common + sep))) {
    common = dirname(common);
  }
  return common;
};

/** An error for a name that cannot be spelt. */
export const nameUnreadable = (path: string): LabelError =>
  new LabelError('NAME_UNREADABLE', `The name ${JSON.stringify(path)} is not valid UTF-8; rename the file first.`, { data: { path } });
