import { createPropagator } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { assertProvider } from './label-request.ts';
import { type FilesFlags, runFiles } from './run-files.ts';
import { type Session, sessionFor } from './session.ts';
import { openSigning } from './signing.ts';

/** The flags of `propagate`; those of settings are read by `loadSettings`. */
export interface PropagateFlags extends FilesFlags {
  readonly declared?: boolean;
  readonly suspected?: boolean;
}

/** `aigc-label propagate`: what a platform adds when it publishes (Measures Art. 6). @throws UsageError, and LabelError for settings and fields that cannot be. */
export const propagate = async (args: readonly string[], flags: PropagateFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const { propagator } = settings;
  if (propagator === undefined) {
    throw new UsageError(session.words.usage.noPropagator);
  }
  assertProvider('ContentPropagator', propagator);
  const { close, log: _, ...tools } = await openSigning(settings, { name: propagator, flags }, session);
  const { propagateFile } = createPropagator({
    ...tools,
    ContentPropagator: propagator,
    isDeclared: flags.declared === true,
    isSuspected: flags.suspected === true,
    ...(flags.propagateId === undefined ? {} : { PropagateID: flags.propagateId }),
  });
  try {
    return await runFiles(args, flags, settings, session, propagateFile);
  } finally {
    await close();
  }
};
