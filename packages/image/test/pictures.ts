import { deflateSync } from 'node:zlib';
import { ascii, concat, latin1, utf8 } from '@aigc-label/core';
import sharp, { type Sharp } from 'sharp';

/** A small picture with something in each corner, and how it differs from the rest. */
export const pictureOf = (channels: 1 | 3 | 4, width = 31, height = 17): Sharp => {
  const data = new Uint8Array(width * height * channels);
  for (let index = 0; index < data.length; index += 1) {
    data[index] = (index * 37 + (index >> 3) * 11) & 0xff;
  }
  return sharp(data, { raw: { width, height, channels } });
};

export const bytesOf = async (picture: Sharp): Promise<Uint8Array> => new Uint8Array(await picture.toBuffer());

/** Decoded samples, with all that sharp says about them. */
export const pixelsOf = async (bytes: Uint8Array): Promise<{ readonly info: object; readonly samples: string }> => {
  const { data, info } = await sharp(bytes, { failOn: 'none' }).raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
  const { size: _, ...facts } = info;
  return { info: facts, samples: latin1(new Uint8Array(data)) };
};

const TABLE = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});

const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
};

/** A PNG chunk made by other means than the code that is tested. */
export const chunk = (type: string, data: Uint8Array | string, damage = 0): Uint8Array => {
  const body = concat(ascii(type), typeof data === 'string' ? utf8(data) : data);
  const bytes = new Uint8Array(body.length + 8);
  new DataView(bytes.buffer).setUint32(0, body.length - 4);
  bytes.set(body, 4);
  new DataView(bytes.buffer).setUint32(body.length + 4, crcOf(body) ^ damage);
  return bytes;
};

/** Where each chunk of a well-formed PNG stands. */
export const chunksOf = (png: Uint8Array): readonly { readonly type: string; readonly start: number; readonly end: number }[] => {
  const chunks: { type: string; start: number; end: number }[] = [];
  for (let at = 8; at + 12 <= png.length && chunks.at(-1)?.type !== 'IEND'; ) {
    const end = at + 12 + new DataView(png.buffer, png.byteOffset).getUint32(at);
    chunks.push({ type: latin1(png.subarray(at + 4, at + 8)), start: at, end });
    at = end;
  }
  return chunks;
};

/** The PNG with more chunks before its first chunk of a type. */
export const insertBefore = (png: Uint8Array, type: string, ...more: readonly Uint8Array[]): Uint8Array => {
  const at = chunksOf(png).find((one) => one.type === type)?.start ?? 0;
  return concat(png.subarray(0, at), ...more, png.subarray(at));
};

export const deflated = (text: string | Uint8Array): Uint8Array => new Uint8Array(deflateSync(text));
