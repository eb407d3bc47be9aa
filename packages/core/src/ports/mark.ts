import type { ByteSource } from '../bytes/source.ts';
import type { Splice } from '../bytes/splice.ts';
import type { Modality } from './format.ts';

/** A label that people perceive (显式标识, GB 45438-2025 §5), put into the content itself. */
export interface ExplicitMark<Options = unknown> {
  /** Stable: `image-badge`, `text-notice`, `sound-notice`, `video-notice`. */
  readonly id: string;
  readonly modality: Modality;
  /** Ids of the formats that it can mark. */
  readonly formats: readonly string[];
  /**
   * Whether this very mark, with these options, already stands in the content: then `apply` must not be called again.
   * Called on files that the caller is about to label, never while verifying an upload.
   */
  isPresent(source: ByteSource, formatId: string, options: Options, call?: MarkCall): Promise<boolean>;
  /**
   * The marked content, as edits or as a whole new file.
   * @throws TypeError for options that the standard forbids.
   * @throws LabelError `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`, `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `TOOL_MISSING` or `ABORTED`; nothing is left behind then.
   */
  apply(source: ByteSource, formatId: string, options: Options, call?: MarkCall): Promise<Marked>;
}

/** What one call of a mark is told by whoever waits for it. */
export interface MarkCall {
  /** Ends what runs, with `ABORTED`. */
  readonly signal?: AbortSignal;
  /** Is told how much is done, 0 to 1, never less than before. */
  readonly onProgress?: (share: number) => void;
}

/** What applying a mark gives, and what is to be told of how. */
export type Marked = { readonly remarks?: readonly Remark[] } & (
  | { readonly kind: 'splices'; readonly splices: readonly Splice[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A new file that is too large for memory; what it lies in is given back by `release`. */
  | { readonly kind: 'source'; readonly source: ByteSource; release(): Promise<void> }
);

/**
 * How a mark was applied, for people who care what became of their content:
 * `content_kept` everything but the notice itself is bit for bit what it was · `encoded_part` only a stretch around the notice was encoded anew (`seconds`), the rest is
 * bit for bit what it was · `encoded_all` the whole of it was encoded anew, because (`reason`) · `contrast` the least contrast of the text against what is behind it (`ratio`) ·
 * `loudness` of the programme and of the notice, in LUFS (`programme`, `notice`).
 */
export type RemarkCode = 'content_kept' | 'encoded_part' | 'encoded_all' | 'contrast' | 'loudness';

/** One such remark, with what was measured. */
export interface Remark {
  readonly code: RemarkCode;
  readonly data: Readonly<Record<string, string | number | boolean>>;
}

/** Finds labels that people perceive, while verifying: bounded in time and memory. */
export interface NoticeFinder {
  /** Ids of the formats that it can look into. */
  readonly formats: readonly string[];
  /**
   * Set where it has to decode pixels or sound: asked only where the caller wants explicit labels to be looked for (`VerifyOptions.explicit`), since that takes time, and for
   * compressed sound and video a decoder in a process of its own.
   */
  readonly isDecoding?: true;
  /**
   * What was found; never throws for what the content says.
   * @throws LabelError `TOOL_MISSING` where what decodes it is not there, `ABORTED`, and what reading the source throws.
   */
  find(source: ByteSource, formatId: string, search?: NoticeSearch): Promise<readonly FoundNotice[]>;
}

/** What is looked for. */
export interface NoticeSearch {
  /** Words to look for besides the presets: those that the service writes. */
  readonly texts?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Where a notice stands: in the course of a text or recording, or at an edge or corner of a picture as a viewer sees it. */
export type NoticePlace =
  | 'start'
  | 'middle'
  | 'end'
  | 'throughout'
  | 'bottom-right'
  | 'bottom-left'
  | 'top-right'
  | 'top-left'
  | 'top'
  | 'bottom'
  | 'left'
  | 'right';

/** An explicit label that was found in the content. */
export interface FoundNotice {
  readonly position: NoticePlace;
  /** `text` words in a text · `corner-mark` 角标 · `badge` words on a picture or on frames · `speech` · `rhythm` 短长 短短. */
  readonly form: 'text' | 'corner-mark' | 'badge' | 'speech' | 'rhythm';
  /** The words as they stand; `null` for a rhythm. */
  readonly text: string | null;
  /** What was measured, rounded to three digits. */
  readonly measures?: Readonly<Partial<Record<NoticeMeasure, number>>>;
  /** Where the rule is measurably broken; none where it is kept, or where nothing can be measured. */
  readonly shortfalls?: readonly Shortfall[];
}

/**
 * `likeness` correlation with our own mark, 0 to 1 · `heightRatio` ink height to the shortest side · `seconds` for which it is seen or heard · `contrast` WCAG 2.2 ·
 * `charactersPerMinute` of speech · `longToShort` of a rhythm · `atSeconds` where it begins.
 */
export type NoticeMeasure = 'likeness' | 'heightRatio' | 'seconds' | 'contrast' | 'charactersPerMinute' | 'longToShort' | 'atSeconds';

/** A rule that a found notice breaks. */
export interface Shortfall {
  readonly measure: NoticeMeasure;
  readonly found: number;
  /** The least, or most, that the rule asks for. */
  readonly required: number;
  /** `GB 45438-2025 §5.2`. */
  readonly clause: string;
}
