import { lstat, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type FileOutcome, fileError, LabelError } from 'aigc-label';
import type { ApplyFile } from './run-files.ts';

/** Where labelled files go. */
export type Destination =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'in-place' }
  | { readonly kind: 'standard-output' };

/** The path of a file's labelled form: below an output folder the tree is as it is below `base`. */
export const outputOf = (input: string, base: string, destination: Exclude<Destination, { kind: 'standard-output' }>): string => {
  switch (destination.kind) {
    case 'in-place':
      return input;
    case 'file':
      return destination.file;
    case 'folder':
      return join(destination.folder, relative(base, resolve(input)));
  }
};

/**
 * What an output that exists says, where it is what this very command would write: newer than its input, and labelling it again would change nothing. So a
 * run that was stopped goes on where it stopped. `undefined` where there is nothing yet, or something that may be replaced.
 *
 * @param name the input's, which tells kinds of text apart.
 * @throws LabelError `OUTPUT_EXISTS` where it is anything else, unless `mayReplace`; `OUTPUT_IS_INPUT`, `NOT_A_FILE`.
 */
export const doneEarlier = async (
  input: string,
  output: string,
  apply: ApplyFile,
  { mayReplace, name }: { readonly mayReplace: boolean; readonly name: string },
): Promise<FileOutcome | undefined> => {
  const present = await lstat(output).catch((error: unknown) => {
    const failure = fileError(error, output);
    if (failure instanceof LabelError && failure.code === 'NOT_FOUND') {
      return undefined;
    }
    throw failure;
  });
  if (present === undefined) {
    return undefined;
  }
  if (present.isDirectory()) {
    throw new LabelError('NOT_A_FILE', `${JSON.stringify(output)} is a folder.`, { data: { path: output } });
  }
  const original = await stat(input).catch((error: unknown) => {
    throw fileError(error, input);
  });
  if (resolve(input) === resolve(output) || (present.dev === original.dev && present.ino === original.ino)) {
    throw new LabelError('OUTPUT_IS_INPUT', 'The output is the input itself.', { data: { path: output } });
  }
  const said = present.isFile() && present.mtimeMs >= original.mtimeMs ? await sayingTheSame(output, apply, name) : undefined;
  if (said === undefined && !mayReplace) {
    throw new LabelError('OUTPUT_EXISTS', `${JSON.stringify(output)} exists already.`, { data: { path: output } });
  }
  return said;
};

const sayingTheSame = async (output: string, apply: ApplyFile, name: string): Promise<FileOutcome | undefined> => {
  try {
    const outcome = await apply(output, output, { name, isDryRun: true });
    return outcome.outcome === 'unchanged' ? outcome : undefined;
  } catch (error) {
    if (error instanceof LabelError) {
      return undefined;
    }
    throw error;
  }
};
