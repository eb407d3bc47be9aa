import type { ByteSource } from '../bytes/source.ts';
import type { Modality } from './format.ts';

/**
 * Tells whether two files are renditions of the same content (a transcode, a resize), by looking at what people perceive. It may decode: it is called when labelling, never
 * while verifying an upload.
 */
export interface SoftMatch {
  /** Stable: `image-structure`. */
  readonly id: string;
  readonly modality: Modality;
  /**
   * How alike they are.
   *
   * @throws LabelError `FILE_DAMAGED`, `FORMAT_UNSUPPORTED_FEATURE` or `TOOL_MISSING` where one of them cannot be looked at; never guesses.
   */
  compare(original: Rendition, rendition: Rendition): Promise<Likeness>;
}

/** A file that is compared. */
export interface Rendition {
  readonly source: ByteSource;
  /** Id of its format. */
  readonly format: string;
}

/** How alike two files are. */
export interface Likeness {
  /** 0 (nothing in common) to 1 (the same), on the scale of this very match. */
  readonly similarity: number;
  /** From which similarity on two files count as the same content. */
  readonly threshold: number;
}
