// spec/content/image.md, jpeg-1.
import { type JpegOffsetField, readJpegOffsets, readJpegStructure } from '@aigc-label/containers';
import type { ByteRange, ByteSource, ContentPlan } from '@aigc-label/core';
import { addCarrier, buildParts, type PartsBuilder, renderingPart } from './content-parts.ts';
import { jpegCarriers } from './jpeg-carriers.ts';

const SOI_BYTES = 2;
const APP0 = 0xe0;
const MARKERS: Readonly<Record<number, string>> = { 196: 'DHT', 204: 'DAC', 219: 'DQT', 221: 'DRI', 254: 'COM' };

/**
 * What the signed digest of a JPEG covers: every byte but segments before the first scan that hold Exif data, XMP, comments, C2PA and resources of Photoshop.
 *
 * @throws LabelError as `readJpegStructure` and `readJpegOffsets` say.
 */
export const jpegContent = async (source: ByteSource): Promise<ContentPlan> => {
  const { segments, fault } = await readJpegStructure(source);
  if (fault !== undefined) {
    throw fault;
  }
  const { found, exif, xmp, anomalies } = await jpegCarriers(source, segments);
  const fields = await readJpegOffsets(source, segments);
  const carriers: ByteRange[] = [];
  for (const { ranges } of found.values()) {
    for (const range of ranges) {
      addCarrier(carriers, range);
    }
  }
  const parts = buildParts();
  const add = normalised(parts, fields, carriers);
  add('SOI', { start: 0, end: SOI_BYTES });
  for (const segment of segments) {
    const carrier = found.get(segment);
    if (carrier === undefined) {
      add(nameOf(segment.marker), segment);
    }
    for (const range of carrier?.content ?? []) {
      parts.add('8BIM', range);
    }
  }
  add('scan', { start: segments.at(-1)?.end ?? SOI_BYTES, end: source.size }, true);
  return { method: 'jpeg-1', parts: [...parts.finish(), renderingPart(exif, xmp)], carriers, ...(anomalies.length === 0 ? {} : { anomalies }) };
};

const nameOf = (marker: number): string => {
  if (marker >= APP0 && marker <= APP0 + 15) {
    return `APP${marker - APP0}`;
  }
  return MARKERS[marker] ?? (marker >= 0xc0 && marker <= 0xcf ? `SOF${marker - 0xc0}` : marker.toString(16).toUpperCase());
};

/** Adds stretches in which the numbers that grow with the carriers stand for what they would be without: eight bytes, most significant first, in two's complement. */
const normalised = (
  parts: PartsBuilder,
  fields: readonly JpegOffsetField[],
  carriers: readonly ByteRange[],
): ((kind: string, stretch: ByteRange, isPerceived?: boolean) => void) => {
  let next = 0;
  return (kind, { start, end }, isPerceived) => {
    let position = start;
    for (let field = fields[next]; field !== undefined && field.at < end; field = fields[next]) {
      next += 1;
      if (field.at >= position) {
        parts.add(kind, { start: position, end: field.at }, isPerceived);
        parts.add(kind, withoutCarriers(field, carriers), isPerceived);
        position = field.at + 4;
      }
    }
    parts.add(kind, { start: position, end }, isPerceived);
  };
};

const withoutCarriers = ({ value, countsFrom }: JpegOffsetField, carriers: readonly ByteRange[]): Uint8Array => {
  const grown = carriers.reduce((total, { start, end }) => total + (start >= countsFrom ? end - start : 0), 0);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value - grown));
  return bytes;
};
