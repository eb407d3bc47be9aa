import { carryFile } from 'aigc-label';
import { loadSettings } from './config.ts';
import { type DestinationFlags, destinationOf } from './destination.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { STANDARD_INPUT } from './inputs.ts';
import { labelOne } from './label-file.ts';
import { sweep } from './label-jobs.ts';
import { labelPrinter } from './render-label.ts';
import { type Session, sessionFor } from './session.ts';

/** The flags of `carry`; those of settings are read by `loadSettings`. */
export interface CarryFlags extends DestinationFlags, Readonly<Record<string, unknown>> {
  readonly overwrite?: boolean;
}

/** `aigc-label carry`: the label of an original into a rendition of it. @throws UsageError, and LabelError for settings that cannot be. */
export const carry = async (original: string, rendition: string, flags: CarryFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  if ([original, rendition].includes(STANDARD_INPUT)) {
    throw new UsageError(session.words.usage.carryTakesFiles);
  }
  const destination = await destinationOf([rendition], flags, session);
  const output = destination.kind === 'file' ? destination.file : rendition;
  const isDryRun = flags.dryRun === true;
  const printer = labelPrinter(session, { isDryRun, isJson: flags.json === true, isQuiet: settings.quiet === true, isToErr: false });
  const options = { mayReplace: flags.overwrite === true, makesFolders: true, isDryRun };
  const job = { input: { path: rendition }, output, isInPlace: destination.kind === 'in-place', options };
  if (!isDryRun) {
    await sweep([job]);
  }
  await printer.file(await labelOne(job, (input, to, how) => carryFile(original, input, to, how), session));
  return printer.end();
};
