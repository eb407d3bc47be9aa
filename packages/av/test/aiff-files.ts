// Builders of small AIFF files, and an own cutter of our chunk; none of it uses the reader under test.
import { be32, bytesOf } from './mp3-files.ts';

export const iffChunk = (id: string, data: Uint8Array, { size = data.length, pad = true } = {}): Uint8Array =>
  bytesOf(id, be32(size), data, data.length % 2 === 1 && pad ? 0 : []);

export const form = (
  chunks: readonly Uint8Array[],
  { type = 'AIFF', off = 0, size }: { type?: string; off?: number; size?: number } = {},
): Uint8Array => {
  const inside = bytesOf(type, ...chunks);
  return bytesOf('FORM', be32(size ?? inside.length + off), inside);
};

/** Mono, 200 samples of 16 bits, 8 kHz. */
export const common: Uint8Array = iffChunk('COMM', bytesOf([0, 1], be32(200), [0, 16, 0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0]));
export const sound: Uint8Array = iffChunk(
  'SSND',
  bytesOf(
    new Uint8Array(8),
    Uint8Array.from({ length: 400 }, (_, index) => (index * 37 + 11) & 255),
  ),
);

/** All chunks but ours, by name and content; XMP as text without the label. */
export const foreignChunks = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const chunks: string[] = [];
  let at = 12;
  while (at + 8 <= file.length) {
    const size = Math.min(file.readUInt32BE(at + 4), file.length - at - 8);
    const data = file.toString('latin1', at + 8, at + 8 + size);
    const isXmp = data.startsWith('XMP ');
    const rest = isXmp
      ? data
          .replaceAll(/<TC260:AIGC>[^<]*<\/TC260:AIGC>|\s|xmlns:TC260="[^"]*"/g, '')
          .replaceAll('<rdf:Descriptionrdf:about=""></rdf:Description>', '')
      : data;
    const isOurs = isXmp && !/dc:|xmp:/.test(rest);
    chunks.push(...(isOurs ? [] : [`${file.toString('latin1', at, at + 4)} ${rest}`]));
    at += 8 + size + (size % 2);
  }
  return chunks;
};
