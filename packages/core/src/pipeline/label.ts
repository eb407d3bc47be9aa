import { equalBytes } from '../bytes/binary.ts';
import { rememberingSource } from '../bytes/remembering-source.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { Splice } from '../bytes/splice.ts';
import { LabelError } from '../errors.ts';
import type { Entropy } from '../label/identifier.ts';
import { type Label, sameLabel } from '../label/label.ts';
import type { Format, Slots, SlotText } from '../ports/format.ts';
import type { Hashing } from '../ports/hashing.ts';
import type { ExplicitMark, MarkCall, NoticeFinder, Remark } from '../ports/mark.ts';
import type { Finding, Vocabulary } from '../ports/vocabulary.ts';
import { applyMark, type ExplicitOptions } from './apply-mark.ts';
import { chooseFormat, type FormatHint, foreignExtension } from './choose-format.ts';
import { decideLabel, type LabelRequest } from './decide-label.ts';
import { findingsIn, findingsOf } from './findings.ts';
import { type Sealed, sealedLabel } from './seal-label.ts';
import { isForeign, planSidecar, readSidecar, type SidecarKind, type SidecarReader } from './sidecar.ts';
import type { Signed, Signing } from './sign-label.ts';

/** What labelling is wired from. */
export interface LabelParts {
  readonly formats: readonly Format[];
  readonly vocabulary: Vocabulary;
  readonly marks: readonly ExplicitMark[];
  readonly entropy: Entropy;
  /** Absent where no sidecar may be written. */
  readonly sidecar?: SidecarKind;
  /** Absent where nothing is signed. */
  readonly hashing?: Hashing;
  /** What looks for explicit labels, which are traces for a propagator (Measures Art. 6 item 3). */
  readonly noticeFinders?: readonly NoticeFinder[];
}

/** How to label one file. */
export interface LabelOptions {
  readonly hint?: FormatHint;
  /** Set where the content itself is to be marked, too. */
  readonly explicit?: ExplicitOptions;
  /** Gives the file's present sidecar, where it has one. */
  readonly sidecar?: SidecarReader;
  /** Looked at before and while an explicit mark is applied, which is what takes time. */
  readonly signal?: AbortSignal;
  /** Is told how much of the explicit mark is done, 0 to 1. */
  readonly onMarkProgress?: (share: number) => void;
  /** Set where the label is to be signed, over itself and the content. */
  readonly signing?: Signing;
  /** Set where the plan will not be carried out: marks in sound and video are not made then, and the plan is over the content without them. */
  readonly isDryRun?: boolean;
}

/** A labelled file that is not yet written: `splices` over `source`. */
export interface LabelPlan {
  readonly format: Format;
  /** `labelled` for the first time · `updated` · `unchanged`: the file already says all this, and nothing is to be done. */
  readonly outcome: 'labelled' | 'updated' | 'unchanged';
  readonly label: Label;
  /** What the signature covers, and since when; `null` where nothing is signed now. */
  readonly signed: Signed | null;
  /** Where the unedited stretches come from: the original, or the content with its explicit mark. */
  readonly source: ByteSource;
  readonly splices: readonly Splice[];
  /** The sidecar that carries the label because the file cannot; `null` where the label stands inside. */
  readonly sidecar: Uint8Array | null;
  /** The id of the explicit mark that was applied now. */
  readonly mark: string | null;
  /** How it was applied; empty where none was. */
  readonly remarks: readonly Remark[];
  /** Gives back what the marked content lies in; call it when the plan was carried out or is thrown away. Nothing can be read afterwards. */
  release(): Promise<void>;
}

/** What a file says already, for whoever decides what it is to say. */
export interface Present {
  readonly findings: readonly Finding[];
  /** Whether there are traces of generation: an explicit label in the content, or a sidecar of other content. Asked only by those who need to know, since it is looked for then. */
  hasTraces(): Promise<boolean>;
}

/** Decides the label that a file is to hold. @throws LabelError where it may hold none. */
export type Decide = (present: Present) => Label | Promise<Label>;

/**
 * Plans a producer's label: explicit mark first, then metadata, in the order of design.md. Writes nothing.
 *
 * @throws LabelError as `planDecided` and `decideLabel` do.
 */
export const planLabel = (source: ByteSource, request: LabelRequest, parts: LabelParts, options: LabelOptions = {}): Promise<LabelPlan> =>
  planDecided(source, ({ findings }) => decideLabel(findings, request, parts.entropy), parts, options);

/**
 * Plans the label that `decide` gives, in the guide's place, in place of every other.
 *
 * @throws LabelError `FILE_EMPTY`, `FORMAT_UNKNOWN`, `NOTICE_UNSUPPORTED`, and what `decide`, the format or the mark throws.
 */
