// TC260-PG-20257A: formats without a row of their own carry the label as XMP; XMP part 3 §1.1.4 says where that stands in files of boxes.
import {
  type Box,
  type BoxBudget,
  type BoxEdit,
  type BoxFile,
  boxBudget,
  boxBytes,
  boxContent,
  contentOf,
  isTopType,
  listBoxes,
  planBoxEdits,
  readBoxFile,
  spliceXmp,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  ascii,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  latin1,
  type Slot,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
  viewOf,
} from '@aigc-label/core';
import { XMP_USER_TYPE } from '../isobmff-xmp.ts';
import { mp4 } from './mp4.ts';

const SITE = 'cmaf/uuid[XMP]';

/**
 * Media segments of CMAF and DASH (ISO/IEC 23000-19, 23009-1): fragments without a `moov`. Their initialisation segment is an MP4; a single segment carries the label
 * for itself (docs/decisions/0017).
 */
export const cmaf: Format = {
  id: 'cmaf',
  modality: 'video',
  mediaTypes: ['video/iso.segment'],
  extensions: ['.m4s', '.cmfv', '.cmfa', '.cmft'],
  place: {
    description: 'uuid box BE7ACFCB-97A9-42E8-9C71-999491E3AFAC (XMP) behind styp, or last where there is no styp; TC260:AIGC',
    source: 'TC260-PG-20257A, other formats: XMP; XMP part 3',
    certainty: 'guide',
  },
  matches: (head) => isSegment(head),
  read: async (source) => {
    const budget = boxBudget();
    const file = await readBoxFile(source, budget);
    // Segments with an index of samples of their own are movies that begin with `styp`.
    if (file.movies.length > 0) {
      return mp4.read(source);
    }
    const { slots, anomalies } = await readSegment(source, file);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => {
    const budget = boxBudget();
    const file = await readBoxFile(source, budget);
    return file.movies.length > 0 ? mp4.plan(source, slot) : planSegment(source, file, await readSegment(source, file), slot, budget);
  },
  content: (source) => boxContent(source),
};

/** What a segment begins with, and the least that such a box holds, header included, in bytes (ISO/IEC 14496-12 §8.16, §8.8.4; DASH §5.10.3). */
const FIRST: Readonly<Record<string, number>> = { styp: 16, sidx: 32, ssix: 16, moof: 24, prft: 28, emsg: 24 };

const MAXIMUM_FIRST_BYTES = 16 << 20; // of a fragment's index; honest ones have some KiB

const isSegment = (head: Uint8Array): boolean => {
  const type = latin1(head.subarray(4, 8));
  const minimum = FIRST[type];
  const size = head.length < 16 ? 0 : viewOf(head).getUint32(0);
  if (minimum === undefined || size < minimum || size > MAXIMUM_FIRST_BYTES) {
    return false;
  }
  // A fragment begins with its number; all others but styp are full boxes of version 0 or 1.
  return type === 'styp' ? size % 4 === 0 : type === 'moof' ? startsWith(head, ascii('mfhd'), 12) : (head[8] ?? 2) < 2;
};

interface Segment {
  /** Boxes of XMP; `bytes` where they are read, `isPlace` for the one where ours belongs. */
  readonly packets: readonly { readonly box: Box; readonly bytes: Uint8Array | undefined; readonly isPlace: boolean }[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readSegment = async (source: ByteSource, file: BoxFile): Promise<Segment> => {
  const anomalies: Anomaly[] = [];
  const slots: Slot[] = [];
  const packets: Segment['packets'][number][] = [];
  const [first] = file.boxes;
  if (isCut(file)) {
    anomalies.push({ code: 'truncated', site: 'cmaf', offset: file.end, detail: 'the last box is announced beyond the end of the file' });
  } else if (file.rest?.kind === 'tooSmall' && isTopType(file.rest.type ?? '')) {
    anomalies.push({ code: 'damaged', site: 'cmaf', offset: file.rest.offset, detail: 'a box is announced smaller than its header' });
  } else if (file.rest !== undefined) {
    anomalies.push({ code: 'trailing_data', site: 'cmaf', offset: file.rest.offset, detail: `${file.rest.length} bytes follow the last box` });
  }
  let bytesLeft = XMP_LIMIT_BYTES;
  for (const box of file.boxes.filter(({ userType }) => userType === XMP_USER_TYPE)) {
    const isPlace = first?.type === 'styp' ? box.offset === first.end : box.end === file.end;
    const sizeBytes = box.end - contentOf(box);
    if (sizeBytes > bytesLeft) {
      anomalies.push({ code: 'limit', site: SITE, offset: box.offset, detail: `the box holds ${sizeBytes} bytes` });
      packets.push({ box, bytes: undefined, isPlace });
      continue;
    }
    bytesLeft -= sizeBytes;
    const bytes = await source.read(contentOf(box), sizeBytes);
    const site = packets.length === 0 ? SITE : `${SITE}[${packets.length}]`;
    const labels = xmpSlots(bytes, TC260_XMP, { site, isPlace, offset: box.offset });
    slots.push(...labels.slots);
    anomalies.push(...labels.anomalies);
    packets.push({ box, bytes, isPlace });
  }
  return { packets, slots, anomalies };
};

const isCut = ({ rest }: BoxFile): boolean => rest?.kind === 'overrun' && rest.box !== undefined && isTopType(rest.box.type);

const planSegment = async (
  source: ByteSource,
  file: BoxFile,
  { packets }: Segment,
  slot: SlotText,
  budget: BoxBudget,
): Promise<readonly Splice[]> => {
  const edits = packets.flatMap(({ box, bytes, isPlace }): readonly BoxEdit[] => {
    if (bytes === undefined) {
      throw new LabelError('LIMIT_EXCEEDED', `The XMP box at byte ${box.offset} is too large to be edited; package the segment without it.`, {
        data: { site: SITE, offset: box.offset, limitBytes: XMP_LIMIT_BYTES },
      });
    }
    const insert = xmpWithOneLabel(bytes, TC260_XMP, isPlace, slot, { site: SITE });
    return insert === bytes ? [] : [{ at: contentOf(box), remove: bytes.length, insert, parents: [box] }];
  });
  const place: readonly BoxEdit[] = packets.some(({ isPlace }) => isPlace)
    ? []
    : [{ at: placeOf(file), remove: 0, insert: xmpBox(spliceXmp(undefined, TC260_XMP, slot)), parents: [] }];
  if (edits.length + place.length > 0) {
    await refuseAbsolute(source, file, budget);
  }
  return planBoxEdits(source, file, [...edits, ...place], budget);
};

/** Behind `styp`, so that the file still begins as it did; a file that begins with its fragment does so still when the box is its last. */
const placeOf = (file: BoxFile): number => {
  const [first] = file.boxes;
  if (first?.type === 'styp') {
    return first.end;
  }
  if (isCut(file) || first === undefined || file.boxes.at(-1)?.sizeField === 'toEnd') {
    throw damaged('cmaf', file.end, 'the last box of the segment has no end behind which a label could stand');
  }
  return file.end;
};

const xmpBox = (packet: Uint8Array): Uint8Array =>
  boxBytes(
    'uuid',
    Uint8Array.from(XMP_USER_TYPE.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    packet,
  );

/** A fragment that counts from the start of the whole presentation cannot be followed through one segment of it; CMAF forbids it (ISO/IEC 23000-19 §7.5.16). */
const refuseAbsolute = async (source: ByteSource, file: BoxFile, budget: BoxBudget): Promise<void> => {
  for (const fragment of file.boxes.filter(({ type }) => type === 'moof')) {
    const children = await listBoxes(source, contentOf(fragment), fragment.end, budget);
    for (const track of children.boxes.filter(({ type }) => type === 'traf')) {
      const headers = await listBoxes(source, contentOf(track), track.end, budget);
      for (const header of headers.boxes.filter(({ type, size }) => type === 'tfhd' && size >= 12)) {
        if (((await source.read(contentOf(header) + 3, 1))[0] ?? 0) % 2 === 1) {
          const message = `The fragment at byte ${fragment.offset} counts from the start of the whole presentation; package it with default-base-is-moof.`;
          throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', message, { data: { site: 'moof.traf.tfhd', offset: header.offset } });
        }
      }
    }
  }
};
