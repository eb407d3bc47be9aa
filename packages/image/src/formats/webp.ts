// TC260-PG-20259A, main scheme: WebP carries the label as XMP; RFC 9649 §2.7 says where that stands.
import {
  editRiff,
  isRiff,
  type Riff,
  type RiffChunk,
  type RiffEdit,
  readRiff,
  spliceXmp,
  WEBP_BITSTREAM_HEAD_BYTES,
  WEBP_EXTENDED_BYTES,
  WEBP_XMP_FLAG,
  webpCanvas,
  webpExtendedHeader,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  ascii,
  type ByteSource,
  type Format,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
} from '@aigc-label/core';
import { webpContent } from '../content/webp-content.ts';
import { type ExifLabel, exifLabels } from '../exif-label.ts';
import { IMAGE_GUIDE, LABEL_KEY } from '../place.ts';

const XMP = 'XMP ';
const SITE = 'webp/XMP';
const EXIF = 'EXIF';
/** Some writers put what JPEG has before Exif data into the chunk as well. */
const EXIF_SIGNATURE: Uint8Array = ascii('Exif\0\0');

/** Bytes of XMP that are read from one file in all. */
const MAXIMUM_XMP_BYTES: number = XMP_LIMIT_BYTES;
/** Bytes of Exif data that are read; cameras write up to 64 KiB, for that is what JPEG holds. */
const MAXIMUM_EXIF_BYTES = 256 << 10;

