// TC260-PG-202510A names no place for AIFF, and XMP for all that it does not name; XMP part 3 §2.3 says where XMP stands in AIFF.
import { editRiff, isRiff, type Riff, type RiffChunk, type RiffEdit, readRiff, spliceXmp, XMP_LIMIT_BYTES } from '@aigc-label/containers';
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
  TC260_XMP,
} from '@aigc-label/core';
import { type ChunkLabels, readId3Chunk, readXmpChunk } from '../chunk-labels.ts';
import { aiffContent } from '../content/aiff-content.ts';

const KEY = TC260_XMP.name;
const APPLICATION = 'APPL';
const XMP_SIGNATURE = 'XMP ';
const SITE = 'aiff/APPL[XMP ]';

/** The longest text that is read from a chunk, in bytes, and how many such chunks are read. */
const MAXIMUM_TEXT_BYTES = 64 << 10;
const MAXIMUM_TEXTS = 8;

/** APPL and ID3 chunks that are looked into; an honest file has one of each, and a few of other programs. */
const MAXIMUM_CONTAINERS = 64;

/** Texts in which people put a label (spec/labels.md §5.1, row 12); `AIGC` as in a WAV. */
const TEXTS: readonly string[] = ['ANNO', KEY];

/** AIFF and AIFF-C. */
export const aiff: Format = {
  id: 'aiff',
  modality: 'audio',
  mediaTypes: ['audio/aiff', 'audio/x-aiff'],
  extensions: ['.aiff', '.aif', '.aifc'],
  place: { description: 'chunk APPL "XMP ", TC260:AIGC', source: 'TC260-PG-202510A, others (XMP); XMP part 3, AIFF', certainty: 'guide' },
  matches: (head) => isRiff(head, 'AIFF', ['FORM']) || isRiff(head, 'AIFC', ['FORM']),
  read: async (source) => {
    const { found, anomalies } = await readAiff(source);
    return { found, anomalies };
  },
  plan: async (source, slot) => planAiff(await readAiff(source), slot),
  content: aiffContent,
};

interface Aiff {
  readonly riff: Riff;
  /** The first is where the label belongs. */
  readonly packets: readonly ChunkLabels[];
  readonly tags: readonly ChunkLabels[];
  /** Chunks that are a label and nothing else. */
  readonly texts: readonly RiffChunk[];
  /** Set where more chunks than are looked into may hold labels. */
  readonly isCapped: boolean;
  readonly found: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readAiff = async (source: ByteSource): Promise<Aiff> => {
  const riff = await readRiff(source);
  const anomalies: Anomaly[] = [...riff.anomalies];
  const found: Slot[] = [];
  const [packets, tags]: [ChunkLabels[], ChunkLabels[]] = [[], []];
  const texts: RiffChunk[] = [];
  const budget = { left: XMP_LIMIT_BYTES };
  const left = { texts: MAXIMUM_TEXTS, containers: MAXIMUM_CONTAINERS };
  let isCapped = false;
  for (const chunk of riff.chunks.filter(({ id, isOpen }) => !isOpen && (TEXTS.includes(id) || CONTAINERS.includes(id)))) {
    const kind = TEXTS.includes(chunk.id) ? 'texts' : 'containers';
    if (left[kind] === 0) {
      isCapped = true;
      anomalies.push({ code: 'limit', site: `aiff/${chunk.id}`, offset: chunk.start, detail: 'too many chunks that may hold a label' });
      break;
    }
    left[kind] -= 1;
    if (kind === 'texts') {
      const site = `aiff/${chunk.id}`;
      const isRead = chunk.sizeBytes <= MAXIMUM_TEXT_BYTES;
      const text = isRead ? fromUtf8(await source.read(chunk.dataStart, chunk.sizeBytes))?.replace(/\0+$/, '') : undefined;
      if (chunk.id === KEY || (text !== undefined && isLooseLabel(text, KEY))) {
        texts.push(chunk);
        found.push(...(text === undefined ? [] : [{ key: KEY, site, isGuidePlace: false, value: text }]));
        anomalies.push(...(text === undefined ? [unreadable(site, chunk, isRead)] : []));
      }
    } else if (chunk.id !== APPLICATION) {
      tags.push(await readId3Chunk(source, chunk, 'aiff/ID3'));
    } else if (chunk.sizeBytes >= 4 && latin1(await source.read(chunk.dataStart, 4)) === XMP_SIGNATURE) {
      const site = packets.length === 0 ? SITE : `${SITE}[${packets.length}]`;
      packets.push(await readXmpChunk(source, chunk, { site, prefixBytes: 4, isPlace: packets.length === 0, budget }));
    }
  }
  if (packets.length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: SITE, offset: packets[1]?.chunk.start ?? 0, detail: 'more than one chunk holds XMP' });
  }
  const inside = [...packets, ...tags];
  return {
    ...{ riff, packets, tags, texts, isCapped },
    found: [...inside.flatMap((one) => one.found), ...found],
    anomalies: [...anomalies, ...inside.flatMap((one) => one.anomalies)],
  };
};

const CONTAINERS: readonly string[] = [APPLICATION, 'ID3 ', 'id3 '];

const unreadable = (site: string, { start, sizeBytes }: RiffChunk, isRead: boolean): Anomaly => ({
  code: isRead ? 'undecodable' : 'limit',
  site,
  offset: start,
  detail: `${site} holds ${sizeBytes} bytes`,
});

const planAiff = ({ riff, packets, tags, texts, isCapped }: Aiff, slot: SlotText): readonly Splice[] => {
  if (isCapped) {
    throw new LabelError('LIMIT_EXCEEDED', 'The AIFF has more annotations or application chunks than are looked into; export it again.', {
      data: { site: 'aiff' },
    });
  }
  const before = followerOf(riff);
  const data = concat(ascii(XMP_SIGNATURE), packets.length === 0 ? spliceXmp(undefined, TC260_XMP, slot) : new Uint8Array());
  const insert: NonNullable<RiffEdit['insert']> = packets.length > 0 ? [] : [{ ...(before === undefined ? {} : { before }), id: APPLICATION, data }];
  return editRiff(riff, {
    remove: texts,
    inside: [
      ...packets.map((packet, index) => ({ chunk: packet.chunk, splices: packet.edits(index === 0 ? slot : undefined) })),
      ...tags.map((tag) => ({ chunk: tag.chunk, splices: tag.edits(undefined) })),
    ].filter(({ splices }) => splices.length > 0),
    insert,
  });
};

/** The chunk before which ours goes, or `undefined` for the end; before the samples where the end is not certain, as in a WAV. */
const followerOf = (riff: Riff): RiffChunk | undefined => {
  const sound = riff.chunks.find(({ id }) => id === 'SSND');
  if (riff.isComplete && (sound === undefined || sound.sizeBytes > 0)) {
    return undefined;
  }
  if (sound === undefined) {
    throw new LabelError('FILE_DAMAGED', `The chunks of the AIFF contradict its size at byte ${riff.end}, before its samples; export it again.`, {
      data: { site: 'aiff', offset: riff.end },
    });
  }
  return sound;
};
