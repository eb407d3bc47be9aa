import {
  encodePngChunk,
  encodePngInternationalText,
  encodePngText,
  PNG_SIGNATURE,
  type PngChunk,
  type PngText,
  pngText,
  readPngKeyword,
  readPngStructure,
  readPngText,
  spliceXmp,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  applySplices,
  type ByteSource,
  type Format,
  isLooseLabel,
  LabelError,
  type Slot,
  type Slots,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
} from '@aigc-label/core';
import { pngContent } from '../content/png-content.ts';
import { exifLabels } from '../exif-label.ts';
import { IMAGE_GUIDE, LABEL_KEY } from '../place.ts';

const XMP_KEYWORD = 'XML:com.adobe.xmp';
const COMMENT_KEYWORD = 'UserComment';

/** Bytes of text that are read from one file in all; the packets of real files have some KB. */
const MAXIMUM_TEXT_BYTES = 4 << 20;

/** PNG and APNG: the label is XMP in an iTXt chunk (PNG 3rd ed. §11.3.3.4; XMP part 3 §1.1.5). */
export const png: Format = {
  id: 'png',
  modality: 'image',
  mediaTypes: ['image/png', 'image/apng'],
  extensions: ['.png', '.apng'],
  place: { description: `iTXt "${XMP_KEYWORD}", TC260:AIGC`, source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => startsWith(head, PNG_SIGNATURE),
  read: async (source) => {
    const { slots, anomalies } = await survey(source);
    return { found: slots, anomalies } satisfies Slots;
  },
  plan: async (source, slot) => {
    const { afterHeader, fault, texts, exif } = await survey(source);
    if (fault !== undefined || afterHeader === undefined) {
      throw fault ?? new LabelError('FILE_DAMAGED', 'The PNG has no IHDR chunk. Export it again from its source.');
    }
    return [...planned(texts, afterHeader, slot), ...(exif === undefined ? [] : [exif.blanked])];
  },
  content: pngContent,
};

interface Carrier extends PngText {
  /** `stray` is a chunk that holds our label and nothing else. */
  readonly role: 'xmp' | 'stray' | 'foreign';
}

/** Labels in the Exif data, and the chunk without them. */
interface ExifCarrier {
  readonly slots: readonly Slot[];
  readonly blanked: Splice;
}

interface Survey {
  readonly exif?: ExifCarrier;
  readonly afterHeader?: number;
  readonly fault?: LabelError;
  readonly texts: readonly Carrier[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const structure = await readPngStructure(source);
  const anomalies: Anomaly[] = [...structure.anomalies];
  const slots: Slot[] = [];
  const texts: Carrier[] = [];
  let budget = MAXIMUM_TEXT_BYTES;
  for (const chunk of structure.texts) {
    const keyword = await readPngKeyword(source, chunk);
    if (keyword !== XMP_KEYWORD && keyword !== LABEL_KEY && keyword !== COMMENT_KEYWORD) {
      continue;
    }
    const text = await readPngText(source, chunk, keyword, Math.min(XMP_LIMIT_BYTES, budget));
    const site = `png/${chunk.type}[${keyword}]`;
    if (!text.hasGoodChecksum) {
      anomalies.push({ code: 'checksum', site, offset: chunk.offset, detail: 'the CRC of the chunk is wrong' });
    }
    if (typeof text.text === 'string') {
      const detail =
        text.text === 'limit'
          ? `the chunk holds more than ${Math.min(XMP_LIMIT_BYTES, budget)} bytes of text`
          : 'the text of the chunk cannot be read';
      anomalies.push({ code: text.text === 'limit' ? 'limit' : 'damaged', site, offset: chunk.offset, detail });
      texts.push({ ...text, role: keyword === XMP_KEYWORD ? 'xmp' : keyword === LABEL_KEY ? 'stray' : 'foreign' });
      continue;
    }
    budget -= Math.max(text.text.length, chunk.length);
    if (keyword === XMP_KEYWORD) {
      const isFirst = chunk.type === 'iTXt' && !texts.some(isPlace);
      const labels = xmpSlots(text.text, TC260_XMP, { site, isPlace: isFirst && !needsRewriting(text), offset: chunk.offset });
      slots.push(...labels.slots);
      anomalies.push(...labels.anomalies);
      texts.push({ ...text, role: 'xmp' });
      continue;
    }
    const value = pngText(text.text);
    const role = keyword === LABEL_KEY || isLooseLabel(value, LABEL_KEY) ? 'stray' : 'foreign';
    if (role === 'stray') {
      slots.push({ key: LABEL_KEY, site, value, isGuidePlace: false });
    }
    texts.push({ ...text, role });
  }
  if (texts.filter(isPlace).length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: `png/iTXt[${XMP_KEYWORD}]`, detail: 'more than one chunk holds XMP' });
  }
  const exif = structure.exif === undefined ? undefined : await exifCarrier(source, structure.exif, anomalies);
  if (exif !== undefined) {
    slots.push(...exif.slots);
  }
  const { afterHeader, fault } = structure;
  return {
    ...(exif === undefined ? {} : { exif }),
    ...(afterHeader === undefined ? {} : { afterHeader }),
    ...(fault === undefined ? {} : { fault }),
    texts,
    slots,
    anomalies,
  };
};

