import { createVerifier, noticeWords } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { proofOf } from './log.ts';
import { lookAtAll } from './look-at-all.ts';
import { openRecords } from './records.ts';
import { verifyPrinter } from './render-report.ts';
import { type Session, sessionFor } from './session.ts';
import { readTrust } from './trust.ts';

/** The flags of `verify`; those of settings are read by `loadSettings`. */
export interface VerifyFlags extends Readonly<Record<string, unknown>> {
  readonly declared?: boolean;
  readonly explicit?: boolean;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly name?: string;
  readonly proof?: string;
  readonly logKey?: string;
}

/** `aigc-label verify`. @throws UsageError, and LabelError for settings that cannot be. */
export const verify = async (args: readonly string[], flags: VerifyFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  if (flags.json === true && flags.sarif === true) {
    throw new UsageError(session.words.usage.jsonOrSarif);
  }
  const form = flags.json === true ? 'json' : flags.sarif === true ? 'sarif' : 'text';
  const printer = verifyPrinter(session, { form, isQuiet: settings.quiet === true, needsProof: flags.proof !== undefined });
  const isDeclared = flags.declared === true;
  const { explicitText } = settings;
  const search = { texts: explicitText === undefined ? [] : [noticeWords(explicitText)], signal: session.stop.signal };
  const options = { isDeclared, ...(settings.explicit === true ? { explicit: search } : {}) };
  const trust = await readTrust(settings);
  const log = await proofOf(args, flags, session);
  const records = settings.records === undefined ? undefined : await openRecords(settings, session, { isWriting: false });
  const verifier = createVerifier({
    ...(trust === undefined ? {} : { trust }),
    ...(log === undefined ? {} : { log }),
    ...(records === undefined ? {} : { records }),
    ...(settings.onUnverified === undefined ? {} : { onUnverified: settings.onUnverified }),
    ...(settings.soft === true ? { soft: true } : {}),
  });
  try {
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
  } finally {
    await records?.close();
  }
  return printer.end();
};
