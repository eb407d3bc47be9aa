// spec/content/image.md, png-1.
import { hasGoodPngChecksum, type PngChunk, readPngStructure, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import type { ByteRange, ByteSource, ContentAnomaly, ContentPlan } from '@aigc-label/core';
import { addCarrier, buildParts, MAXIMUM_PARTS, renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { isManifestStore, MAXIMUM_JUMBF_BYTES } from './jumbf.ts';
import { pngTextRendering } from './png-texts.ts';

const SIGNATURE_BYTES = 8;
const TIME_BYTES = 7;
/** Pixels, and what stands between them in an animation: frames come by thousands, and make one part. */
const PIXELS: readonly string[] = ['IDAT', 'fdAT', 'fcTL'];
const TEXTS: readonly string[] = ['tEXt', 'zTXt', 'iTXt'];
/** Chunks of metadata, besides text, of which a file has one (PNG 3rd ed. §5.6; C2PA 2.2 §A.3.2). A second one is content like everything that is not known. */
const SINGLE: readonly string[] = ['tIME', 'eXIf', 'caBX'];

/**
 * What the signed digest of a PNG or APNG covers: every byte but chunks of text, time, Exif data and C2PA.
 *
 * @throws LabelError as `readPngStructure` says.
 */
export const pngContent = async (source: ByteSource): Promise<ContentPlan> => {
  const parts = buildParts();
  const carriers: ByteRange[] = [];
  const anomalies: ContentAnomaly[] = [];
  const [exif, xmp]: [string[], string[]] = [[], []];
  const texts = pngTextRendering(source, anomalies);
  parts.add('signature', { start: 0, end: SIGNATURE_BYTES });
  let position = SIGNATURE_BYTES;
  let isBehindPixels = false;
  for (const { kind, start, end, candidate } of await stretchesOf(source)) {
    position = end;
    const value =
      candidate === undefined ? undefined : await (SINGLE.includes(candidate.type) ? singleRendering(source, candidate) : texts(candidate));
    if (value === undefined) {
      parts.add(kind, { start, end }, kind === 'IDAT');
      isBehindPixels ||= kind === 'IDAT';
      continue;
    }
    // Readers that stop at the pixels do not see it.
    (kind === 'eXIf' ? exif : xmp).push(value === '' || !isBehindPixels ? value : `${value} behind the pixels`);
    addCarrier(carriers, { start, end });
  }
  parts.add('trailing', { start: position, end: source.size });
  return { method: 'png-1', parts: [...parts.finish(), renderingPart(exif, xmp)], carriers, ...(anomalies.length === 0 ? {} : { anomalies }) };
};

interface Stretch {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** Set where it may be a carrier. */
  readonly candidate?: PngChunk;
}

/** The chunks, neighbours of one kind as one: files have pixels in thousands of chunks. */
const stretchesOf = async (source: ByteSource): Promise<readonly Stretch[]> => {
  const stretches: Stretch[] = [];
  const singles = new Set<string>();
  let kinds = 0;
  let before = '';
  const { fault } = await readPngStructure(source, (chunk) => {
    const { type, offset: start, end } = chunk;
    if (TEXTS.includes(type) || (SINGLE.includes(type) && !singles.has(type))) {
      singles.add(type);
      stretches.push({ kind: type, start, end, candidate: chunk });
      return;
    }
    const kind = PIXELS.includes(type) ? 'IDAT' : type;
    kinds += kind === before ? 0 : 1;
    before = kind;
    const last = stretches.at(-1);
    if (last !== undefined && last.candidate === undefined && (last.kind === kind || kinds > MAXIMUM_PARTS)) {
      stretches[stretches.length - 1] = { kind: last.kind, start: last.start, end };
    } else {
      stretches.push({ kind, start, end });
    }
  });
  if (fault !== undefined) {
    throw fault;
  }
  return stretches;
};

/** The values of a carrier that steer rendering; `undefined` where the chunk is not what it says, so that it is content. */
const singleRendering = async (source: ByteSource, chunk: PngChunk): Promise<string | undefined> => {
  const { type, offset, length } = chunk;
  if (type === 'tIME') {
    return length === TIME_BYTES ? '' : undefined;
  }
  if (length > (type === 'eXIf' ? XMP_LIMIT_BYTES : MAXIMUM_JUMBF_BYTES)) {
    return undefined;
  }
  const data = await source.read(offset + 8, length);
  if (type === 'caBX') {
    return isManifestStore(data) ? '' : undefined;
  }
  const value = await exifRendering(data);
  // Readers skip a chunk with a wrong CRC.
  return value === undefined || value === '' || (await hasGoodPngChecksum(source, chunk)) ? value : undefined;
};
