import { hasTrueGuid, isJpegExif, isJpegExtendedXmp, isJpegXmp, type JpegSegment, readJpegExtendedXmp, readJpegXmp } from '@aigc-label/containers';
import { ascii, type ByteRange, type ByteSource, type ContentAnomaly, isLooseLabel, latin1, startsWith } from '@aigc-label/core';
import { LABEL_KEY } from '../place.ts';
import { exifRendering } from './exif-rendering.ts';
import { manifestSegments } from './jpeg-manifest.ts';
import { isPhotoshopSegment, photoshopCarrier } from './jpeg-photoshop.ts';
import { isPlainText } from './plain-text.ts';
import { xmpRendering } from './xmp-rendering.ts';

const COM = 0xfe;
const APP11 = 0xeb;
const EXIF_SIGNATURE: Uint8Array = ascii('Exif\0\0');
/** Segments with Exif data or XMP that are looked into; those beyond it are content. Files have one or two of each. */
const MAXIMUM_PARSED = 64;

/** The names of extended XMP, as a packet mentions them: MD5 in hexadecimal digits. */
const GUIDS = /(?<![0-9A-Za-z])[0-9A-Fa-f]{32}(?![0-9A-Za-z])/g;

/** A segment that is left out, all of it or what `ranges` say, and what of it is content all the same. */
export interface JpegCarrier {
  readonly ranges: readonly ByteRange[];
  readonly content: readonly ByteRange[];
}

/** The carriers among the segments, in the order of the file, and the values in them that steer rendering. */
export interface JpegCarriers {
  readonly found: ReadonlyMap<JpegSegment, JpegCarrier>;
  readonly exif: readonly string[];
  readonly xmp: readonly string[];
  readonly anomalies: readonly ContentAnomaly[];
}

/** Looks into every segment that may be a carrier; what is not what it says is none. */
export const jpegCarriers = async (source: ByteSource, segments: readonly JpegSegment[]): Promise<JpegCarriers> => {
  const found = new Map<JpegSegment, JpegCarrier>();
  const [exif, xmp]: [string[], string[]] = [[], []];
  const packets: Uint8Array[] = [];
  const anomalies: ContentAnomaly[] = [];
  const manifest = await manifestSegments(source, segments);
  const resources = segments.filter(isPhotoshopSegment);
  let parsed = 0;
  for (const segment of segments) {
    if ((isJpegExif(segment) || isJpegXmp(segment)) && parsed < MAXIMUM_PARSED) {
      parsed += 1;
      const packet = isJpegXmp(segment) ? await readJpegXmp(source, segment) : undefined;
      const value = packet === undefined ? await exifOf(source, segment) : xmpRendering(packet);
      if (value !== undefined) {
        found.set(segment, wholeOf(segment));
        (packet === undefined ? exif : xmp).push(value);
        packets.push(...(packet === undefined ? [] : [packet]));
      }
    } else if (manifest.has(segment) || (await isComment(source, segment, anomalies))) {
      found.set(segment, wholeOf(segment));
    } else if (resources.length === 1 && resources[0] === segment) {
      const carrier = await photoshopCarrier(source, segment);
      if (carrier !== undefined) {
        found.set(segment, carrier);
      }
    } else if (segment.marker === APP11) {
      anomalies.push({ site: 'jpeg/APP11', offset: segment.start, isCovered: true, detail: 'a place for manifests holds none' });
    }
  }
  const extended = await extendedSegments(source, segments, packets);
  return { found: inOrder(segments, found, extended), exif, xmp, anomalies };
};

const wholeOf = ({ start, end }: JpegSegment): JpegCarrier => ({ ranges: [{ start, end }], content: [] });

const inOrder = (
  segments: readonly JpegSegment[],
  found: ReadonlyMap<JpegSegment, JpegCarrier>,
  extended: ReadonlySet<JpegSegment>,
): ReadonlyMap<JpegSegment, JpegCarrier> =>
  extended.size === 0
    ? found
    : new Map(
        segments.flatMap((segment) => {
          const carrier = extended.has(segment) ? wholeOf(segment) : found.get(segment);
          return carrier === undefined ? [] : [[segment, carrier] as const];
        }),
      );

const exifOf = async (source: ByteSource, { head, dataStart, end }: JpegSegment): Promise<string | undefined> => {
  const start = dataStart + EXIF_SIGNATURE.length;
  if (start > end || !startsWith(head, EXIF_SIGNATURE)) {
    return undefined;
  }
  return exifRendering(await source.read(start, end - start));
};

/** A comment, or a label that a tool has put into APP11 (spec/labels.md §5.1, row 11): what labelling takes away. */
const isComment = async (source: ByteSource, { marker, head, start, dataStart, end }: JpegSegment, anomalies: ContentAnomaly[]): Promise<boolean> => {
  if (marker === COM) {
    return isPlainText(await source.read(dataStart, end - dataStart));
  }
  if (marker !== APP11 || !startsWith(head, ascii(`${LABEL_KEY}{`))) {
    return false;
  }
  if (!isLooseLabel(latin1(await source.read(dataStart, end - dataStart)), LABEL_KEY)) {
    anomalies.push({ site: `jpeg/APP11[${LABEL_KEY}]`, offset: start, detail: 'a label that is no JSON object' });
  }
  return true;
};

/** Extended XMP that is whole, is what its digest says, is named by a packet and steers nothing; anything else no reader takes (XMP part 3 §1.1.3.1). */
const extendedSegments = async (
  source: ByteSource,
  segments: readonly JpegSegment[],
  packets: readonly Uint8Array[],
): Promise<ReadonlySet<JpegSegment>> => {
  const extended = segments.filter(isJpegExtendedXmp);
  if (extended.length === 0 || packets.length === 0) {
    return new Set();
  }
  const read = await readJpegExtendedXmp(source, extended);
  const notes = new Set(packets.flatMap((packet) => (latin1(packet).match(GUIDS) ?? []).map((guid) => guid.toUpperCase())));
  const guids = read.packets
    .filter((one) => notes.has(one.guid.toUpperCase()) && xmpRendering(one.packet) === '' && hasTrueGuid(one))
    .map(({ guid }) => guid);
  const guidOf = ({ dataStart }: JpegSegment): Promise<Uint8Array> | Uint8Array => source.read(dataStart + 35, 32);
  const named = await Promise.all(extended.map(async (segment) => guids.includes(latin1(await guidOf(segment)))));
  return new Set(extended.filter((_, index) => named[index]));
};
