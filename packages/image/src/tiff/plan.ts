import { addTiffEntry, occupantOf, repointTiffEntry, spliceXmp, type TiffEntry, type TiffExtent } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import { type ByteSource, concat, damaged, LabelError, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';
import { type TiffPacket, type TiffSurvey, XMP_TAG, XMP_TYPE } from './survey.ts';
import { refuseTrailer } from './trailer.ts';

const SITE = `tiff/ifd0[${XMP_TAG}]`;

/**
 * The splices that leave one label, in IFD0. What is new stands behind everything else, and grows and shrinks there; nothing else moves. What is written over
 * or taken away must belong to no other thing of the file.
 *
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `CARRIER_FULL`, `FORMAT_UNSUPPORTED_FEATURE`.
 */
export const planTiff = async (source: ByteSource, survey: TiffSurvey, slot: SlotText): Promise<readonly Splice[]> => {
  const { packets, slots, texts, tail } = survey;
  refuseUnread(survey);
  const place = packets.find(({ isPlace }) => isPlace);
  const [only] = slots;
  if (slots.length === 1 && only?.isGuidePlace === true && only.value === slot.value && !isShared(place, packets)) {
    return [];
  }
  await refuseTrailer(source);
  const end = tail?.start ?? source.size;
  const { pointing, last, released } = await placement(source, survey, place, slot, end);
  const overwrites: readonly Overwrite[] = [
    ...packets.filter((packet) => packet !== place).flatMap(clearedPacket),
    ...texts.map(({ text: { entry, start, blank } }) => ({ entry, start, insert: blank })),
    ...(released === undefined ? [] : [{ entry: released, start: released.valueAt, insert: new Uint8Array(released.sizeBytes) }]),
  ];
  const ending = last ?? (tail === undefined ? undefined : { at: end, insert: new Uint8Array() });
  return proved(source, survey, pointing === undefined ? [] : [pointing], overwrites, ending, place?.entry);
};

/** Bytes that go over as many others, of a value that may be ours in several entries. */
interface Overwrite {
  readonly entry: TiffEntry;
  readonly start: number;
  readonly insert: Uint8Array;
}

/** From `at` on, nothing but `insert`. */
interface Ending {
  readonly at: number;
  readonly insert: Uint8Array;
}

interface Placement {
  /** What leads to the packet: the pointer to IFD0, or the entry. */
  readonly pointing?: Splice;
  readonly last?: Ending;
  /** An entry whose old value nobody points to afterwards; it must not survive as a copy. */
  readonly released?: TiffEntry;
}

const placement = async (
  source: ByteSource,
  { tiff, packets }: TiffSurvey,
  place: TiffPacket | undefined,
  slot: SlotText,
  end: number,
): Promise<Placement> => {
  const packet = spliceXmp(place?.bytes, TC260_XMP, slot, { site: SITE });
  if (place === undefined) {
    const { pointer, appended } = await addTiffEntry(source, tiff, { tag: XMP_TAG, type: XMP_TYPE, data: packet }, end);
    return { pointing: pointer, last: { at: end, insert: appended } };
  }
  const { entry } = place;
  const old: TiffExtent = { start: entry.valueAt, end: entry.valueAt + entry.sizeBytes };
  const own = new Set([entry]);
  if (packet === place.bytes && !isShared(place, packets)) {
    return entry.type === XMP_TYPE ? {} : { pointing: repointTiffEntry(tiff, entry, { type: XMP_TYPE, count: packet.length, valueAt: old.start }) };
  }
  const isLast = !entry.isInline && old.end === end;
  if (isLast && (await occupantOf(source, tiff, [{ start: old.start, end: Number.POSITIVE_INFINITY }], own)) === undefined) {
    const pointing = repointTiffEntry(tiff, entry, { type: XMP_TYPE, count: packet.length, valueAt: old.start });
    return { pointing, last: { at: old.start, insert: packet } };
  }
  // TIFF 6.0 §2: a value begins on a word boundary.
  const padding = new Uint8Array(end % 2);
  const pointing = repointTiffEntry(tiff, entry, { type: XMP_TYPE, count: packet.length, valueAt: end + padding.length });
  const last = { at: end, insert: concat(padding, packet) };
  if (entry.isInline || isShared(place, packets)) {
    return { pointing, last };
  }
  const occupant = await occupantOf(source, tiff, [old], own);
  if (occupant !== undefined && place.slots.length > 0) {
    throw damaged(SITE, old.start, `its XMP shares bytes with ${occupant}`);
  }
  return occupant === undefined ? { pointing, last, released: entry } : { pointing, last };
};

/** Whether another entry holds the same packet. */
const isShared = (place: TiffPacket | undefined, packets: readonly TiffPacket[]): boolean =>
  place !== undefined && packets.some((other) => other !== place && !other.entry.isInline && other.entry.valueAt === place.entry.valueAt);

/** A packet beside the place, where it has to change: without the label, and as long as it was, so that nothing moves. */
const clearedPacket = ({ entry, bytes, directory }: TiffPacket): readonly Overwrite[] => {
  if (bytes === undefined) {
    return [];
  }
  const cleared = withoutXmpProperty(bytes, TC260_XMP, `tiff/${directory.site}[${XMP_TAG}]`);
  if (cleared === bytes) {
    return [];
  }
  const insert = new Uint8Array(bytes.length).fill(0x20);
  const isWide = bytes[0] === 0 || bytes[1] === 0 || bytes[0] === 0xff || bytes[0] === 0xfe;
  if (isWide) {
    const high = bytes[0] === 0 || bytes[0] === 0xfe ? 0 : 1;
    insert.forEach((_, index) => {
      insert[index] = index % 2 === high ? 0 : 0x20;
    });
  }
  insert.set(cleared);
  return [{ entry, start: entry.valueAt, insert }];
};

/** A plan whose edits touch nothing but what is theirs, or a refusal. */
const proved = async (
  source: ByteSource,
  { tiff }: TiffSurvey,
  pointing: readonly Splice[],
  overwrites: readonly Overwrite[],
  ending: Ending | undefined,
  place: TiffEntry | undefined,
): Promise<readonly Splice[]> => {
  const unique = overwrites.filter(({ start, insert }, index) => {
    const before = overwrites.findIndex((one) => one.start === start && one.insert.length === insert.length);
    return before === index;
  });
  const owned = new Set(overwrites.map(({ entry }) => entry));
  const stretches = unique.map(({ start, insert }): TiffExtent => ({ start, end: start + insert.length }));
  if (ending !== undefined) {
    stretches.push({ start: ending.at, end: Math.max(source.size, ending.at + ending.insert.length) });
    if (place !== undefined && ending.at === place.valueAt) {
      owned.add(place);
    }
  }
  const sorted = stretches.toSorted((a, b) => a.start - b.start);
  const overlap = sorted.find(({ start }, index) => index > 0 && (sorted[index - 1] as TiffExtent).end > start);
  const last = sorted.at(-1);
  const dangling = tiff.dangling.find((target) => ending !== undefined && last !== undefined && target >= ending.at && target < last.end);
  const occupant = overlap === undefined ? await occupantOf(source, tiff, sorted, owned) : 'another label';
  if (occupant !== undefined || dangling !== undefined) {
    const at = overlap?.start ?? dangling ?? last?.start ?? 0;
    throw damaged('tiff', at, occupant === undefined ? 'a directory is announced beyond the end of the file' : sharing(occupant, last, source.size));
  }
  return [
    ...pointing,
    ...unique.map(({ start, insert }): Splice => ({ at: start, remove: insert.length, insert })),
    ...(ending === undefined ? [] : [{ at: ending.at, remove: source.size - ending.at, insert: ending.insert }]),
  ];
};

/** What reaches beyond the end of a file has lost its end there. */
const sharing = (occupant: string, last: TiffExtent | undefined, sizeBytes: number): string =>
  `the label would share bytes with ${occupant}${last?.start === sizeBytes ? '; the file may have been cut off' : ''}`;

const refuseUnread = ({ tiff, packets, hasMoreTexts }: TiffSurvey): void => {
  const [first] = tiff.directories;
  if (first === undefined || !first.isComplete) {
    throw damaged('tiff/ifd0', tiff.header.first, 'the first directory does not lie inside the file');
  }
  const unread = packets.find(({ bytes, isTooLarge }) => bytes === undefined && isTooLarge);
  if (tiff.isLimited || hasMoreTexts || unread !== undefined) {
    const what = unread === undefined ? `more ${tiff.isLimited ? 'directories' : 'texts'}` : `more XMP (tag ${XMP_TAG} of ${unread.directory.site})`;
    throw new LabelError('LIMIT_EXCEEDED', `The TIFF has ${what} than can be read safely; save it again without them.`, {
      data: { site: `tiff/${unread?.directory.site ?? 'ifd0'}`, directories: tiff.directories.length },
    });
  }
  const cut = packets.find(({ bytes, isPlace }) => bytes === undefined && isPlace);
  if (cut !== undefined) {
    throw damaged(SITE, cut.entry.valueAt, 'its XMP does not lie inside the file');
  }
};
