import { existsSync } from 'node:fs';
import { type TraceOptions, traceFile, traceIdentifier } from 'aigc-label';
import { loadSettings } from './config.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { printable, printableJson } from './printable.ts';
import { proofFor, writeProof } from './prove.ts';
import { openRecords } from './records.ts';
import { traceLines } from './render-trace.ts';
import { type Session, sessionFor } from './session.ts';
import { readTrust } from './trust.ts';

/** The flags of `trace`; those of settings are read by `loadSettings`. */
export interface TraceFlags extends Readonly<Record<string, unknown>> {
  readonly json?: boolean;
  readonly proofOut?: string;
  readonly overwrite?: boolean;
}

/** `aigc-label trace`: who made a work, when, with which model, who has spread it, and how sure that is. @throws LabelError for settings, stores and files that cannot be read. */
export const trace = async (subjects: readonly string[], flags: TraceFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const { words, out, err } = session;
  if (flags.proofOut !== undefined && (subjects.length > 1 || settings.log === undefined)) {
    throw new UsageError(words.usage.proofOutTakesOne);
  }
  const records = await openRecords(settings, session, { isWriting: false });
  if (records === undefined) {
    throw new UsageError(words.trace.noStore);
  }
  try {
    const trust = await readTrust(settings);
    const options: TraceOptions = { records, ...(trust === undefined ? {} : { trust }) };
    let code: ExitCode = EXIT.fine;
    for (const subject of subjects) {
      const story = existsSync(subject) ? await traceFile(subject, options) : await traceIdentifier(subject, options);
      code = story.records.length > 0 ? code : EXIT.unlabelled;
      await out.line(flags.json === true ? printableJson({ subject, trace: story }) : `${traceLines(subject, story, session).join('\n')}\n`);
      if (flags.proofOut !== undefined) {
        const proof = await proofFor(story, settings, session);
        await writeProof(proof, flags.proofOut, flags.overwrite === true);
        await err.line(words.trace.proof(printable(flags.proofOut), proof.logKey));
      }
    }
    return code;
  } finally {
    await records.close();
  }
};
