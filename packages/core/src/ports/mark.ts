import type { ByteSource } from '../bytes/source.ts';
import type { Splice } from '../bytes/splice.ts';
import type { Modality } from './format.ts';

/** A label that people perceive (显式标识, GB 45438-2025 §5), put into the content itself. */
export interface ExplicitMark<Options = unknown> {
  /** Stable: `image-badge`, `text-notice`. */
  readonly id: string;
  readonly modality: Modality;
  /** Ids of the formats that it can mark. */
  readonly formats: readonly string[];
  /**
   * Whether this very mark, with these options, already stands in the content: then `apply` must not be called again.
   * Called on files that the caller is about to label, never while verifying an upload.
   */
  isPresent(source: ByteSource, formatId: string, options: Options): Promise<boolean>;
  /**
   * The marked content, as edits or as a whole new file.
   * @throws LabelError `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`, `FILE_DAMAGED` or `LIMIT_EXCEEDED`.
   */
  apply(source: ByteSource, formatId: string, options: Options): Promise<Marked>;
}

/** What applying a mark gives. */
export type Marked = { readonly kind: 'splices'; readonly splices: readonly Splice[] } | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Finds labels that people perceive, while verifying: pure and bounded, never a native decoder. */
export interface NoticeFinder {
  /** Ids of the formats that it can look into. */
  readonly formats: readonly string[];
  /** What was found; never throws for what the content says. */
  find(source: ByteSource, formatId: string): Promise<readonly FoundNotice[]>;
}

/** An explicit label that was found in the content. */
export interface FoundNotice {
  readonly position: 'start' | 'middle' | 'end';
  /** The words as they stand. */
  readonly text: string;
}
