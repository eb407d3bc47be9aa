// TC260-PG-202510A: MP3 carries the label in ID3v2, TXXX with the description AIGC.
import {
  type ApeTag,
  editId3Tag,
  hasTwoMpegAudioFrames,
  ID3_HEADER_BYTES,
  type Id3Tag,
  id3TotalBytes,
  isId3,
  newId3Tag,
  parseId3Header,
  parseMpegAudioHeader,
  readApeTag,
  readId3Tag,
  readTrailers,
} from '@aigc-label/containers';
import { removeApeItems } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  ascii,
  type ByteSource,
  type Format,
  LabelError,
  type Slot,
  type Slots,
  type SlotText,
  type Splice,
  startsWith,
} from '@aigc-label/core';

const KEY = 'AIGC';

/** Tags that stand in a row at the start; ffmpeg follows as many as there are, but nobody writes more than two. */
const MAXIMUM_TAGS = 8;

/** MPEG audio (layers I to III) with ID3v2, ID3v1, APEv2 and Lyrics3 around it. */
export const mp3: Format = {
  id: 'mp3',
  modality: 'audio',
  mediaTypes: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
  extensions: ['.mp3', '.mp2', '.mpga'],
  place: { description: 'ID3v2 TXXX, description AIGC', source: 'TC260-PG-202510A, MP3', certainty: 'guide' },
  matches: (head) => matchesMp3(head),
  read: async (source) => slotsOf(await readTags(source)),
  plan: async (source, slot) => planMp3(await readTags(source), slot),
};

interface Tags {
  /** In a row at the start of the file. */
  readonly leading: readonly Id3Tag[];
  /** At its end, with a footer. */
  readonly appended: Id3Tag | undefined;
  readonly ape: ApeTag | undefined;
  /** Where an ID3v2 tag of a version that we do not know stands in the row. */
  readonly unknownAt: number | undefined;
  readonly anomalies: readonly Anomaly[];
}

const readTags = async (source: ByteSource): Promise<Tags> => {
  const leading: Id3Tag[] = [];
  let position = 0;
  let unknownAt: number | undefined;
  while (position < source.size) {
    const tag = leading.length < MAXIMUM_TAGS ? await readId3Tag(source, position, KEY, siteOf(leading.length)) : undefined;
    if (tag === undefined) {
      unknownAt = isId3(await source.read(position, Math.min(3, source.size - position))) ? position : undefined;
      break;
    }
    leading.push(tag);
    position = tag.end;
  }
  const anomalies = leading.flatMap((tag) => tag.anomalies);
  if (unknownAt !== undefined) {
    anomalies.push({
      code: 'damaged',
      site: siteOf(leading.length),
      offset: unknownAt,
      detail: 'an ID3v2 header of no known version, or too many of them',
    });
  }
  const trailers = await readTrailers(source);
  const ape =
    trailers.apeFooterAt === undefined || trailers.apeFooterAt < position
      ? undefined
      : await readApeTag(source, trailers.apeFooterAt, KEY, anomalies);
  const appended = trailers.id3At === undefined || trailers.id3At < position ? undefined : await readId3Tag(source, trailers.id3At, KEY, APPENDED);
  return { leading, appended, ape, unknownAt, anomalies: [...anomalies, ...(appended?.anomalies ?? [])] };
};

const APPENDED = 'id3v2[appended]';
const siteOf = (index: number): string => (index === 0 ? 'id3v2' : `id3v2[${index}]`);

const slotsOf = ({ leading, appended, ape, anomalies }: Tags): Slots => ({
  found: [
    ...leading.flatMap((tag, index) => slotsOfTag(tag, siteOf(index), true)),
    ...(appended === undefined ? [] : slotsOfTag(appended, APPENDED, false)),
    ...(ape?.matches ?? []).flatMap(({ text }) => (text === undefined ? [] : [slotOf('ape/AIGC', text, false)])),
  ],
  anomalies,
});

const slotsOfTag = (tag: Id3Tag, site: string, isLeading: boolean): readonly Slot[] =>
  tag.matches.flatMap(({ kind, id, text }) => (text === undefined ? [] : [slotOf(`${site}/${id}[${KEY}]`, text, isLeading && kind === 'TXXX')]));

const slotOf = (site: string, value: string, isGuidePlace: boolean): Slot => ({ key: KEY, site, isGuidePlace, value });

const planMp3 = (tags: Tags, slot: SlotText): readonly Splice[] => {
  if (slot.key !== KEY) {
    throw new TypeError(`an MP3 carries ${KEY}, not ${slot.key}`);
  }
  const { leading, appended, ape, unknownAt } = tags;
  if (unknownAt !== undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The ID3v2 tag at byte ${unknownAt} is of no known version; save it as 2.3 or 2.4.`, {
      data: { site: 'id3v2', offset: unknownAt },
    });
  }
  const id3 = [...leading, ...(appended === undefined ? [] : [appended])];
  const items = ape?.matches ?? [];
  const count = id3.reduce((total, tag) => total + tag.matches.length, items.length);
  const { found } = slotsOf(tags);
  if (count === 1 && found[0]?.isGuidePlace === true && found[0].value === slot.value) {
    return [];
  }
  const [first] = leading;
  const inserted = { description: slot.key, text: slot.value };
  return [
    ...(first === undefined
      ? [{ at: 0, remove: 0, insert: newId3Tag(slot.key, slot.value) }]
      : editId3Tag(first, { remove: first.matches, insert: inserted })),
    ...id3.filter((tag) => tag !== first).flatMap((tag) => editId3Tag(tag, { remove: tag.matches })),
    ...(ape === undefined ? [] : removeApeItems(ape, items)),
  ];
};

const matchesMp3 = (head: Uint8Array): boolean => {
  if (!isId3(head)) {
    return hasTwoMpegAudioFrames(head, 0) || parseMpegAudioHeader(head, 0)?.frameBytes === head.length;
  }
  let position = 0;
  for (let header = parseId3Header(head); header !== undefined; header = parseId3Header(head, position)) {
    position += id3TotalBytes(header);
  }
  if (position < ID3_HEADER_BYTES) {
    return false;
  }
  return position >= head.length || isMpegAudioBehindTag(head, position);
};

/** Formats that people put an ID3v2 tag in front of, and that are not MPEG audio. */
const OTHERS: readonly Uint8Array[] = ['fLaC', 'RIFF', 'OggS', 'MAC ', 'wvpk', 'TTA1', 'TTA2', 'MPCK', 'MP+', 'ADIF', 'OFR ', 'FORM', 'DSD '].map(
  ascii,
);

const isMpegAudioBehindTag = (head: Uint8Array, start: number): boolean => {
  let position = start;
  // Some writers pad with zeros behind the tag instead of inside it.
  while (head[position] === 0) {
    position += 1;
  }
  if (position === head.length || parseMpegAudioHeader(head, position) !== undefined) {
    return true;
  }
  if (OTHERS.some((magic) => startsWith(head, magic, position)) || isAdts(head, position)) {
    return false;
  }
  for (; position < head.length; position += 1) {
    if (hasTwoMpegAudioFrames(head, position)) {
      return true;
    }
  }
  return false;
};

/** ISO/IEC 13818-7 §6.2: sync of twelve bits and layer bits 00. */
const isAdts = (head: Uint8Array, offset: number): boolean => head[offset] === 0xff && ((head[offset + 1] ?? 0) & 0xf6) === 0xf0;
