import {
  encodeJpegXmp,
  hasTrueGuid,
  isJpegExif,
  isJpegXmp,
  JPEG_XMP_LIMIT_BYTES,
  type JpegSegment,
  mentions,
  movedJpegOffsets,
  readJpegExtendedXmp,
  readJpegStructure,
  readJpegXmp,
  spliceXmp,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  ascii,
  type ByteSource,
  concat,
  type Format,
  fromUtf8,
  isLooseLabel,
  LabelError,
  latin1,
  type Slot,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
} from '@aigc-label/core';
import { jpegContent } from '../content/jpeg-content.ts';
import { exifLabels } from '../exif-label.ts';
import { IMAGE_GUIDE, LABEL_KEY } from '../place.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP11 = 0xeb;
const COM = 0xfe;
const SOI_BYTES = 2;
const XMP_SITE = 'jpeg/APP1[XMP]';
const EXTENDED_SITE = 'jpeg/APP1[extended XMP]';

/** Segments that may hold a label; each is read whole (64 KiB), and real files have one or two. */
const MAXIMUM_CARRIERS = 32;

/** JPEG, Exif or JFIF: the label is XMP in an APP1 segment (XMP part 3 §1.1.3). */
export const jpeg: Format = {
  id: 'jpeg',
  modality: 'image',
  mediaTypes: ['image/jpeg'],
  extensions: ['.jpg', '.jpeg', '.jpe', '.jfif'],
  place: { description: 'APP1 "http://ns.adobe.com/xap/1.0/", TC260:AIGC', source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => startsWith(head, Uint8Array.of(0xff, 0xd8, 0xff)),
  read: async (source) => {
    const { carriers, anomalies } = await survey(source);
    return { found: carriers.flatMap(({ slots }) => slots), anomalies };
  },
  plan: async (source, slot) => {
    const { segments, carriers, fault } = await survey(source);
    if (fault !== undefined) {
      throw fault;
    }
    const edits = editsOf(carriers, segments, slot);
    return edits.length === 0 ? [] : [...edits, ...(await movedJpegOffsets(source, segments, edits))];
  },
  content: jpegContent,
};

/** A segment that holds, or could hold, our label. */
interface Carrier {
  readonly segment: JpegSegment;
  readonly slots: readonly Slot[];
  readonly kind: 'xmp' | 'stray' | 'extended' | 'exif';
  readonly packet?: Uint8Array;
  /** For `exif`: what takes the label away. */
  readonly blanked?: readonly Splice[];
}

interface Survey {
  readonly segments: readonly JpegSegment[];
  readonly carriers: readonly Carrier[];
  readonly anomalies: readonly Anomaly[];
  readonly fault?: LabelError;
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const { segments, fault, anomalies: structural } = await readJpegStructure(source);
  const anomalies: Anomaly[] = [...structural];
  const carriers: Carrier[] = [];
  for (const segment of segments) {
    if (!mayCarry(segment)) {
      continue;
    }
    if (carriers.length >= MAXIMUM_CARRIERS) {
      const detail = `more than ${MAXIMUM_CARRIERS} segments that could hold a label`;
      anomalies.push({ code: 'limit', site: 'jpeg', offset: segment.start, detail });
      return {
        segments,
        carriers,
        anomalies,
        fault: fault ?? new LabelError('LIMIT_EXCEEDED', `The JPEG has ${detail}; save it again without them.`),
      };
    }
    const carrier = isJpegXmp(segment)
      ? await xmpCarrier(source, segment, !carriers.some(isPlace), anomalies)
      : isJpegExif(segment)
        ? await exifCarrier(source, segment)
        : await strayCarrier(source, segment);
    if (carrier !== undefined) {
      carriers.push(carrier);
    }
  }
  if (carriers.filter(isPlace).length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: XMP_SITE, detail: 'more than one APP1 segment holds a main XMP packet' });
  }
  const extended = await readJpegExtendedXmp(source, segments);
  anomalies.push(...extended.anomalies);
  for (const { guid, packet } of extended.packets) {
    const slots = mentions(packet, LABEL_KEY) ? slotsOf(packet, EXTENDED_SITE, false, 0, anomalies) : [];
    const segment = segments[0];
    if (slots.length === 0 || segment === undefined) {
      continue;
    }
    // Readers leave out what the main packet does not name, and what was changed since (XMP part 3 §1.1.3.1): so a label in it is none, yet nobody may write beside it.
    const isNamed = carriers.some((carrier) => carrier.packet !== undefined && mentions(carrier.packet, guid));
    const what = isNamed ? (hasTrueGuid({ guid, packet }) ? undefined : 'is not what its digest says') : 'is not named by the main packet';
    if (what !== undefined) {
      anomalies.push({ code: 'damaged', site: EXTENDED_SITE, detail: `extended XMP with a label ${what}` });
    }
    carriers.push({ segment, slots: what === undefined ? slots : [], kind: 'extended' });
  }
  return { segments, carriers, anomalies, ...(fault === undefined ? {} : { fault }) };
};

