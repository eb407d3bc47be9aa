import type { PdfReference } from './pdf-syntax.ts';

/** Encrypts and decrypts what stands in one object; the same input gives the same output. */
export interface PdfCodec {
  /** `undefined` where the bytes cannot have been encrypted so. */
  decrypt(reference: PdfReference, data: Uint8Array): Promise<Uint8Array | undefined>;
  encrypt(reference: PdfReference, data: Uint8Array): Promise<Uint8Array>;
}

/** How a file that opens without a password is encrypted (ISO 32000-1 §7.6). */
export interface PdfCipher {
  readonly strings: PdfCodec;
  readonly streams: PdfCodec;
  /** Whether streams of metadata are encrypted too. */
  readonly encryptsMetadata: boolean;
  /** Whether the author lets people who have no password change the file. */
  readonly allowsChanges: boolean;
}
