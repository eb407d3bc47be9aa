/**
 * What the signed content digest covers: every byte of a file but a closed list of carriers (spec/record.md §3; docs/decisions/0028). What is not known is covered.
 * Labelling, relabelling and edits of metadata change nothing of it; whatever a person could see or hear does.
 */
export interface ContentPlan {
  /** Name and version of the rule: `png-1`. What a name means never changes; another rule gets another name. */
  readonly method: string;
  /** In the order of the rule, each with another name. */
  readonly parts: readonly ContentPart[];
  /**
   * The stretches of the source that carry metadata and so are covered by nothing, exactly as an independent walk of the structure finds them; ascending, disjoint. What can be worked out from
   * the rest (sizes, offsets, numbers of pages, checksums) is no carrier: it is checked, or covered as a value.
   */
  readonly carriers: readonly ByteRange[];
  /** Bytes that have no business where metadata stands (spec/provenance.md §1.6 row 13). */
  readonly anomalies?: readonly ContentAnomaly[];
}

/** A piece of the content with a name of its own, so that it can be said what has changed: `IHDR`, `moov/trak[1]/tkhd`, `word/document.xml`. */
export interface ContentPart {
  readonly name: string;
  /** Joined, they are what is hashed; made anew at every call, so that a long list need not be kept. */
  readonly pieces: readonly ContentPiece[] | (() => Iterable<ContentPiece> | AsyncIterable<ContentPiece>);
  /** Set on what is perceived itself (compressed pixels, samples, words), which no two works share; excerpts are taken from it. */
  readonly isPerceived?: true;
}

/** A stretch of the source as it stands, or a value that stands for what moves when metadata grows. */
export type ContentPiece = ByteRange | Uint8Array;

/** Bytes `start` to `end` (exclusive) of the source. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What does not belong where it stands. */
export interface ContentAnomaly {
  readonly site: string;
  readonly offset: number;
  /** Set where they are hashed as content, so that they were signed with it, or are seen to have been put in since. */
  readonly isCovered?: true;
  /** For people, English. */
  readonly detail: string;
}
