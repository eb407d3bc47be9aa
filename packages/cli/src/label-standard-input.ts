import { createReadStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { borrowPath } from 'aigc-label';
import { STANDARD_INPUT } from './inputs.ts';
import { type FileResult, refusal } from './label-file.ts';
import type { Destination } from './outputs.ts';
import type { ApplyFile } from './run-files.ts';
import type { Session } from './session.ts';
import { withStandardInput } from './standard-input.ts';

/** How standard input is labelled. */
export interface StandardInputOptions {
  readonly name: string;
  readonly mayReplace: boolean;
  readonly isDryRun: boolean;
}

/** Labels what comes from standard input, to standard output or a file. Nothing is printed before the label was read back. */
export const labelStandardInput = async (
  destination: Destination,
  apply: ApplyFile,
  options: StandardInputOptions,
  session: Session,
): Promise<FileResult> => {
  const output = destination.kind === 'file' ? destination.file : null;
  const result = borrowPath();
  try {
    const done = await withStandardInput(session.stop.signal, (spooled) =>
      apply(spooled, output ?? result.path, {
        ...options,
        // A pipe has room for one file only.
        mayUseSidecar: output !== null,
        makesFolders: true,
        isDurable: output !== null,
        signal: session.stop.signal,
      }),
    );
    if (output !== null && !options.isDryRun) {
      // What was spooled is private; what was asked for has the permissions of any new file.
      for (const path of [output, ...(done.sidecar === null ? [] : [done.sidecar])]) {
        await chmod(path, 0o666 & ~process.umask());
      }
    } else if (!options.isDryRun) {
      await pipeline(createReadStream(result.path), process.stdout, { end: false });
    }
    return { file: STANDARD_INPUT, output, outcome: done.outcome, done, error: null };
  } catch (error) {
    return refusal(STANDARD_INPUT, output, error, session);
  } finally {
    await result.give();
  }
};
