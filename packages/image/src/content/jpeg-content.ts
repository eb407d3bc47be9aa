// spec/content/image.md, jpeg-1.
import { type JpegOffsetField, readJpegOffsets, readJpegStructure } from '@aigc-label/containers';
import type { ByteRange, ByteSource, ContentPlan } from '@aigc-label/core';
import { addCarrier, buildParts, type PartsBuilder, renderingPart } from './content-parts.ts';
import { jpegCarriers } from './jpeg-carriers.ts';

const SOI_BYTES = 2;
const APP0 = 0xe0;
const NUMBER_BYTES = 4;
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
  const grown = [...found.values()].flatMap(({ ranges }) => ranges);
  const parts = buildParts();
  const add = normalised(parts, fields, grown);
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
  const carriers: ByteRange[] = [];
  const sizes = fields.filter(({ role }) => role === 'size').map(({ at }) => ({ start: at, end: at + NUMBER_BYTES }));
  for (const range of [...grown, ...sizes].toSorted((a, b) => a.start - b.start)) {
    addCarrier(carriers, range);
  }
  return { method: 'jpeg-1', parts: [...parts.finish(), renderingPart(exif, xmp)], carriers, ...(anomalies.length === 0 ? {} : { anomalies }) };
};

const nameOf = (marker: number): string => {
  if (marker >= APP0 && marker <= APP0 + 15) {
    return `APP${marker - APP0}`;
  }
  return MARKERS[marker] ?? (marker >= 0xc0 && marker <= 0xcf ? `SOF${marker - 0xc0}` : marker.toString(16).toUpperCase());
};

/**
 * Adds stretches in which the offsets that grow with the carriers stand for what they would be without: eight bytes, most significant first, in two's complement. The size of the first picture
 * of several is left out: no reader needs it, and ExifTool leaves it as it was.
 */
const normalised = (
  parts: PartsBuilder,
  fields: readonly JpegOffsetField[],
  grown: readonly ByteRange[],
): ((kind: string, stretch: ByteRange, isPerceived?: boolean) => void) => {
  let next = 0;
  return (kind, { start, end }, isPerceived) => {
    let position = start;
    for (let field = fields[next]; field !== undefined && field.at < end; field = fields[next]) {
      next += 1;
      if (field.at >= position) {
        parts.add(kind, { start: position, end: field.at }, isPerceived);
        if (field.role === 'offset') {
          parts.add(kind, withoutCarriers(field, grown), isPerceived);
        }
        position = field.at + NUMBER_BYTES;
      }
    }
    parts.add(kind, { start: position, end }, isPerceived);
  };
};

const withoutCarriers = ({ value, countsFrom }: JpegOffsetField, grown: readonly ByteRange[]): Uint8Array => {
  const bytes = new Uint8Array(8);
  const growth = grown.reduce((total, { start, end }) => total + (start >= countsFrom ? end - start : 0), 0);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value - growth));
  return bytes;
};
