// Builders and an own reader of WebP files; none of it uses the reader under test.
import { ascii, concat, latin1, u32le } from '@aigc-label/core';
import sharp from 'sharp';
import { withoutLabel } from './packets.ts';
import { bytesOf, pictureOf } from './pictures.ts';

export const webpChunk = (id: string, data: Uint8Array, pad = true): Uint8Array =>
  concat(ascii(id), u32le(data.length), data, new Uint8Array(data.length % 2 === 1 && pad ? 1 : 0));

export const webpFile = (...chunks: readonly Uint8Array[]): Uint8Array => {
  const inside = concat(ascii('WEBP'), ...chunks);
  return concat(ascii('RIFF'), u32le(inside.length), inside);
};

export interface WebpChunk {
  readonly id: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

/** The chunks of a well-formed file, and what follows its end. */
export const webpChunks = (bytes: Uint8Array): { readonly chunks: readonly WebpChunk[]; readonly rest: Uint8Array } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = 8 + view.getUint32(4, true);
  const chunks: WebpChunk[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const size = view.getUint32(at + 4, true);
    const next = at + 8 + size + (size % 2);
    chunks.push({ id: latin1(bytes.subarray(at, at + 4)), data: bytes.subarray(at + 8, at + 8 + size), whole: bytes.subarray(at, next) });
    at = next;
  }
  return { chunks, rest: bytes.subarray(end) };
};

/** With another set of chunks. */
export const rebuilt = (bytes: Uint8Array, edit: (chunks: readonly WebpChunk[]) => readonly Uint8Array[]): Uint8Array =>
  webpFile(...edit(webpChunks(bytes).chunks));

/** Every chunk but our XMP, packets without our label, and of VP8X all but the flag of XMP; a VP8X that had to be made is left out. */
export const foreignOf =
  (hadExtended: boolean) =>
  (bytes: Uint8Array): unknown => {
    const { chunks, rest } = webpChunks(bytes);
    const kept = chunks.map(({ id, data, whole }) => {
      if (id === 'XMP ') {
        return withoutLabel(new TextDecoder().decode(data));
      }
      if (id === 'VP8X') {
        return hadExtended ? latin1(Uint8Array.from(whole, (byte, index) => (index === 8 ? byte & ~4 : byte))) : '';
      }
      return latin1(whole);
    });
    return [...kept.filter((one) => one !== ''), latin1(rest)];
  };

/** Decoded pixels of every frame. */
export const framesOf = async (bytes: Uint8Array): Promise<{ readonly info: object; readonly samples: string }> => {
  const { data, info } = await sharp(bytes, { animated: true }).raw().toBuffer({ resolveWithObject: true });
  const { pages, delay, loop, hasAlpha, hasProfile, orientation } = await sharp(bytes, { animated: true }).metadata();
  const { size: _, ...facts } = info;
  return { info: { ...facts, pages, delay, loop, hasAlpha, hasProfile, orientation }, samples: latin1(new Uint8Array(data)) };
};

const animation = async (): Promise<Uint8Array> => {
  const [width, height, frames] = [16, 12, 3];
  const data = new Uint8Array(width * height * frames * 4);
  data.forEach((_, index) => {
    data[index] = (index * 31 + (index >> 9) * 77) & 255;
  });
  return bytesOf(
    sharp(data, { raw: { width, height: height * frames, channels: 4, pageHeight: height } }).webp({ lossless: true, delay: [40, 60, 80], loop: 2 }),
  );
};

/** Files that sharp makes. */
export const webps = async (): Promise<Readonly<Record<string, Uint8Array>>> => ({
  lossy: await bytesOf(pictureOf(3).webp()),
  'lossy with alpha': await bytesOf(pictureOf(4).webp()),
  lossless: await bytesOf(pictureOf(3).webp({ lossless: true })),
  'lossless with alpha': await bytesOf(pictureOf(4).webp({ lossless: true })),
  'with ICC profile': await bytesOf(pictureOf(3).withIccProfile('p3').webp()),
  'with Exif': await bytesOf(
    pictureOf(3)
      .withExif({ IFD0: { Artist: 'Nobody', Software: 'None' } })
      .webp(),
  ),
  'with orientation': await bytesOf(pictureOf(3).withMetadata({ orientation: 6 }).webp()),
  animated: await animation(),
});
