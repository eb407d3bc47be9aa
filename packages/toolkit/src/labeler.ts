import { lstatSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  aigcVocabulary,
  applySplices,
  bytesSource,
  confirmLabel,
  FIELD_NAMES,
  type Label,
  LabelError,
  type LabelOptions,
  type LabelPlan,
  type LabelRequest,
  planLabel,
  splicedSize,
} from '@aigc-label/core';
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
import { type ExplicitRequest, explicitOptions } from './explicit.ts';
import { allFormats, allMarks, systemEntropy } from './parts.ts';

/** What is the same for every file of a service; each call may say otherwise. */
export interface LabelerOptions extends LabelRequest {
  /** Set where the content itself is to be marked, too: `true` for the defaults. The default is none. */
  readonly explicit?: boolean | ExplicitRequest;
}

/** What one call may say. */
export interface LabelCallOptions extends Partial<LabelerOptions> {
  /** A file name or extension; it tells Markdown, HTML and plain text apart, nothing else. For files their own name is the default. */
  readonly name?: string;
  readonly mediaType?: string;
  readonly signal?: AbortSignal;
}

/** How a labelled file is written. */
export interface LabelFileOptions extends LabelCallOptions {
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
  /** Plans and writes nothing. The default is `false`. */
  readonly isDryRun?: boolean;
  /** Is told the bytes written so far. */
  readonly onProgress?: (writtenBytes: number) => void;
}

/** What became of one file. */
export interface LabelOutcome {
  readonly outcome: LabelPlan['outcome'];
  /** Id of the format. */
  readonly format: string;
  readonly label: Label;
  /** The id of the explicit mark that was applied, or `null`. */
  readonly mark: string | null;
  /** Bytes before and after. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** Labels what a generating service makes. */
export interface Labeler {
  /**
   * Labels a file in memory.
   *
   * @throws LabelError as `planLabel` and `confirmLabel` do.
   */
  labelBytes(bytes: Uint8Array, options?: LabelCallOptions): Promise<LabelOutcome & { readonly bytes: Uint8Array }>;
  /**
   * Labels a file into another, or in place where `output` equals `input`; atomic in both cases, in constant memory.
   *
   * An unchanged file is copied to another output, and not written at all in place.
   * @throws LabelError as `planLabel`, `confirmLabel` and `writeAtomically` do, `NOT_A_FILE` for links in place.
   */
  labelFile(input: string, output: string, options?: LabelFileOptions): Promise<LabelOutcome>;
}

/** A labeler with every format, mark and vocabulary of this project. The producer is a name or, better, a 27-character code (`buildProviderCode`). */
export const createLabeler = (defaults: LabelerOptions): Labeler => ({
  async labelBytes(bytes, options = {}) {
    const plan = await planOf(bytesSource(bytes), defaults, options);
    const whole = plan.mark === null ? bytes : await plan.source.read(0, plan.source.size);
    const labelled = applySplices(whole, plan.splices);
    await confirmLabel(bytesSource(labelled), plan, aigcVocabulary);
    return { ...outcomeOf(plan, bytes.length), bytes: labelled };
  },
  async labelFile(input, output, options = {}) {
    const isInPlace = resolve(input) === resolve(output);
    const source = await openFileSource(input, options.blockingBytes ?? BLOCKING_BYTES);
    let whole: WholeFile | undefined;
    try {
      (isInPlace ? assertNoLink : assertAnotherFile)(source, output);
      whole = source.size <= WHOLE_FILE_BYTES && source.size > 0 ? await readWhole(source) : undefined;
      const plan = await planOf(whole === undefined ? source : bytesSource(whole.bytes), defaults, { name: input, ...options });
      if (options.isDryRun !== true && !(isInPlace && plan.outcome === 'unchanged')) {
        await write(source, whole, plan, output, options, isInPlace);
      }
      // Calls that block leave nothing else a turn; a loop over many files must not shut out timers and signals.
      await setImmediate();
      return outcomeOf(plan, source.size);
    } finally {
      whole?.release();
      source.close();
    }
  },
});

const assertNoLink = ({ path }: FileSource): void => {
  if (lstatSync(path).isSymbolicLink()) {
    throw new LabelError('NOT_A_FILE', `${JSON.stringify(path)} is a link; label the file that it points to, or write to another place.`, {
      data: { path },
    });
  }
};

const assertAnotherFile = ({ path, stats }: FileSource, output: string): void => {
  const present = statsOf(output);
  if (present !== undefined && present.dev === stats.dev && present.ino === stats.ino) {
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

const planOf = (source: Parameters<typeof planLabel>[0], defaults: LabelerOptions, options: LabelCallOptions): Promise<LabelPlan> => {
  const { explicit, name, mediaType, signal, ...request } = { ...defaults, ...options };
  const labelOptions: LabelOptions = {
    hint: { ...(name === undefined ? {} : { name }), ...(mediaType === undefined ? {} : { mediaType }) },
    ...(explicit === undefined || explicit === false ? {} : { explicit: explicitOptions(explicit === true ? {} : explicit) }),
    ...(signal === undefined ? {} : { signal }),
  };
  return planLabel(
    source,
    fieldsOnly(request),
    { formats: allFormats, vocabulary: aigcVocabulary, marks: allMarks, entropy: systemEntropy },
    labelOptions,
  );
};

const fieldsOnly = (request: LabelRequest): LabelRequest =>
  Object.fromEntries(FIELD_NAMES.filter((name) => request[name] !== undefined).map((name) => [name, request[name]])) as unknown as LabelRequest;

const write = async (
  source: FileSource,
  whole: WholeFile | undefined,
  plan: LabelPlan,
  output: string,
  options: LabelFileOptions,
  isInPlace: boolean,
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
      confirm: (written) => confirmLabel(written, plan, aigcVocabulary),
    },
  );
};

const outcomeOf = (plan: LabelPlan, sizeBefore: number): LabelOutcome => ({
  outcome: plan.outcome,
  format: plan.format.id,
  label: plan.label,
  mark: plan.mark,
  sizeBefore,
  sizeAfter: splicedSize(plan.source.size, plan.splices),
});
