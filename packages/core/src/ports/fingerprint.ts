import type { ByteSource } from '../bytes/source.ts';

/**
 * A short description of what is perceived, alike for renditions of one work (a transcode, a smaller copy) and unlike for others. It decodes, and so it is taken only where the caller wants it:
 * when labelling, and when verifying content whose bytes are no longer those that were signed.
 */
export interface Fingerprint {
  /** Name and version: `image-dct-1`. What a name means never changes. */
  readonly method: string;
  /** Ids of the formats that it can look at, as labels are verified: with bounds, and without native code. */
  readonly formats: readonly string[];
  /** 32 bytes; `undefined` where too little is to be seen to tell works apart. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE`, `TOOL_MISSING`. */
  of(source: ByteSource, formatId: string): Promise<Uint8Array | undefined>;
  /** Whether two are of the same work; how often it is wrong is said where it is made. */
  isMatch(a: Uint8Array, b: Uint8Array): boolean;
}

/** A fingerprint as it is signed. */
export interface SoftBinding {
  readonly method: string;
  /** 43 characters of base64url. */
  readonly value: string;
}
