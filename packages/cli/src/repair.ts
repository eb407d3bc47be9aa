import { repairFile } from 'aigc-label';
import { loadSettings } from './config.ts';
import type { ExitCode } from './exit-codes.ts';
import { type FilesFlags, runFiles } from './run-files.ts';
import { type Session, sessionFor } from './session.ts';

/** `aigc-label repair`: deviating labels into the guide's place and form, their values as they are. @throws UsageError, and LabelError for settings that cannot be. */
export const repair = async (args: readonly string[], flags: FilesFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  return runFiles(args, flags, settings, sessionFor(called, settings), repairFile);
};
