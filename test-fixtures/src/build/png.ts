import { crc32, deflateSync } from 'node:zlib';

/** PNG for tests of what readers make of lies: built without the code under test. */

export const SIGNATURE: Buffer = Buffer.from('89504e470d0a1a0a', 'hex');

/** What a chunk says instead of the truth. */
export interface ChunkLies {
  readonly length?: number;
  readonly crc?: number;
}

/** A chunk; `data` as text is Latin-1. */
export const chunk = (type: string, data: string | Uint8Array, { length, crc }: ChunkLies = {}): Buffer => {
  const content = typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length ?? content.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc ?? crc32(named));
  return Buffer.concat([head, named, tail]);
};

/** IHDR of a greyscale picture. */
export const header = (width = 1, height = 1, depth = 8): Buffer => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data[8] = depth;
  return chunk('IHDR', data);
};

export const END: Buffer = chunk('IEND', '');
const PIXELS = chunk('IDAT', deflateSync(Buffer.alloc(2)));

/** A picture of one pixel with `chunks` before its pixels. */
export const withChunks = (...chunks: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([SIGNATURE, header(), ...chunks, PIXELS, END]));

/** iTXt, uncompressed or compressed by `deflate`. */
export const international = (keyword: string, text: Uint8Array | string, deflate?: (bytes: Uint8Array) => Uint8Array): Buffer => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const flags = deflate === undefined ? '\0\0\0\0\0' : '\0\x01\0\0\0';
  return chunk('iTXt', Buffer.concat([Buffer.from(keyword + flags, 'latin1'), deflate === undefined ? bytes : deflate(bytes)]));
};

/** iTXt as XMP wants it. */
export const xmpChunk = (packet: Uint8Array | string): Buffer => international('XML:com.adobe.xmp', packet);
