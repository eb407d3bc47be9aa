import { lstatSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type ByteSource, bytesSource, LabelError, noPlaceInside, type SidecarReader } from '@aigc-label/core';
import {
  BLOCKING_BYTES,
  blockingDisk,
  type FileSource,
  openFileSource,
  readWhole,
  WHOLE_FILE_BYTES,
  type WholeFile,
  writeAtomically,
  writeSpliced,
  writeWhole,
} from '@aigc-label/files';
import { type LabelOutcome, outcomeOf } from './apply-to-bytes.ts';
import { confirmRecorded, type RecordedPlan } from './recording.ts';
import { isSame, readSidecarOf, restoreSidecar, type SidecarPlace, sidecarPathOf, sidecarPlace, writeSidecar } from './sidecar-file.ts';
import { xmpSidecar } from './sidecar-kind.ts';

/** How a labelled file is written. */
export interface WriteFileOptions {
  readonly signal?: AbortSignal;
  /** Whether an existing output may be replaced. The default is `false`. */
  readonly mayReplace?: boolean;
  /** Whether folders on the way to the output that do not exist are made. The default is `false`. */
  readonly makesFolders?: boolean;
  /** Whether to wait until the disk has it. The default is `true`. */
  readonly isDurable?: boolean;
  /**
   * Files up to this many bytes are read and written by calls that block, which take less time than a thread takes to be called; only what waits for the disk itself
   * (fsync) does not block. The default is 1 MiB; 0 where the disk is slow to answer (a network share).
   */
  readonly blockingBytes?: number;
  /** Whether a label that finds no place inside may go into a sidecar beside the output. The default is `true`. */
  readonly mayUseSidecar?: boolean;
  /** Plans and writes nothing; notices in sound and video are not made, and not counted in `sizeAfter`. The default is `false`. */
  readonly isDryRun?: boolean;
  /** Is told the bytes written so far. */
  readonly onProgress?: (writtenBytes: number) => void;
  /** Is told how much of an explicit mark is done, 0 to 1, before anything is written. */
  readonly onMarkProgress?: (share: number) => void;
}

/** What became of a file on the disk. */
export interface FileOutcome extends LabelOutcome {
  /** The path of the sidecar that carries the label because such a file cannot; `null` where the label stands inside. */
  readonly sidecar: string | null;
}

/**
 * Carries a plan out from one file into another, or in place where `output` equals `input`; atomic in both cases, in constant memory.
 *
 * An unchanged file is copied to another output, and not written at all in place.
 * @param planOf plans over the opened file and its sidecar.
 * @throws LabelError as `planOf`, `confirmLabel`, `sidecarPlace` and `writeAtomically` do, `NOT_A_FILE` for links in place.
 */
export const applyToFile = async <Plan extends RecordedPlan>(
  input: string,
  output: string,
  planOf: (source: ByteSource, sidecar: SidecarReader) => Promise<Plan>,
  options: WriteFileOptions,
): Promise<FileOutcome & { readonly plan: Plan }> => {
  const isInPlace = resolve(input) === resolve(output);
  const source = await openFileSource(input, options.blockingBytes ?? BLOCKING_BYTES);
  let whole: WholeFile | undefined;
  let before: Uint8Array | undefined;
  let planned: Plan | undefined;
  const readBefore = async (): Promise<Uint8Array | undefined> => {
    before = await readSidecarOf(input);
    return before;
  };
  try {
    (isInPlace ? assertNoLink : assertAnotherFile)(source, output);
    whole = source.size <= WHOLE_FILE_BYTES && source.size > 0 ? await readWhole(source) : undefined;
    const plan = await planOf(whole === undefined ? source : { ...bytesSource(whole.bytes), path: source.path }, readBefore);
    planned = plan;
    await carriedOut(plan, output, async () => {
      if (plan.sidecar !== null && options.mayUseSidecar === false) {
        throw noPlaceInside(plan.format.id, 'only a sidecar could carry it, and there is no place for one here');
      }
      const place = plan.sidecar === null ? undefined : await placeOf(plan.sidecar, output, { isInPlace, before }, options);
      if (options.isDryRun === true) {
        return;
      }
      if (isInPlace && plan.outcome === 'unchanged') {
        await plan.recording?.look(source);
        return;
      }
      await write({ source, whole, plan, output, isInPlace, place }, options);
    });
    // Calls that block leave nothing else a turn; a loop over many files must not shut out timers and signals.
    await setImmediate();
    return { ...outcomeOf(plan, source.size), sidecar: plan.sidecar === null ? null : sidecarPathOf(output), plan };
  } finally {
    await planned?.release();
    whole?.release();
    source.close();
  }
};

