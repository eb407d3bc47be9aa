// Edits of ID3v2 tags: one frame of ours in or out, every other byte where it was.
import { ascii, concat, LabelError, type Splice, u16be, u32be } from '@aigc-label/core';
import { describedContent } from './described-text.ts';
import { PADDING_WINDOW_BYTES } from './frames.ts';
import { ID3_HEADER_BYTES, ID3_MAXIMUM_SIZE, type Id3Header, toSyncsafe } from './header.ts';
import type { Id3Match, Id3Tag } from './tag.ts';
import { unsynchronise } from './unsynchronisation.ts';

/** What changes in a tag. */
export interface Id3Edit {
  /** Frames that go; from `tag.matches`. */
  readonly remove: readonly Id3Match[];
  /** The TXXX frame that comes. */
  readonly insert?: { readonly description: string; readonly text: string };
}

/**
 * The splices of one edit, sizes included.
 *
 * Where the new frame goes depends on the foreign frames and the zeros only, never on which frame of ours stood there before, so that replacing a
 * label and putting the first one back gives the first bytes: behind the last frame where the padding can hold it (the tag keeps its size), else
 * before the first frame (the tag grows, its padding stays). A frame of ours in front therefore came by growth, and leaves by shrinking; any other
 * one leaves its room to the padding.
 *
 * @throws LabelError `FILE_DAMAGED`, `FORMAT_UNSUPPORTED_FEATURE` or `CARRIER_FULL` where the edit cannot be proved safe.
 */
export const editId3Tag = (tag: Id3Tag, { remove, insert }: Id3Edit): readonly Splice[] => {
  if (remove.length === 0 && insert === undefined) {
    return [];
  }
  assertSound(tag);
  assertUnchecked(tag);
  const frame = insert === undefined ? undefined : id3TextFrame(tag, insert.description, insert.text);
  assertUnrestricted(tag, insert?.text, frame, remove.length);
  const fromPadding = usesPadding(tag, remove) ? remove.filter(({ start }) => start !== tag.firstFrameAt) : [];
  const freed = fromPadding.reduce((total, { start, end }) => total + end - start, 0);
  const shrunk = remove.reduce((total, { start, end }) => total + end - start, 0) - freed;
  const removals = remove.map(({ start, end }): Splice => ({ at: start, remove: end - start, insert: NOTHING }));
  const room = tag.zeros + freed;
  // Zeros that stop before something else must keep at least a frame header's length, or that something would be taken for a frame.
  const needed = (frame?.length ?? 0) + (tag.isZeroToTheEnd ? 0 : ID3_HEADER_BYTES);
  const isInPadding = frame !== undefined && usesPadding(tag, remove) && needed <= room && frame.length <= PADDING_WINDOW_BYTES / 2;
  const behind = isInPadding ? frame : NOTHING;
  const before = frame === undefined || isInPadding ? NOTHING : frame;
  const zeros = freed - behind.length;
  const padding: Splice = { at: tag.framesEnd, remove: Math.max(0, -zeros), insert: concat(behind, new Uint8Array(Math.max(0, zeros))) };
  return [...resize(tag, before.length - shrunk), { at: tag.firstFrameAt, remove: 0, insert: before }, ...removals, padding].filter(
    (splice) => splice.remove > 0 || splice.insert.length > 0,
  );
};

/** A new tag of version 2.3 that holds one TXXX frame and no padding. */
export const newId3Tag = (description: string, text: string): Uint8Array => {
  const frame = textFrame(NEW_TAG, description, text);
  return concat(ascii('ID3'), Uint8Array.of(NEW_TAG.version, 0, 0), toSyncsafe(frame.length), frame);
};

const NOTHING = new Uint8Array();

// 2.3 and not 2.4: Windows' own property handlers and many players read no 2.4, and every reader of 2.4 (ffprobe, exiftool) reads 2.3.
const NEW_TAG: Pick<Id3Tag, 'hasPlainSizes'> & Pick<Id3Header, 'version' | 'isUnsynchronised'> = {
  version: 3,
  isUnsynchronised: false,
  hasPlainSizes: false,
};

