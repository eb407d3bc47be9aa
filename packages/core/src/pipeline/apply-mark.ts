import { type ByteSource, bytesSource } from '../bytes/source.ts';
import { splicedSource } from '../bytes/spliced-source.ts';
import { LabelError } from '../errors.ts';
import type { Format, Modality } from '../ports/format.ts';
import type { ExplicitMark, MarkCall, Marked, Remark } from '../ports/mark.ts';

/** Which explicit labels are wanted. */
export interface ExplicitOptions {
  /** Options of explicit marks by the mark's id. */
  readonly marks: Readonly<Record<string, unknown>>;
  /** Files of these modalities are marked, and refused where no named mark serves their format; the others get the implicit label alone. */
  readonly modalities: readonly Modality[];
}

/** Content with its explicit mark. */
export interface MarkedContent {
  /** The id of the mark. */
  readonly id: string;
  readonly source: ByteSource;
  readonly remarks: readonly Remark[];
  /** Gives back what the content lies in; it cannot be read afterwards. */
  release(): Promise<void>;
}

/** The content with its explicit mark, or `undefined` where none is wanted or the very one is there. @throws LabelError `NOTICE_UNSUPPORTED` and what the mark throws. */
export const applyMark = async (
  source: ByteSource,
  format: Format,
  marks: readonly ExplicitMark[],
  explicit: ExplicitOptions | undefined,
  { isDryRun = false, ...call }: MarkCall & { readonly isDryRun?: boolean } = {},
): Promise<MarkedContent | undefined> => {
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
  if (await mark.isPresent(source, format.id, options, call)) {
    return undefined;
  }
  if (isDryRun && LONG.has(mark.modality)) {
    return { id: mark.id, ...contentOf(source, { kind: 'splices', splices: [] }) };
  }
  return { id: mark.id, ...contentOf(source, await mark.apply(source, format.id, options, call)) };
};

/** Marks of these take as long as the content; where nothing is to be written, it is enough to know that one would be made. */
const LONG: ReadonlySet<Modality> = new Set(['audio', 'video']);

const contentOf = (source: ByteSource, marked: Marked): Omit<MarkedContent, 'id'> => {
  const { remarks = [] } = marked;
  const nothing = async (): Promise<void> => undefined;
  switch (marked.kind) {
    case 'bytes':
      return { source: bytesSource(marked.bytes), remarks, release: nothing };
    case 'splices':
      return { source: splicedSource(source, marked.splices), remarks, release: nothing };
    case 'source':
      return { source: marked.source, remarks, release: () => marked.release() };
  }
};
