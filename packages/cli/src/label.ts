import { createLabeler } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { requestOf } from './label-request.ts';
import { type FilesFlags, runFiles } from './run-files.ts';
import { type Session, sessionFor } from './session.ts';
import { openSigning } from './signing.ts';

/** `aigc-label label`. @throws UsageError, and LabelError for settings and fields that cannot be. */
export const label = async (args: readonly string[], flags: FilesFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const request = await requestOf(settings, flags.produceId, session.words);
  const { close, ...tools } = await openSigning(settings, { name: request.ContentProducer, flags }, session);
  try {
    const labeler = createLabeler({ ...request, ...tools, ...(settings.model === undefined ? {} : { model: settings.model }) });
    return await runFiles(args, flags, settings, session, labeler.labelFile, { isRecorded: tools.records !== undefined });
  } finally {
    await close();
  }
};
