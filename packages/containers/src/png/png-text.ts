import { ascii, type ByteSource, concat, latin1, readBounded, viewOf } from '@aigc-label/core';
import { crc32 } from './crc32.ts';
import { inflateBounded } from './inflate.ts';
import { encodePngChunk, type PngChunk } from './png-chunks.ts';

/** Keywords have 1 to 79 bytes and a NUL (PNG 3rd ed. §11.3.3.2). */
const MAXIMUM_KEYWORD_BYTES = 79;

/** A textual chunk with its text, still as bytes. */
export interface PngText {
  readonly chunk: PngChunk;
  readonly keyword: string;
  readonly isCompressed: boolean;
  readonly hasGoodChecksum: boolean;
  /** Whether it is an iTXt chunk that has a language tag or a translated keyword. */
  readonly isTranslated: boolean;
  /** Inflated; or why it cannot be had. */
  readonly text: Uint8Array | 'limit' | 'damaged';
}

/** The keyword of a textual chunk, from its first 80 bytes; `undefined` where it has none. */
export const readPngKeyword = async (source: ByteSource, chunk: PngChunk): Promise<string | undefined> => {
  const head = await source.read(chunk.offset + 8, Math.min(chunk.length, MAXIMUM_KEYWORD_BYTES + 1));
  const end = head.indexOf(0);
  return end < 1 ? undefined : latin1(head.subarray(0, end));
};

/** A tEXt, zTXt or iTXt chunk (PNG 3rd ed. §11.3.3.2 to §11.3.3.4) whose keyword is known; at most `limitBytes` are read, and as many inflated. */
export const readPngText = async (source: ByteSource, chunk: PngChunk, keyword: string, limitBytes: number): Promise<PngText> => {
  if (chunk.length > limitBytes) {
    return { chunk, keyword, isCompressed: chunk.type === 'zTXt', hasGoodChecksum: true, isTranslated: false, text: 'limit' };
  }
  const whole = await readBounded(source, chunk.offset + 4, chunk.length + 8, limitBytes + 8, `png/${chunk.type}[${keyword}]`);
  const data = whole.subarray(4, -4);
  const hasGoodChecksum = viewOf(whole).getUint32(whole.length - 4) === crc32(whole.subarray(0, -4));
  const facts = { chunk, keyword, hasGoodChecksum };
  const rest = data.subarray(keyword.length + 1);
  if (chunk.type === 'tEXt') {
    return { ...facts, isCompressed: false, isTranslated: false, text: rest };
  }
  if (chunk.type === 'zTXt') {
    return {
      ...facts,
      isCompressed: true,
      isTranslated: false,
      text: rest[0] === 0 ? await inflateWhole(rest.subarray(1), limitBytes) : 'damaged',
    };
  }
  const language = rest.indexOf(0, 2);
  const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
  const isCompressed = rest[0] === 1;
  if (translated < 0 || (isCompressed && rest[1] !== 0) || (rest[0] ?? 2) > 1) {
    return { ...facts, isCompressed, isTranslated: false, text: 'damaged' };
  }
  const text = rest.subarray(translated + 1);
  return { ...facts, isCompressed, isTranslated: translated > 3, text: isCompressed ? await inflateWhole(text, limitBytes) : text };
};

/** Bytes behind the end of the stream are an error to some runtimes (Node 24) and not to others (Node 20): where its last byte is not needed, there are such bytes. */
const inflateWhole = async (compressed: Uint8Array, limitBytes: number): Promise<Uint8Array | 'limit' | 'damaged'> => {
  const text = await inflateBounded(compressed, limitBytes);
  const isWhole = typeof text === 'string' || (await inflateBounded(compressed.subarray(0, -1), limitBytes)) === 'damaged';
  return isWhole ? text : 'damaged';
};

/** An uncompressed iTXt chunk without language tag and translated keyword, as XMP part 3 §1.1.5 wants it. */
export const encodePngInternationalText = (keyword: string, text: Uint8Array): Uint8Array =>
  encodePngChunk('iTXt', concat(ascii(keyword), new Uint8Array(5), text));

/** A tEXt chunk. */
export const encodePngText = (keyword: string, text: Uint8Array): Uint8Array =>
  encodePngChunk('tEXt', concat(ascii(keyword), new Uint8Array(1), text));
