// Tags around a stream of frames (MPEG audio, ADTS, FLAC, AMR): ID3v2 in front, APEv2, Lyrics3, ID3v1 and ID3v2 behind.
import { type ApeTag, editId3Tag, type Id3Tag, isId3, newId3Tag, readApeTag, readId3Tag, readTrailers } from '@aigc-label/containers';
import { removeApeItems } from '@aigc-label/containers/internal';
import { type Anomaly, type ByteSource, LabelError, type Slot, type Slots, type SlotText, type Splice } from '@aigc-label/core';

/** The key of these tags. */
const KEY = 'AIGC';

/** Tags that stand in a row at the start; ffmpeg follows as many as there are, but nobody writes more than two. */
const MAXIMUM_TAGS = 8;

/** The tags of one file; offsets are of the file. */
export interface FrameTags {
  /** In a row at the start of the file. */
  readonly leading: readonly Id3Tag[];
  /** At its end, with a footer. */
  readonly appended: Id3Tag | undefined;
  readonly ape: ApeTag | undefined;
  /** Where the row at the start ends. */
  readonly end: number;
  /** Where an ID3v2 tag of a version that we do not know stands in the row. */
  readonly unknownAt: number | undefined;
  readonly anomalies: readonly Anomaly[];
}

/** Reads the tags at both ends of a file. */
export const readFrameTags = async (source: ByteSource): Promise<FrameTags> => {
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
  return { leading, appended, ape, end: position, unknownAt, anomalies: [...anomalies, ...(appended?.anomalies ?? [])] };
};

const APPENDED = 'id3v2[appended]';
const siteOf = (index: number): string => (index === 0 ? 'id3v2' : `id3v2[${index}]`);

/** The labels in these tags; `isPlace` says whether TXXX of the leading tags is where this format carries its label. */
export const frameTagSlots = ({ leading, appended, ape, anomalies }: FrameTags, isPlace: boolean): Slots => ({
  found: [
    ...leading.flatMap((tag, index) => slotsOfTag(tag, siteOf(index), isPlace)),
    ...(appended === undefined ? [] : slotsOfTag(appended, APPENDED, false)),
    ...(ape?.matches ?? []).flatMap(({ text }) => (text === undefined ? [] : [slotOf('ape/AIGC', text, false)])),
  ],
  anomalies,
});

const slotsOfTag = (tag: Id3Tag, site: string, isPlace: boolean): readonly Slot[] =>
  tag.matches.flatMap(({ kind, id, text }) => (text === undefined ? [] : [slotOf(`${site}/${id}[${KEY}]`, text, isPlace && kind === 'TXXX')]));

const slotOf = (site: string, value: string, isGuidePlace: boolean): Slot => ({ key: KEY, site, isGuidePlace, value });

/**
 * The splices that leave one label, in the first ID3v2 tag.
 *
 * @param what for the caller's own mistake: `an MP3`.
 * @throws LabelError as `editId3Tag` does, and `FORMAT_UNSUPPORTED_FEATURE` where a tag is of a version that we do not know.
 */
export const planFrameTags = (tags: FrameTags, slot: SlotText, what: string): readonly Splice[] => {
  if (slot.key !== KEY) {
    throw new TypeError(`${what} carries ${KEY}, not ${slot.key}`);
  }
  const { found } = frameTagSlots(tags, true);
  if (matchCount(tags) === 1 && found[0]?.isGuidePlace === true && found[0].value === slot.value) {
    return [];
  }
  const [first] = tags.leading;
  assertKnown(tags);
  const edit =
    first === undefined
      ? newId3Tag(slot.key, slot.value)
      : editId3Tag(first, { remove: first.matches, insert: { description: slot.key, text: slot.value } });
  return [
    ...(edit instanceof Uint8Array ? [{ at: 0, remove: 0, insert: edit }] : edit),
    ...clearedFrameTags({ ...tags, leading: tags.leading.slice(1) }),
  ];
};

/**
 * The splices after which none of these tags holds a label, because it goes elsewhere in the same plan.
 *
 * @throws LabelError as `planFrameTags`.
 */
export const clearedFrameTags = (tags: FrameTags): readonly Splice[] => {
  assertKnown(tags);
  const { leading, appended, ape } = tags;
  return [
    ...[...leading, ...(appended === undefined ? [] : [appended])].flatMap((tag) => editId3Tag(tag, { remove: tag.matches })),
    ...(ape === undefined ? [] : removeApeItems(ape, ape.matches)),
  ];
};

/** How many texts under our key these tags hold, readable or not. */
export const matchCount = ({ leading, appended, ape }: FrameTags): number =>
  [...leading, ...(appended === undefined ? [] : [appended])].reduce((total, tag) => total + tag.matches.length, ape?.matches.length ?? 0);

const assertKnown = ({ unknownAt }: FrameTags): void => {
  if (unknownAt !== undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The ID3v2 tag at byte ${unknownAt} is of no known version; save it as 2.3 or 2.4.`, {
      data: { site: 'id3v2', offset: unknownAt },
    });
  }
};