/** WebP, simple, extended and animated. */
export const webp: Format = {
  id: 'webp',
  modality: 'image',
  mediaTypes: ['image/webp'],
  extensions: ['.webp'],
  place: { description: 'RIFF chunk "XMP ", TC260:AIGC', source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => isRiff(head, 'WEBP', ['RIFF']),
  read: async (source) => {
    const { slots, anomalies } = await readWebp(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planWebp(source, await readWebp(source), slot),
  content: webpContent,
};

interface Packet {
  readonly chunk: RiffChunk;
  /** `undefined` where it is too large to be read. */
  readonly bytes: Uint8Array | undefined;
}

interface Webp {
  readonly riff: Riff;
  /** VP8X and its flags. */
  readonly extended: { readonly chunk: RiffChunk; readonly flags: number } | undefined;
  readonly packets: readonly Packet[];
  /** What turns labels in Exif texts into spaces. */
  readonly blanked: readonly { readonly chunk: RiffChunk; readonly splices: readonly Splice[] }[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readWebp = async (source: ByteSource): Promise<Webp> => {
  const riff = await readRiff(source);
  const anomalies: Anomaly[] = [...riff.anomalies];
  const slots: Slot[] = [];
  const packets: Packet[] = [];
  const blanked: Webp['blanked'][number][] = [];
  const extended = await readExtended(source, riff);
  let budget = MAXIMUM_XMP_BYTES;
  for (const chunk of riff.chunks) {
    if (chunk.id === EXIF && chunk.sizeBytes > MAXIMUM_EXIF_BYTES) {
      const detail = `the chunk holds ${chunk.sizeBytes} bytes; at most ${MAXIMUM_EXIF_BYTES} are read`;
      anomalies.push({ code: 'limit', site: 'webp/EXIF', offset: chunk.start, detail });
    } else if (chunk.id === EXIF && !chunk.isOpen && blanked.length === 0) {
      const labels = await labelsInExif(source, chunk);
      slots.push(...labels.map(({ site, value }): Slot => ({ key: LABEL_KEY, site: `webp/EXIF/${site}`, value, isGuidePlace: false })));
      blanked.push({ chunk, splices: labels.map((label) => label.blanked) });
    }
    if (chunk.id === EXIF && blanked.length > 0 && blanked[0]?.chunk !== chunk) {
      // RFC 9649 §2.7 allows one, and only the first is read.
      anomalies.push({ code: 'damaged', site: 'webp/EXIF', offset: chunk.start, detail: 'a second EXIF chunk is not read' });
    }
    if (chunk.id !== XMP || chunk.isOpen) {
      continue;
    }
    const site = packets.length === 0 ? SITE : `${SITE}[${packets.length}]`;
    if (chunk.sizeBytes > budget) {
      anomalies.push({ code: 'limit', site, offset: chunk.start, detail: `the chunk holds ${chunk.sizeBytes} bytes` });
      packets.push({ chunk, bytes: undefined });
      continue;
    }
    budget -= chunk.sizeBytes;
    const bytes = await source.read(chunk.dataStart, chunk.sizeBytes);
    // Readers take the first chunk and leave the others (RFC 9649 §2.7), and libwebp sees none where the flag is not set.
    const isInPlace = packets.length === 0 && extended !== undefined && (extended.flags & WEBP_XMP_FLAG) !== 0;
    const labels = xmpSlots(bytes, TC260_XMP, { site, isPlace: isInPlace, offset: chunk.start });
    slots.push(...labels.slots);
    anomalies.push(...labels.anomalies);
    packets.push({ chunk, bytes });
  }
  if (packets.length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: SITE, detail: 'more than one chunk holds XMP' });
  }
  return { riff, extended, packets, blanked, slots, anomalies };
};

const labelsInExif = async (source: ByteSource, { dataStart, sizeBytes }: RiffChunk): Promise<readonly ExifLabel[]> => {
  const data = await source.read(dataStart, sizeBytes);
  const skip = startsWith(data, EXIF_SIGNATURE) ? EXIF_SIGNATURE.length : 0;
  return exifLabels(data.subarray(skip), dataStart + skip);
};

const readExtended = async (source: ByteSource, riff: Riff): Promise<Webp['extended']> => {
  const [chunk] = riff.chunks;
  if (chunk?.id !== 'VP8X' || chunk.isOpen || chunk.sizeBytes < WEBP_EXTENDED_BYTES) {
    return undefined;
  }
  return { chunk, flags: (await source.read(chunk.dataStart, 1))[0] ?? 0 };
};

const planWebp = async (source: ByteSource, { riff, extended, packets, blanked }: Webp, slot: SlotText): Promise<readonly Splice[]> => {
  if (!riff.isComplete) {
    throw new LabelError('FILE_DAMAGED', `The chunks of the WebP do not fill its size (byte ${riff.end}). Export it again from its source.`, {
      data: { site: 'riff', offset: riff.end },
    });
  }
  const inside: { chunk: RiffChunk; splices: readonly Splice[] }[] = blanked.filter(({ splices }) => splices.length > 0);
  const insert: NonNullable<RiffEdit['insert']>[number][] = [];
  if (extended === undefined) {
    insert.push(await extension(source, riff));
  } else if ((extended.flags & WEBP_XMP_FLAG) === 0) {
    const at = extended.chunk.dataStart;
    inside.push({ chunk: extended.chunk, splices: [{ at, remove: 1, insert: Uint8Array.of(extended.flags | WEBP_XMP_FLAG) }] });
  }
  for (const [index, { chunk, bytes }] of packets.entries()) {
    if (bytes === undefined) {
      throw new LabelError('LIMIT_EXCEEDED', `The XMP chunk at byte ${chunk.start} is too large to be edited; save the WebP without it.`, {
        data: { site: SITE, offset: chunk.start, length: chunk.sizeBytes, limitBytes: MAXIMUM_XMP_BYTES },
      });
    }
    const packet = xmpWithOneLabel(bytes, TC260_XMP, index === 0, slot, { site: SITE });
    if (packet !== bytes) {
      inside.push({ chunk, splices: [{ at: chunk.dataStart, remove: chunk.sizeBytes, insert: packet }] });
    }
  }
  if (packets.length === 0) {
    const before = followerOf(riff);
    insert.push({ ...(before === undefined ? {} : { before }), id: XMP, data: spliceXmp(undefined, TC260_XMP, slot) });
  }
  return editRiff(riff, { inside, insert });
};

/** Chunks that stand before XMP; chunks that RFC 9649 does not know stand behind it. */
const EARLIER: readonly string[] = ['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L', 'EXIF'];

const followerOf = (riff: Riff): RiffChunk | undefined => riff.chunks[riff.chunks.findLastIndex(({ id }) => EARLIER.includes(id)) + 1];

/** Chunks whose meaning would change with a VP8X that was not there: a decoder has ignored them so far. */
const EXTENDED_ONLY: readonly string[] = ['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH'];

/** The VP8X chunk that a simple file needs to carry XMP. The flag of EXIF stays off where there is EXIF: it had no effect before. */
const extension = async (source: ByteSource, riff: Riff): Promise<{ before: RiffChunk; id: string; data: Uint8Array }> => {
  const [image] = riff.chunks;
  const misplaced = riff.chunks.find(({ id }) => EXTENDED_ONLY.includes(id));
  const head = image === undefined ? undefined : await source.read(image.dataStart, Math.min(WEBP_BITSTREAM_HEAD_BYTES, image.sizeBytes));
  const canvas = image === undefined || head === undefined ? undefined : webpCanvas(image.id, head);
  if (image === undefined || canvas === undefined || misplaced !== undefined) {
    const what =
      misplaced === undefined ? 'its first chunk is not a picture' : `it has a chunk "${misplaced.id}" without the VP8X that must come first`;
    throw new LabelError('FILE_DAMAGED', `The WebP cannot carry metadata: ${what}. Export it again from its source.`, {
      data: { site: 'webp', offset: misplaced?.start ?? image?.start ?? riff.end, what },
    });
  }
  return { before: image, id: 'VP8X', data: webpExtendedHeader(canvas, WEBP_XMP_FLAG) };
};
