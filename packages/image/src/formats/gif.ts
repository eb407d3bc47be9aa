import {
  encodeGifXmp,
  type GifExtension,
  isGif,
  joinGifSubBlocks,
  readGifStructure,
  readGifXmp,
  spliceXmp,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  ascii,
  type ByteSource,
  type Format,
  fromUtf8,
  isLooseLabel,
  LabelError,
  latin1,
  type Slot,
  type SlotText,
  type Splice,
  TC260_XMP,
} from '@aigc-label/core';
import { gifContent } from '../content/gif-content.ts';
import { IMAGE_GUIDE, LABEL_KEY } from '../place.ts';

const XMP_SITE = 'gif/XMP Data';
const COMMENT_SITE = 'gif/Comment';

/** Comments that are read: a label has some hundred bytes, with SecurityData some thousand. */
const MAXIMUM_COMMENT_BYTES = 1 << 16;

/** Of a longer comment, the bytes that tell whether a label begins in it. */
const BEGINNING_BYTES = 64;

/** Bytes of XMP and comments that are read from one file in all. */
const MAXIMUM_READ_BYTES = 4 << 20;

/** GIF: the label is XMP in an application extension (XMP part 3 §1.1.2). */
export const gif: Format = {
  id: 'gif',
  modality: 'image',
  mediaTypes: ['image/gif'],
  extensions: ['.gif'],
  place: { description: 'Application Extension "XMP Data" "XMP", TC260:AIGC', source: IMAGE_GUIDE, certainty: 'guide' },
  matches: isGif,
  read: async (source) => {
    const { carriers, anomalies } = await survey(source);
    return { found: carriers.flatMap(({ slots }) => slots), anomalies };
  },
  plan: async (source, slot) => {
    const { carriers, is87a, firstGraphic, fault } = await survey(source);
    if (fault !== undefined || firstGraphic === undefined) {
      throw fault ?? new LabelError('FILE_DAMAGED', 'The GIF has no trailer. Export it again from its source.');
    }
    const edits = editsOf(carriers, firstGraphic, slot);
    // Extensions came with GIF89a (GIF89a §7); nothing else that an 87a file holds means another thing there.
    return edits.length > 0 && is87a ? [{ at: 4, remove: 1, insert: ascii('9') }, ...edits] : edits;
  },
  content: gifContent,
};

interface Carrier {
  readonly extension: GifExtension;
  readonly slots: readonly Slot[];
  /** Set on XMP that could be read. */
  readonly packet?: Uint8Array;
  readonly isPlain: boolean;
}

interface Survey {
  readonly carriers: readonly Carrier[];
  readonly is87a: boolean;
  readonly firstGraphic?: number;
  readonly anomalies: readonly Anomaly[];
  readonly fault?: LabelError;
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const { extensions, anomalies: structural, ...structure } = await readGifStructure(source);
  const anomalies: Anomaly[] = [...structural];
  const carriers: Carrier[] = [];
  let budget = MAXIMUM_READ_BYTES;
  for (const extension of extensions) {
    const limitBytes = Math.min(budget, extension.kind === 'xmp' ? XMP_LIMIT_BYTES : MAXIMUM_COMMENT_BYTES);
    const carrier =
      extension.kind === 'xmp'
        ? await xmpCarrier(source, extension, carriers, limitBytes, anomalies)
        : await commentCarrier(source, extension, limitBytes, anomalies);
    if (carrier !== undefined) {
      carriers.push(carrier);
    }
    budget -= Math.min(budget, limitBytes, extension.end - extension.start);
  }
  if (carriers.filter(isPlace).length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: XMP_SITE, detail: 'more than one application extension holds XMP' });
  }
  return { ...structure, carriers, anomalies };
};

const isPlace = ({ extension }: Carrier): boolean => extension.kind === 'xmp';

const xmpCarrier = async (
  source: ByteSource,
  extension: GifExtension,
  before: readonly Carrier[],
  limitBytes: number,
  anomalies: Anomaly[],
): Promise<Carrier> => {
  const read = await readGifXmp(source, extension, limitBytes);
  if (read === undefined) {
    anomalies.push({ code: 'limit', site: XMP_SITE, offset: extension.start, detail: `the packet is larger than ${limitBytes} bytes` });
    return { extension, slots: [], isPlain: false };
  }
  const labels = xmpSlots(read.packet, TC260_XMP, { site: XMP_SITE, isPlace: read.isPlain && !before.some(isPlace), offset: extension.start });
  anomalies.push(...labels.anomalies);
  return { extension, slots: labels.slots, packet: read.packet, isPlain: read.isPlain };
};

const commentCarrier = async (
  source: ByteSource,
  extension: GifExtension,
  limitBytes: number,
  anomalies: Anomaly[],
): Promise<Carrier | undefined> => {
  const size = extension.end - extension.dataStart;
  if (size > limitBytes) {
    const beginning = latin1(joinGifSubBlocks(await source.read(extension.dataStart, Math.min(size, BEGINNING_BYTES))));
    if (/^[\s\0]*(?:\{[\s\0]*"AIGC"|AIGC)/.test(beginning)) {
      anomalies.push({ code: 'limit', site: COMMENT_SITE, offset: extension.start, detail: `the comment holds ${size} bytes` });
    }
    return undefined;
  }
  const data = joinGifSubBlocks(await source.read(extension.dataStart, extension.end - extension.dataStart));
  const value = fromUtf8(data) ?? latin1(data);
  return isLooseLabel(value, LABEL_KEY)
    ? { extension, slots: [{ key: LABEL_KEY, site: COMMENT_SITE, value, isGuidePlace: false }], isPlain: false }
    : undefined;
};

const editsOf = (carriers: readonly Carrier[], firstGraphic: number, slot: SlotText): readonly Splice[] => {
  const place = carriers.find(isPlace);
  const splices: Splice[] = [];
  if (place === undefined) {
    // After extensions that want to be first (NETSCAPE2.0), and never between a graphic control extension and its picture.
    splices.push({ at: firstGraphic, remove: 0, insert: encodeGifXmp(spliceXmp(undefined, TC260_XMP, slot, { site: XMP_SITE })) });
  }
  for (const carrier of carriers) {
    const { extension, packet } = carrier;
    const range = { at: extension.start, remove: extension.end - extension.start };
    if (extension.kind === 'comment') {
      splices.push({ ...range, insert: new Uint8Array(0) });
      continue;
    }
    if (packet === undefined) {
      const sentence = `The XMP extension at byte ${extension.start} is too large to be edited; save the GIF again without it.`;
      throw new LabelError('LIMIT_EXCEEDED', sentence, { data: { offset: extension.start } });
    }
    const edited = xmpWithOneLabel(packet, TC260_XMP, carrier === place, slot, { site: XMP_SITE });
    if (edited !== packet || (carrier === place && !carrier.isPlain)) {
      splices.push({ ...range, insert: encodeGifXmp(edited) });
    }
  }
  return splices;
};