const id3TextFrame = (tag: Id3Tag, description: string, text: string): Uint8Array =>
  textFrame({ version: tag.header.version, isUnsynchronised: tag.header.isUnsynchronised, hasPlainSizes: tag.hasPlainSizes }, description, text);

const textFrame = ({ version, isUnsynchronised, hasPlainSizes }: typeof NEW_TAG, description: string, text: string): Uint8Array => {
  const content = describedContent(description, text);
  if (content.length > ID3_MAXIMUM_SIZE / 16) {
    throw full('The label is too long for an ID3v2 frame; shorten its fields.');
  }
  switch (version) {
    case 2: {
      const frame = concat(ascii('TXX'), u32be(content.length).subarray(1), content);
      return isUnsynchronised ? unsynchronise(frame) : frame;
    }
    case 3: {
      const frame = concat(ascii('TXXX'), u32be(content.length), u16be(0), content);
      return isUnsynchronised ? unsynchronise(frame) : frame;
    }
    case 4:
      // Sizes as the other frames of this tag have them, or a reader that has settled on one kind would lose its way. ASCII needs no
      // unsynchronisation; the flag says that the header's promise (§3.1: on all frames) holds for this one too.
      return concat(ascii('TXXX'), hasPlainSizes ? u32be(content.length) : toSyncsafe(content.length), u16be(isUnsynchronised ? 0x02 : 0), content);
  }
};

/** Padding is used only where a frame that is not ours marks its place, and where nothing else records how long it is or how it was encoded. */
const usesPadding = (tag: Id3Tag, ours: readonly Id3Match[]): boolean =>
  tag.frameCount > ours.length &&
  !tag.header.hasFooter &&
  !tag.header.hasExtendedHeader &&
  (tag.header.version === 4 || !tag.header.isUnsynchronised);

const resize = (tag: Id3Tag, delta: number): readonly Splice[] => {
  if (delta === 0) {
    return [];
  }
  const size = tag.header.sizeBytes + delta;
  if (size > ID3_MAXIMUM_SIZE) {
    throw full('The ID3v2 tag has no room for a label: it is as large as a tag can be (256 MiB). Take a picture out of it.');
  }
  const insert = toSyncsafe(size);
  const header: Splice = { at: tag.start + 6, remove: 4, insert };
  return tag.header.hasFooter ? [header, { at: tag.end - 4, remove: 4, insert }] : [header];
};

const assertSound = (tag: Id3Tag): void => {
  if (tag.problem !== undefined) {
    const { offset, what } = tag.problem;
    throw new LabelError('FILE_DAMAGED', `The ID3v2 tag is damaged at byte ${offset}: ${what}. Let a tag editor write it anew, or remove it.`, {
      data: { site: 'id3v2', offset, what },
    });
  }
};

const assertUnchecked = (tag: Id3Tag): void => {
  if (tag.hasChecksum) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The ID3v2 tag carries a checksum over its frames; save it without an extended header.', {
      data: { site: 'id3v2', offset: tag.start },
    });
  }
};

// id3v2.4.0-structure §3.2, restrictions %ppqrrstt: frames and bytes of the tag, characters of a text.
const TAG_LIMITS: readonly (readonly [frames: number, bytes: number])[] = [
  [128, 1 << 20],
  [64, 128 << 10],
  [32, 40 << 10],
  [32, 4 << 10],
];
const TEXT_LIMITS: readonly number[] = [Number.POSITIVE_INFINITY, 1024, 128, 30];

const assertUnrestricted = (tag: Id3Tag, text: string | undefined, frame: Uint8Array | undefined, removed: number): void => {
  if (tag.restrictions === undefined || text === undefined || frame === undefined) {
    return;
  }
  const [frames, bytes] = TAG_LIMITS[tag.restrictions >>> 6] ?? [0, 0];
  const characters = TEXT_LIMITS[(tag.restrictions >>> 3) & 3] ?? 0;
  if (tag.frameCount - removed + 1 > frames || tag.end - tag.start + frame.length > bytes || text.length > characters) {
    throw full('The ID3v2 tag restricts itself to fewer or shorter texts than a label needs; save it without an extended header.');
  }
};

const full = (message: string): LabelError => new LabelError('CARRIER_FULL', message, { data: { site: 'id3v2' } });
