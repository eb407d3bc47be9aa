// Bitstream headers of WebP: VP8 RFC 6386 §9.1; VP8L RFC 9649 §3.4; VP8X RFC 9649 §2.7.
import { startsWith, viewOf } from '@aigc-label/core';

/** The bytes that `webpCanvas` needs of a VP8 or VP8L chunk. */
export const WEBP_BITSTREAM_HEAD_BYTES: number = 10;

/** What VP8X says of a picture: its size in pixels, and whether it is transparent. */
export interface WebpCanvas {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

/** The canvas of a simple file, from the first bytes of its only bitstream; `undefined` where they are not those of one. */
export const webpCanvas = (chunkId: string, head: Uint8Array): WebpCanvas | undefined => {
  const canvas = chunkId === 'VP8 ' ? fromVp8(head) : chunkId === 'VP8L' ? fromVp8l(head) : undefined;
  return canvas !== undefined && canvas.width > 0 && canvas.height > 0 ? canvas : undefined;
};

/** The data of a VP8X chunk with these flags besides alpha. */
export const webpExtendedHeader = ({ width, height, hasAlpha }: WebpCanvas, flags: number): Uint8Array => {
  const bytes = new Uint8Array(WEBP_EXTENDED_BYTES);
  const view = viewOf(bytes);
  view.setUint32(4, width - 1, true);
  // Three bytes each; the height overwrites the fourth byte of the width, which is 0.
  view.setUint16(7, (height - 1) & 0xffff, true);
  bytes[0] = flags | (hasAlpha ? WEBP_ALPHA_FLAG : 0);
  return bytes;
};

/** The length of the data of a VP8X chunk. */
export const WEBP_EXTENDED_BYTES: number = 10;
/** Bits of the first byte of VP8X. */
export const WEBP_ALPHA_FLAG: number = 0x10;
export const WEBP_XMP_FLAG: number = 0x04;

// A key frame: bit 0 of the first byte is 0, then the start code, then 14 bits each with two bits of scaling that no decoder applies.
const fromVp8 = (head: Uint8Array): WebpCanvas | undefined => {
  if (head.length < 10 || ((head[0] ?? 1) & 1) !== 0 || !startsWith(head, Uint8Array.of(0x9d, 0x01, 0x2a), 3)) {
    return undefined;
  }
  const view = viewOf(head);
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff, hasAlpha: false };
};

// Signature 0x2F, 14 bits of width - 1, 14 bits of height - 1, alpha_is_used, three bits of version (0).
const fromVp8l = (head: Uint8Array): WebpCanvas | undefined => {
  if (head.length < 5 || head[0] !== 0x2f) {
    return undefined;
  }
  const bits = viewOf(head).getUint32(1, true);
  return bits >>> 29 === 0 ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: ((bits >>> 28) & 1) === 1 } : undefined;
};