const isPlace = ({ kind }: Carrier): boolean => kind === 'xmp';

const mayCarry = (segment: JpegSegment): boolean => {
  const { marker, head } = segment;
  if (marker === COM) {
    return /^[\s\0]*(?:\{|AIGC)/.test(latin1(head));
  }
  return isJpegXmp(segment) || isJpegExif(segment) || (marker === APP11 && startsWith(head, ascii(LABEL_KEY)));
};

const xmpCarrier = async (source: ByteSource, segment: JpegSegment, isFirst: boolean, anomalies: Anomaly[]): Promise<Carrier> => {
  const packet = await readJpegXmp(source, segment);
  return { segment, kind: 'xmp', packet, slots: slotsOf(packet, XMP_SITE, isFirst, segment.start, anomalies) };
};

const slotsOf = (packet: Uint8Array, site: string, isFirst: boolean, offset: number, anomalies: Anomaly[]): readonly Slot[] => {
  const labels = xmpSlots(packet, TC260_XMP, { site, isPlace: isFirst, offset });
  anomalies.push(...labels.anomalies);
  return labels.slots;
};

const strayCarrier = async (source: ByteSource, segment: JpegSegment): Promise<Carrier | undefined> => {
  const data = await source.read(segment.dataStart, segment.end - segment.dataStart);
  const value = (fromUtf8(data) ?? latin1(data)).replace(/\0+$/, '');
  // C2PA uses APP11 too, and begins with "JP": only one tool writes this key there (spec/labels.md §5.1, row 11).
  if (segment.marker === COM ? !isLooseLabel(value, LABEL_KEY) : !startsWith(data, ascii(`${LABEL_KEY}{`))) {
    return undefined;
  }
  const site = segment.marker === COM ? 'jpeg/COM' : `jpeg/APP11[${LABEL_KEY}]`;
  const text = segment.marker === COM ? value : value.slice(LABEL_KEY.length);
  return { segment, kind: 'stray', slots: [{ key: LABEL_KEY, site, value: text, isGuidePlace: false }] };
};

const exifCarrier = async (source: ByteSource, segment: JpegSegment): Promise<Carrier | undefined> => {
  const at = segment.dataStart + 'Exif\0\0'.length;
  const found = segment.end < at ? [] : await exifLabels(await source.read(at, segment.end - at), at);
  if (found.length === 0) {
    return undefined;
  }
  const slots = found.map(({ site, value }): Slot => ({ key: LABEL_KEY, site: `jpeg/APP1[Exif]/${site}`, value, isGuidePlace: false }));
  return { segment, kind: 'exif', blanked: found.map(({ blanked }) => blanked), slots };
};

const editsOf = (carriers: readonly Carrier[], segments: readonly JpegSegment[], slot: SlotText): readonly Splice[] => {
  const place = carriers.find(isPlace);
  const splices: Splice[] = [];
  if (place === undefined) {
    const packet = spliceXmp(undefined, TC260_XMP, slot, { maximumBytes: JPEG_XMP_LIMIT_BYTES, site: XMP_SITE });
    splices.push({ at: newSegmentOffset(segments), remove: 0, insert: concat(Uint8Array.of(0xff, APP1), encodeJpegXmp(packet)) });
  }
  for (const carrier of carriers) {
    const { segment, packet } = carrier;
    if (packet !== undefined) {
      const edited = xmpWithOneLabel(packet, TC260_XMP, carrier === place, slot, { maximumBytes: JPEG_XMP_LIMIT_BYTES, site: XMP_SITE });
      if (edited !== packet) {
        const at = segment.dataStart - 2;
        splices.push({ at, remove: segment.end - at, insert: encodeJpegXmp(edited) });
      }
    } else if (carrier.blanked !== undefined) {
      splices.push(...carrier.blanked);
    } else if (carrier.kind === 'stray') {
      splices.push({ at: segment.start, remove: segment.end - segment.start, insert: new Uint8Array(0) });
    } else {
      const sentence =
        'The JPEG holds a label in extended XMP, whose parts are bound by a digest; save it again with an editor that gathers its XMP.';
      throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', sentence, { data: { site: EXTENDED_SITE } });
    }
  }
  return splices;
};

/** After the leading JFIF, JFXX and Exif segments, each of which wants to be near the start (JFIF 1.02 p. 2; Exif 3.0 §4.7.1), and before everything else. */
const newSegmentOffset = (segments: readonly JpegSegment[]): number => {
  let offset = SOI_BYTES;
  for (const segment of segments) {
    if (segment.marker !== APP0 && !isJpegExif(segment)) {
      break;
    }
    offset = segment.end;
  }
  return offset;
};
