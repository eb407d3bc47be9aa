import { type BadgePreview, LabelError, previewFile } from 'aigc-label';
import { loadSettings } from './config.ts';
import { EXIT, type ExitCode, exitOfError } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { printable, printableJson } from './printable.ts';
import { debugTrace, failureLine } from './render-failure.ts';
import { type Session, sessionFor } from './session.ts';
import { explicitOf } from './settings.ts';
import type { Words } from './words/words.ts';

/** The flags of `preview`; those of settings are read by `loadSettings`. */
export interface PreviewFlags extends Readonly<Record<string, unknown>> {
  readonly outFile?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `aigc-label preview`: how the badge would look; labels nothing. @throws LabelError for settings that cannot be. */
export const preview = async (picture: string, flags: PreviewFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const { out, words } = session;
  const output = flags.outFile ?? `${picture}.preview.png`;
  const { text, image = {} } = explicitOf({ ...settings, explicit: true }) ?? {};
  const request = { image, ...(text === undefined ? {} : { text }) };
  try {
    const facts = await previewFile(picture, output, request, { mayReplace: flags.overwrite === true });
    await out.line(flags.json === true ? printableJson({ file: picture, output, ...facts }) : drawn(words, output, facts));
    return EXIT.fine;
  } catch (caught) {
    // What the standard forbids was refused with the settings; what is left depends on the picture.
    const error = caught instanceof TypeError ? new LabelError('NOTICE_NOT_DRAWABLE', caught.message, { cause: caught }) : caught;
    const failure = failureOf(error, session.wording, words);
    if (flags.json === true) {
      await out.line(printableJson({ file: picture, output, error: failure }));
    } else {
      await session.err.line(failureLine(picture, failure, session));
    }
    await debugTrace(failure, error, session);
    return exitOfError(failure.code);
  }
};

const drawn = (words: Words, output: string, { capPixels, heightRatio }: Omit<BadgePreview, 'png'>): string =>
  words.preview.drawn({ path: printable(output), pixels: capPixels, percent: Math.round(heightRatio * 1000) / 10 });
