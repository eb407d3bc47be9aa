// spec/content/image.md, webp-1.
import {
  type Riff,
  type RiffChunk,
  readRiff,
  WEBP_BITSTREAM_HEAD_BYTES,
  WEBP_EXTENDED_BYTES,
  WEBP_XMP_FLAG,
  webpCanvas,
  webpExtendedHeader,
  XMP_LIMIT_BYTES,
} from '@aigc-label/containers';
import { ascii, type ByteRange, type ByteSource, type ContentPlan, damaged, startsWith } from '@aigc-label/core';
import { addCarrier, buildParts, renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { isManifestStore, MAXIMUM_JUMBF_BYTES } from './jumbf.ts';
import { xmpRendering } from './xmp-rendering.ts';

const XMP = 'XMP ';
const EXIF = 'EXIF';
const C2PA = 'C2PA';
const PERCEIVED: readonly string[] = ['VP8 ', 'VP8L', 'ALPH', 'ANMF'];
/** Chunks that mean something only behind a VP8X, which such a file has not: nothing is made up for it. */
const EXTENDED_ONLY: readonly string[] = ['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH'];
const EXIF_FLAG = 0x08;
/** Some writers put what JPEG has before Exif data into the chunk as well. */
const EXIF_SIGNATURE: Uint8Array = ascii('Exif\0\0');
/** As much as the format reads. */
const MAXIMUM_EXIF_BYTES = 256 << 10;
/** Packets of XMP that are looked into; those beyond it are content. */
const MAXIMUM_PACKETS = 64;

/**
 * What the signed digest of a WebP covers: every chunk but XMP, Exif data and C2PA. What says that they are there (VP8X and its flags, the size of the whole) is worked out or checked.
 *
 * @throws LabelError `FILE_DAMAGED` where the chunks do not fill the size of the whole to the byte, or the XMP flag is not as the chunks are.
 */
export const webpContent = async (source: ByteSource): Promise<ContentPlan> => {
  const riff = await readRiff(source);
  if (!riff.isComplete || riff.announcedEnd !== riff.end) {
    throw damaged('riff', riff.end, 'the chunks of the WebP do not fill its size');
  }
  const carriers: ByteRange[] = [];
  const parts = buildParts();
  const [exif, xmp]: [string[], string[]] = [[], []];
  const extended = await extendedHeader(source, riff);
  if (extended !== undefined) {
    parts.add('VP8X', extended.value);
  }
  const carrierOf = carrierFinder(source, exif, xmp);
  for (const chunk of riff.chunks) {
    const { id, start, dataStart, sizeBytes, end, isPadded } = chunk;
    if (await carrierOf(chunk)) {
      addCarrier(carriers, { start, end });
      continue;
    }
    // Of VP8X the value stands already; more than its ten bytes is content as it stands.
    parts.add(id, { start: chunk === extended?.chunk ? dataStart + WEBP_EXTENDED_BYTES : start, end }, PERCEIVED.includes(id));
    if (sizeBytes % 2 === 1 && !isPadded) {
      parts.add(id, Uint8Array.of(0), PERCEIVED.includes(id));
    }
  }
  parts.add('trailing', { start: riff.end, end: source.size });
  return { method: 'webp-1', parts: [...parts.finish(), renderingPart(exif, xmp)], carriers };
};

/** The ten bytes of VP8X, or those that a simple file would have, with the flags of metadata as 0; that of Exif data as 1 where it says other than the chunks. */
const extendedHeader = async (source: ByteSource, riff: Riff): Promise<{ readonly chunk?: RiffChunk; readonly value: Uint8Array } | undefined> => {
  const [first] = riff.chunks;
  if (first === undefined) {
    return undefined;
  }
  const has = (id: string): boolean => riff.chunks.some((chunk) => chunk.id === id);
  if (first.id === 'VP8X' && first.sizeBytes >= WEBP_EXTENDED_BYTES) {
    const value = (await source.read(first.dataStart, WEBP_EXTENDED_BYTES)).slice();
    const flags = value[0] ?? 0;
    if (((flags & WEBP_XMP_FLAG) !== 0) !== has(XMP)) {
      throw damaged('webp/VP8X', first.dataStart, 'the flag of XMP does not say whether there is any');
    }
    const isExifTold = ((flags & EXIF_FLAG) !== 0) === has(EXIF);
    value[0] = (flags & ~WEBP_XMP_FLAG & ~EXIF_FLAG) | (isExifTold ? 0 : EXIF_FLAG);
    return { chunk: first, value };
  }
  const head = await source.read(first.dataStart, Math.min(WEBP_BITSTREAM_HEAD_BYTES, first.sizeBytes));
  const canvas = riff.chunks.some(({ id }) => EXTENDED_ONLY.includes(id)) ? undefined : webpCanvas(first.id, head);
  return canvas === undefined ? undefined : { value: webpExtendedHeader(canvas, has(EXIF) ? EXIF_FLAG : 0) };
};

/** Tells of each chunk, in order, whether it is a carrier, and gathers the values in carriers that steer rendering. */
const carrierFinder = (source: ByteSource, exif: string[], xmp: string[]): ((chunk: RiffChunk) => Promise<boolean>) => {
  let hasStore = false;
  let hasExif = false;
  return async ({ id, dataStart, sizeBytes }) => {
    if (id === XMP && sizeBytes <= XMP_LIMIT_BYTES && xmp.length < MAXIMUM_PACKETS) {
      return pushed(xmp, xmpRendering(await source.read(dataStart, sizeBytes)));
    }
    if (id === EXIF && sizeBytes <= MAXIMUM_EXIF_BYTES && !hasExif) {
      hasExif = true;
      const data = await source.read(dataStart, sizeBytes);
      const isPrefixed = startsWith(data, EXIF_SIGNATURE);
      const value = await exifRendering(data.subarray(isPrefixed ? EXIF_SIGNATURE.length : 0));
      // Readers that keep to the standard do not see it then.
      return pushed(exif, isPrefixed && value !== undefined && value !== '' ? `${value} behind Exif` : value);
    }
    if (id === C2PA && sizeBytes <= MAXIMUM_JUMBF_BYTES && !hasStore) {
      hasStore = true;
      return isManifestStore(await source.read(dataStart, sizeBytes));
    }
    return false;
  };
};

const pushed = (values: string[], value: string | undefined): boolean => {
  if (value !== undefined) {
    values.push(value);
  }
  return value !== undefined;
};
