import { createVerifier } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { lookAtAll } from './look-at-all.ts';
import { inspectPrinter } from './render-inspection.ts';
import { type Session, sessionFor } from './session.ts';

/** The flags of `inspect`; those of settings are read by `loadSettings`. */
export interface InspectFlags extends Readonly<Record<string, unknown>> {
  readonly json?: boolean;
  readonly name?: string;
}

/** `aigc-label inspect`. @throws UsageError, and LabelError for settings that cannot be. */
export const inspect = async (args: readonly string[], flags: InspectFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const verifier = createVerifier();
  const printer = inspectPrinter(session, { isJson: flags.json === true });
  await lookAtAll(
    args,
    {
      look: (path, name) => verifier.inspectFile(path, name === undefined ? {} : { name }),
      print: (looked) => printer.file(looked),
      name: flags.name ?? '',
      concurrency: settings.concurrency,
      isQuiet: false,
    },
    session,
  );
  return printer.end();
};
