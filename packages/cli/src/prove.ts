import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Trace, writeAtomically } from 'aigc-label';
import { UsageError } from './failure.ts';
import { openLogOf } from './log.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** The offline proof that a record stands in the log, for `verify --proof`. */
export interface Proof {
  readonly text: string;
  /** What the operator of the log publishes, for `verify --log-key`. */
  readonly logKey: string;
}

/** The proof of the newest record that stands in the log. @throws UsageError where none does, or where there is no log; LabelError `LOG_FAILED`, `KEY_NOT_FOUND`. */
export const proofFor = async ({ records }: Trace, settings: Settings, session: Session): Promise<Proof> => {
  const { usage } = session.words;
  const record = records.find(({ leafIndex }) => leafIndex !== null);
  if (record?.leafIndex == null) {
    throw new UsageError(usage.notInLog);
  }
  // Whoever only asks makes no log.
  if (settings.log !== undefined && !existsSync(join(settings.log, 'checkpoint'))) {
    throw new UsageError(usage.noLog(settings.log));
  }
  const log = await openLogOf(settings, session);
  if (log === undefined || record.leafIndex >= log.log.size) {
    await log?.close();
    throw new UsageError(usage.notInLog);
  }
  try {
    return { text: await log.bundle(record.leafIndex, record.reservedCode), logKey: log.log.verifierKey };
  } finally {
    await log.close();
  }
};

/** Writes a proof. @throws LabelError `OUTPUT_EXISTS`, and what the disk says. */
export const writeProof = async ({ text }: Proof, path: string, mayReplace: boolean): Promise<void> => {
  const bytes = new TextEncoder().encode(text);
  await writeAtomically(path, async (file, disk) => void (await disk.write(file, bytes, 0)), { mode: 0o644, mayReplace });
};
