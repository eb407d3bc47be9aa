import { existsSync } from 'node:fs';
import { LabelError, type Trace, type TraceOptions, traceFile, traceIdentifier, writeAtomically } from 'aigc-label';
import { loadSettings } from './config.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { openLogOf } from './log.ts';
import { printableJson } from './printable.ts';
import { openRecords } from './records.ts';
import { traceLines } from './render-trace.ts';
import { type Session, sessionFor } from './session.ts';
import type { Settings } from './settings.ts';
import { readTrust } from './trust.ts';

/** The flags of `trace`; those of settings are read by `loadSettings`. */
export interface TraceFlags extends Readonly<Record<string, unknown>> {
  readonly json?: boolean;
  readonly proofOut?: string;
}

/** `aigc-label trace`: who made a work, when, with which model, who has spread it, and how sure that is. @throws LabelError for settings, stores and files that cannot be read. */
export const trace = async (subjects: readonly string[], flags: TraceFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const records = await openRecords(settings, session.env, { isWriting: false });
  if (records === undefined) {
    throw new LabelError('RECORD_NOT_FOUND', 'There is no store of records yet.', { data: { identifier: subjects.join(', ') } });
  }
  try {
    const trust = await readTrust(settings);
    const [only] = subjects;
    if (flags.proofOut !== undefined && (subjects.length > 1 || settings.log === undefined)) {
      throw new UsageError(session.words.usage.proofOutTakesOne);
    }
    const options: TraceOptions = { records, ...(trust === undefined ? {} : { trust }) };
    let code: ExitCode = EXIT.fine;
    for (const subject of subjects) {
      const story = existsSync(subject) ? await traceFile(subject, options) : await traceIdentifier(subject, options);
      code = isKnown(story) ? code : EXIT.unlabelled;
      if (flags.proofOut !== undefined && subject === only) {
        await writeProof(story, flags.proofOut, settings, session);
      }
      await session.out.line(flags.json === true ? printableJson({ subject, trace: story }) : `${traceLines(subject, story, session).join('\n')}\n`);
    }
    return code;
  } finally {
    await records.close();
  }
};

/** The offline proof of the newest record that stands in the log. @throws LabelError `RECORD_NOT_FOUND` where none does. */
const writeProof = async ({ records }: Trace, path: string, settings: Settings, session: Session): Promise<void> => {
  const record = records.find(({ leafIndex }) => leafIndex !== null);
  const log = record === undefined ? undefined : await openLogOf(settings, session);
  if (record?.leafIndex == null || log === undefined) {
    throw new LabelError('RECORD_NOT_FOUND', 'No record of it stands in the log.', { data: { identifier: path } });
  }
  try {
    const proof = new TextEncoder().encode(await log.bundle(record.leafIndex, record.reservedCode));
    await writeAtomically(path, async (file, disk) => void (await disk.write(file, proof, 0)), { mode: 0o644, mayReplace: true });
    await session.err.line(session.words.trace.proof(path, log.log.verifierKey));
  } finally {
    await log.close();
  }
};

const isKnown = ({ records }: Trace): boolean => records.length > 0;
