import { LabelError, previewFile } from 'aigc-label';
import { loadSettings } from './config.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printable, printableJson } from './printable.ts';
import { type Session, sessionFor } from './session.ts';
import { explicitOf } from './settings.ts';

/** The flags of `preview`; those of settings are read by `loadSettings`. */
export interface PreviewFlags extends Readonly<Record<string, unknown>> {
  readonly outFile?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `aigc-label preview`: how the badge would look; labels nothing. @throws LabelError as `previewFile` does, and for settings that cannot be. */
export const preview = async (picture: string, flags: PreviewFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const { out, words } = sessionFor(called, settings);
  const output = flags.outFile ?? `${picture}.preview.png`;
  const { text, image = {} } = explicitOf({ ...settings, explicit: true }) ?? {};
  const request = { image, ...(text === undefined ? {} : { text }) };
  const facts = await previewFile(picture, output, request, { mayReplace: flags.overwrite === true }).catch((error: unknown) => {
    throw error instanceof TypeError ? new LabelError('NOTICE_NOT_DRAWABLE', error.message, { cause: error }) : error;
  });
  await out.line(
    flags.json === true
      ? printableJson({ file: picture, output, ...facts })
      : words.preview.drawn({ path: printable(output), pixels: facts.capPixels, percent: Math.round(facts.heightRatio * 1000) / 10 }),
  );
  return EXIT.fine;
};
