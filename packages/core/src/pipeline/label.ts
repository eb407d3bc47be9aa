import { rememberingSource } from '../bytes/remembering-source.ts';
import { type ByteSource, bytesSource } from '../bytes/source.ts';
import type { Splice } from '../bytes/splice.ts';
import { splicedSource } from '../bytes/spliced-source.ts';
import { LabelError } from '../errors.ts';
import type { Entropy } from '../label/identifier.ts';
import { type Label, sameLabel } from '../label/label.ts';
import type { Format, Modality } from '../ports/format.ts';
import type { ExplicitMark } from '../ports/mark.ts';
import type { Finding, Vocabulary } from '../ports/vocabulary.ts';
import { chooseFormat, type FormatHint, foreignExtension } from './choose-format.ts';
import { decideLabel, type LabelRequest } from './decide-label.ts';
import { findingsIn } from './findings.ts';

/** What labelling is wired from. */
export interface LabelParts {
  readonly formats: readonly Format[];
  readonly vocabulary: Vocabulary;
  readonly marks: readonly ExplicitMark[];
  readonly entropy: Entropy;
}

/** How to label one file. */
export interface LabelOptions {
  readonly hint?: FormatHint;
  /** Set where the content itself is to be marked, too. */
  readonly explicit?: ExplicitOptions;
  /** Looked at before an explicit mark is drawn, which is what takes time. */
  readonly signal?: AbortSignal;
}

/** Which explicit labels are wanted. */
export interface ExplicitOptions {
  /** Options of explicit marks by the mark's id. */
  readonly marks: Readonly<Record<string, unknown>>;
  /** Files of these modalities are marked, and refused where no named mark serves their format; the others get the implicit label alone. */
  readonly modalities: readonly Modality[];
}

/** A labelled file that is not yet written: `splices` over `source`. */
export interface LabelPlan {
  readonly format: Format;
  /** `labelled` for the first time · `updated` · `unchanged`: the file already says all this, and nothing is to be done. */
  readonly outcome: 'labelled' | 'updated' | 'unchanged';
  readonly label: Label;
  /** Where the unedited stretches come from: the original, or the content with its explicit mark. */
  readonly source: ByteSource;
  readonly splices: readonly Splice[];
  /** The id of the explicit mark that was applied now. */
  readonly mark: string | null;
}

/**
 * Plans a label: explicit mark first, then metadata, in the order of design.md. Writes nothing.
 *
 * @throws LabelError `FILE_EMPTY`, `FORMAT_UNKNOWN`, `LABEL_INVALID`, `LABEL_DISAGREES`, `LABEL_AMBIGUOUS`, `NOTICE_UNSUPPORTED`, and what the format or the mark throws.
 */
export const planLabel = async (source: ByteSource, request: LabelRequest, parts: LabelParts, options: LabelOptions = {}): Promise<LabelPlan> => {
  if (source.size === 0) {
    throw new LabelError('FILE_EMPTY', 'The file is empty: there is nothing to label.');
  }
  const format = await chooseFormat(source, parts.formats, options.hint);
  if (format === undefined) {
    throw new LabelError('FORMAT_UNKNOWN', 'This kind of file is not known: nothing can be labelled without knowing where the label belongs.');
  }
  const extension = foreignExtension(format, parts.formats, options.hint);
  if (extension !== undefined) {
    throw new LabelError('FORMAT_UNKNOWN', `A ${extension} file is text, but a label in it could break it: no place for one is known.`, {
      data: { extension },
    });
  }
  // The format walks the structure once to read and once to plan; the second walk finds it remembered.
  const remembered = rememberingSource(source);
  const existing = await findingsOf(remembered, format, parts.vocabulary);
  const label = decideLabel(existing, request, parts.entropy);
  assertGoing(options.signal);
  const marked = await applyMark(source, format, parts.marks, options.explicit);
  const splices = await format.plan(marked?.source ?? remembered, parts.vocabulary.encode(label));
  const isUnchanged = marked === undefined && splices.length === 0;
  return {
    format,
    outcome: isUnchanged ? 'unchanged' : existing.length === 0 ? 'labelled' : 'updated',
    label,
    source: marked?.source ?? source,
    splices,
    mark: marked?.id ?? null,
  };
};

/**
 * Reads a written label back with the ordinary reader: exactly one, conformant, saying what was planned.
 *
 * @throws LabelError `LABEL_NOT_READ_BACK`: the written file must be thrown away.
 */
export const confirmLabel = async (
  written: ByteSource,
  { format, label }: Pick<LabelPlan, 'format' | 'label'>,
  vocabulary: Vocabulary,
): Promise<void> => {
  const findings = await findingsOf(written, format, vocabulary);
  const [only] = findings;
  if (findings.length !== 1 || only?.label == null || !only.isGuidePlace || !sameLabel(only.label, label)) {
    throw new LabelError(
      'LABEL_NOT_READ_BACK',
      'The label could not be read back from the written file; nothing was kept. Please report this file.',
      {
        data: { format: format.id, findings: findings.length },
      },
    );
  }
};

const assertGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Stopped before the file was labelled; nothing was written.', { cause: signal.reason });
  }
};

const findingsOf = async (source: ByteSource, format: Format, vocabulary: Vocabulary): Promise<readonly Finding[]> =>
  findingsIn(await format.read(source), [vocabulary]);

const applyMark = async (
  source: ByteSource,
  format: Format,
  marks: readonly ExplicitMark[],
  explicit: LabelOptions['explicit'],
): Promise<{ readonly id: string; readonly source: ByteSource } | undefined> => {
  if (explicit === undefined || !explicit.modalities.includes(format.modality)) {
    return undefined;
  }
  const mark = marks.find(({ id, formats }) => formats.includes(format.id) && Object.hasOwn(explicit.marks, id));
  if (mark === undefined) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      `No explicit label can be put into ${format.id} files yet; label it without one, and show the notice around it.`,
      {
        data: { format: format.id },
      },
    );
  }
  const options = explicit.marks[mark.id];
  if (await mark.isPresent(source, format.id, options)) {
    return undefined;
  }
  const marked = await mark.apply(source, format.id, options);
  return { id: mark.id, source: marked.kind === 'bytes' ? bytesSource(marked.bytes) : splicedSource(source, marked.splices) };
};
