import { createVerifier, noticeWords } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { lookAtAll } from './look-at-all.ts';
import { verifyPrinter } from './render-report.ts';
import { type Session, sessionFor } from './session.ts';

/** The flags of `verify`; those of settings are read by `loadSettings`. */
export interface VerifyFlags extends Readonly<Record<string, unknown>> {
  readonly declared?: boolean;
  readonly explicit?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly name?: string;
}

/** `aigc-label verify`. @throws UsageError, and LabelError for settings that cannot be. */
export const verify = async (args: readonly string[], flags: VerifyFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const verifier = createVerifier();
  if (flags.json === true && flags.sarif === true) {
    throw new UsageError(session.words.usage.jsonOrSarif);
  }
  const form = flags.json === true ? 'json' : flags.sarif === true ? 'sarif' : 'text';
  const printer = verifyPrinter(session, { form, isQuiet: settings.quiet === true });
  const isDeclared = flags.declared === true;
  const { explicitText } = settings;
  const search = { texts: explicitText === undefined ? [] : [noticeWords(explicitText)], signal: session.stop.signal };
  const options = { isDeclared, ...(settings.explicit === true ? { explicit: search } : {}) };
  await lookAtAll(
    args,
    {
      look: (path, name) => verifier.verifyFile(path, { ...options, ...(name === undefined ? {} : { name }) }),
      print: (looked) => printer.file(looked),
      name: flags.name ?? '',
      concurrency: settings.concurrency,
      isQuiet: settings.quiet === true,
    },
    session,
  );
  return printer.end();
};