const exifCarrier = async (source: ByteSource, { offset, length, end }: PngChunk, anomalies: Anomaly[]): Promise<ExifCarrier | undefined> => {
  if (length > XMP_LIMIT_BYTES) {
    anomalies.push({ code: 'limit', site: 'png/eXIf', offset, detail: `the chunk holds ${length} bytes; at most ${XMP_LIMIT_BYTES} are read` });
    return undefined;
  }
  const data = await source.read(offset + 8, length);
  const labels = await exifLabels(data, 0);
  if (labels.length === 0) {
    return undefined;
  }
  const edited = applySplices(
    data,
    labels.map(({ blanked }) => blanked),
  );
  return {
    slots: labels.map(({ site, value }) => ({ key: LABEL_KEY, site: `png/eXIf/${site}`, value, isGuidePlace: false })),
    blanked: { at: offset, remove: end - offset, insert: encodePngChunk('eXIf', edited) },
  };
};

const isPlace = ({ role, chunk }: Carrier): boolean => role === 'xmp' && chunk.type === 'iTXt';

/** XMP part 3 §1.1.5 wants it plain; readers skip a chunk with a wrong CRC, and exiftool one with a language tag. */
const needsRewriting = ({ isCompressed, isTranslated, hasGoodChecksum }: PngText): boolean => isCompressed || isTranslated || !hasGoodChecksum;

const planned = (texts: readonly Carrier[], afterHeader: number, slot: SlotText): readonly Splice[] => {
  const place = texts.find(isPlace);
  const splices: Splice[] = [];
  if (place === undefined) {
    // Before PLTE and IDAT, where readers that stop at the pixels still find it.
    splices.push({ at: afterHeader, remove: 0, insert: encodePngInternationalText(XMP_KEYWORD, spliceXmp(undefined, TC260_XMP, slot)) });
  }
  for (const carrier of texts) {
    const { chunk, text, keyword } = carrier;
    const at = { at: chunk.offset, remove: chunk.end - chunk.offset };
    if (carrier.role === 'foreign') {
      continue;
    }
    if (typeof text === 'string') {
      const code = text === 'limit' ? 'LIMIT_EXCEEDED' : 'FILE_DAMAGED';
      throw new LabelError(code, `The ${chunk.type} chunk "${keyword}" at byte ${chunk.offset} cannot be read; save the PNG again without it.`, {
        data: { offset: chunk.offset, keyword },
      });
    }
    if (carrier.role === 'stray') {
      splices.push({ ...at, insert: new Uint8Array(0) });
      continue;
    }
    const site = `png/${chunk.type}[${keyword}]`;
    const packet = xmpWithOneLabel(text, TC260_XMP, carrier === place, slot, { site });
    const isBroken = carrier === place && needsRewriting(carrier);
    if (packet !== text || isBroken) {
      splices.push({ ...at, insert: encodeXmpChunk(carrier, packet) });
    }
  }
  return splices;
};

const encodeXmpChunk = ({ chunk }: Carrier, packet: Uint8Array): Uint8Array =>
  chunk.type === 'iTXt' ? encodePngInternationalText(XMP_KEYWORD, packet) : encodePngText(XMP_KEYWORD, packet);