export const planDecided = async (source: ByteSource, decide: Decide, parts: LabelParts, options: LabelOptions = {}): Promise<LabelPlan> => {
  const format = await writableFormat(source, parts, options.hint);
  // The format walks the structure once to read and once to plan; the second walk finds it remembered.
  const remembered = rememberingSource(source);
  const inside = await findingsOf(remembered, format, parts.vocabulary);
  // What stands inside is the label of the file, whatever a sidecar says that was left over from before there was a place inside.
  const sidecar = format.sidecar === undefined || inside.length > 0 ? undefined : await options.sidecar?.();
  const beside = await besideOf(source, parts, sidecar);
  const findings = [...inside, ...findingsIn(beside, [parts.vocabulary])];
  const finder = parts.noticeFinders?.find(({ formats, isDecoding }) => isDecoding !== true && formats.includes(format.id));
  const hasTraces = async (): Promise<boolean> => isForeign(beside) || ((await finder?.find(remembered, format.id)) ?? []).length > 0;
  const decided = await decide({ findings, hasTraces });
  assertGoing(options.signal);
  const marked = await applyMark(source, format, parts.marks, options.explicit, callOf(options));
  const content = marked?.source ?? remembered;
  let sealed: Sealed;
  let place: Where;
  try {
    sealed = await sealedLabel(decided, content, format, parts, options.signing, {
      before: findings[0]?.label ?? null,
      isMarked: marked !== undefined,
    });
    const slot = parts.vocabulary.encode(sealed.label);
    place = await placeOf(format, content, slot, { inside, label: sealed.label, kind: parts.sidecar, sidecar });
  } catch (error) {
    await marked?.release();
    throw error;
  }
  const isUnchanged = marked === undefined && place.splices.length === 0 && !place.isSidecarNew;
  return {
    format,
    outcome: isUnchanged ? 'unchanged' : findings.length === 0 ? 'labelled' : 'updated',
    label: sealed.label,
    signed: sealed.signed,
    source: marked?.source ?? source,
    splices: place.splices,
    sidecar: place.sidecar,
    mark: marked?.id ?? null,
    remarks: marked?.remarks ?? [],
    release: async () => marked?.release(),
  };
};

const callOf = ({ signal, onMarkProgress, isDryRun }: LabelOptions): MarkCall & { readonly isDryRun?: boolean } => ({
  ...(isDryRun === undefined ? {} : { isDryRun }),
  ...(signal === undefined ? {} : { signal }),
  ...(onMarkProgress === undefined ? {} : { onProgress: onMarkProgress }),
});

const writableFormat = async (source: ByteSource, { formats }: LabelParts, hint: FormatHint | undefined): Promise<Format> => {
  if (source.size === 0) {
    throw new LabelError('FILE_EMPTY', 'The file is empty: there is nothing to label.');
  }
  const format = await chooseFormat(source, formats, hint);
  if (format === undefined) {
    throw new LabelError('FORMAT_UNKNOWN', 'This kind of file is not known: nothing can be labelled without knowing where the label belongs.');
  }
  const extension = foreignExtension(format, formats, hint);
  if (extension !== undefined) {
    throw new LabelError('FORMAT_UNKNOWN', `A ${extension} file is text, but a label in it could break it: no place for one is known.`, {
      data: { extension },
    });
  }
  return format;
};

const besideOf = async (source: ByteSource, parts: LabelParts, sidecar: Uint8Array | undefined): Promise<Slots> =>
  sidecar === undefined || parts.sidecar === undefined ? { found: [], anomalies: [] } : readSidecar(parts.sidecar, sidecar, source);

interface Where {
  readonly splices: readonly Splice[];
  readonly sidecar: Uint8Array | null;
  readonly isSidecarNew: boolean;
}

interface Beside {
  readonly inside: readonly Finding[];
  readonly label: Label;
  readonly kind: SidecarKind | undefined;
  readonly sidecar: Uint8Array | undefined;
}

/** Inside where the format can, beside it where it cannot. */
const placeOf = async (format: Format, content: ByteSource, slot: SlotText, { inside, label, kind, sidecar }: Beside): Promise<Where> => {
  try {
    return { splices: await format.plan(content, slot), sidecar: null, isSidecarNew: false };
  } catch (error) {
    if (!(error instanceof LabelError) || error.code !== 'NO_PLACE_INSIDE' || kind === undefined) {
      throw error;
    }
    if (inside.length > 0) {
      return keptInside(inside, label);
    }
    const planned = await planSidecar(kind, sidecar, content, slot);
    return { splices: [], sidecar: planned, isSidecarNew: sidecar === undefined || !equalBytes(planned, sidecar) };
  }
};

/** Somebody's label stands where no place for one is known: it may say the same in the right form, but it cannot be changed there, and must not be said twice (GB 45438-2025 6.1 c). */
const keptInside = (inside: readonly Finding[], label: Label): Where => {
  if (inside.every((finding) => finding.label !== null && finding.status === 'conformant' && sameLabel(finding.label, label))) {
    return { splices: [], sidecar: null, isSidecarNew: false };
  }
  throw new LabelError(
    'FORMAT_UNSUPPORTED_FEATURE',
    'A label stands inside this file where none can be changed without harm; convert the original to a format that holds one.',
    { data: { sites: inside.map(({ site }) => site) } },
  );
};

const assertGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Stopped before the file was labelled; nothing was written.', { cause: signal.reason });
  }
};