/** Publishes the record once the file is in place. Where something failed only after the file got its name, the record stays: such a file never goes without one. */
const carriedOut = async (plan: RecordedPlan, output: string, carryOut: () => Promise<void>): Promise<void> => {
  const present = statsOf(output);
  try {
    await carryOut();
  } catch (error) {
    if (isSameFile(statsOf(output), present)) {
      await plan.recording?.abandon();
    }
    throw error;
  }
  await plan.recording?.publish();
};

const assertNoLink = ({ path }: FileSource): void => {
  if (lstatSync(path).isSymbolicLink()) {
    throw new LabelError('NOT_A_FILE', `${JSON.stringify(path)} is a link; label the file that it points to, or write to another place.`, {
      data: { path },
    });
  }
};

const assertAnotherFile = ({ path, stats }: FileSource, output: string): void => {
  const present = statsOf(output);
  if (present !== undefined && isSameFile(present, stats)) {
    throw new LabelError(
      'OUTPUT_IS_INPUT',
      `${JSON.stringify(output)} is the input itself under another name; choose another output, or label in place.`,
      { data: { input: path, output } },
    );
  }
};

/** What stands under a name, or `undefined` where nothing does or nobody may know. */
const statsOf = (path: string): Stats | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** Where a sidecar is to stand. In place it is the one that was planned over; elsewhere one may be replaced that a killed run has left, which got no further than to it. */
const placeOf = (
  sidecar: Uint8Array,
  output: string,
  { isInPlace, before }: { readonly isInPlace: boolean; readonly before: Uint8Array | undefined },
  { mayReplace = false }: WriteFileOptions,
): Promise<SidecarPlace> => {
  const isLeftOver = (present: Uint8Array): boolean => statsOf(output) === undefined && xmpSidecar.boundTo(present) === xmpSidecar.boundTo(sidecar);
  return sidecarPlace(output, (present) => {
    if (isInPlace && !isSame(present, before)) {
      throw changed(sidecarPathOf(output));
    }
    return isInPlace || mayReplace || isSame(present, sidecar) || isLeftOver(present);
  });
};

const changed = (path: string): LabelError =>
  new LabelError('SOURCE_CHANGED', `${JSON.stringify(path)} was changed by something else meanwhile; run again when it is at rest.`, {
    data: { path },
  });

interface Work {
  readonly source: FileSource;
  readonly whole: WholeFile | undefined;
  readonly plan: RecordedPlan;
  readonly output: string;
  readonly isInPlace: boolean;
  /** Set where the plan has a sidecar. */
  readonly place: SidecarPlace | undefined;
}

const write = async (work: Work, options: WriteFileOptions): Promise<void> => {
  const { source, plan, output, isInPlace, place } = work;
  const { isDurable = true, makesFolders = false } = options;
  const { sidecar } = plan;
  if (sidecar === null || place === undefined) {
    return writeContent(work, options, (written) => confirmRecorded(written, plan));
  }
  const beside = { mode: source.stats.mode, isDurable, makesFolders };
  if (isInPlace && plan.mark === null) {
    await confirmRecorded(source, plan);
    source.assertUnchanged();
    await writeSidecar(place, sidecar, beside);
    return;
  }
  // The sidecar gets its name just before its file does: a label without a file harms nobody, a file without its label may go out into the world.
  const present = statsOf(output);
  try {
    await writeContent(work, options, async (written) => {
      await confirmRecorded(written, plan);
      await writeSidecar(place, sidecar, beside);
    });
  } catch (error) {
    // Where the file got its name all the same (the disk failed afterwards), it keeps its label. What goes wrong in undoing is not what is to be told.
    if (isSameFile(statsOf(output), present)) {
      await restoreSidecar(place, sidecar, beside).catch(() => undefined);
    }
    throw error;
  }
};

const isSameFile = (a: Pick<Stats, 'dev' | 'ino'> | undefined, b: Pick<Stats, 'dev' | 'ino'> | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.dev === b.dev && a.ino === b.ino;

const writeContent = async (
  { source, whole, plan, output, isInPlace }: Work,
  options: WriteFileOptions,
  confirm: (written: ByteSource) => Promise<void>,
): Promise<void> => {
  const { signal, onProgress, isDurable = true, mayReplace = false, makesFolders = false } = options;
  await writeAtomically(
    output,
    async (file) => {
      if (whole !== undefined && plan.mark === null && signal?.aborted !== true) {
        await writeWhole(whole.bytes, plan.splices, file, source.disk);
      } else {
        await writeSpliced(plan.source, plan.splices, file, source.disk, { signal, onProgress });
      }
      source.assertUnchanged();
    },
    {
      mode: source.stats.mode,
      ...(isInPlace ? { owner: source.stats } : {}),
      mayReplace: isInPlace || mayReplace,
      isDurable,
      makesFolders,
      disk: source.disk,
      ...(whole !== undefined && options.blockingBytes !== 0 ? { confirmDisk: blockingDisk } : {}),
      confirm,
    },
  );
};
