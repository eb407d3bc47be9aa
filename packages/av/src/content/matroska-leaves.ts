// Which elements of Matroska are metadata: RFC 9559 §5.1; the closed lists of spec/content/video.md §2.
import { EBML_ID, type EbmlNode, uintOf } from '@aigc-label/containers';
import { fromUtf8 } from '@aigc-label/core';
import { isPlainText } from './content-sheet.ts';
import type { LeafFate } from './ebml-tree-content.ts';

/** Masters that are opened, level by level; what is in any other is covered as it stands. */
export const MASTERS: ReadonlySet<number> = new Set([
  ...[EBML_ID.info, EBML_ID.tracks, EBML_ID.attachments, EBML_ID.chapters, EBML_ID.tags, EBML_ID.tag, EBML_ID.targets, EBML_ID.simpleTag],
  // TrackEntry, Video, Audio, Colour; AttachedFile.
  ...[0xae, 0xe0, 0xe1, 0x55b0, 0x61a7],
]);

/** The longest text of one element that is taken for metadata, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;

const isText = (bytes: Uint8Array): boolean => bytes.length <= MAXIMUM_TEXT_BYTES && isPlainText(bytes) && fromUtf8(bytes) !== undefined;

const dataOf = (bytes: Uint8Array, { dataStart, end }: EbmlNode): Uint8Array => bytes.subarray(dataStart, end);

/** Title, MuxingApp, WritingApp, SegmentFilename. */
const INFO_TEXTS: ReadonlySet<number> = new Set([0x7ba9, 0x4d80, 0x5741, 0x7384]);
const DATE = 0x4461;
const SEGMENT_UUID = 0x73a4;
export const DURATION = 0x4489;

/** Info: texts, date and identity go; so does a duration that is that of the frames. */
export const infoFate =
  (bytes: Uint8Array, isTrueDuration: boolean) =>
  (leaf: EbmlNode): LeafFate => {
    const data = dataOf(bytes, leaf);
    const isMetadata =
      (INFO_TEXTS.has(leaf.id) && isText(data)) ||
      (leaf.id === DATE && data.length <= 8) ||
      (leaf.id === SEGMENT_UUID && data.length <= 16) ||
      (leaf.id === DURATION && data.length <= 8 && isTrueDuration);
    return isMetadata ? 'carrier' : 'covered';
  };

const TRACK_UID = 0x73c5;
const TRACK_NAME = 0x536e;
const TRACK_OPERATION = 0xe2;

/** Unsigned integers, which editors write anew in as few bytes as they need. */
const TRACK_NUMBERS: ReadonlySet<number> = new Set([
  ...[0xd7, 0x83, 0xb9, 0x88, 0x55aa, 0x55ab, 0x55ac, 0x55ad, 0x55ae, 0x55af, 0x9c, 0x6de7, 0x6df8, 0x23e383, 0x234e7a, 0x55ee, 0x56aa, 0x56bb],
  ...[0xb0, 0xba, 0x54b0, 0x54ba, 0x54aa, 0x54bb, 0x54cc, 0x54dd, 0x54b2, 0x54b3, 0x9a, 0x9d, 0x53b8, 0x53c0, 0x9f, 0x6264],
  ...[0x55b1, 0x55b2, 0x55b3, 0x55b4, 0x55b5, 0x55b6, 0x55b7, 0x55b8, 0x55b9, 0x55ba, 0x55bb, 0x55bc, 0x55bd],
]);
const CHROMA_SITING: ReadonlyMap<number, number> = new Map([
  [0x55b7, 1],
  [0x55b8, 2],
]);

/** Tracks: names go, and identities where no track is made of others; chroma left and half way is what is assumed where nothing is said. */
export const trackFate = (bytes: Uint8Array, roots: readonly EbmlNode[]): ((leaf: EbmlNode) => LeafFate) => {
  const isMadeOfOthers = roots.some((root) => root.children?.some((track) => track.children?.some(({ id }) => id === TRACK_OPERATION)));
  return (leaf) => {
    const data = dataOf(bytes, leaf);
    if (CHROMA_SITING.has(leaf.id) && data.length === 1 && uintOf(data) === CHROMA_SITING.get(leaf.id)) {
      return 'derived';
    }
    const isMetadata = (leaf.id === TRACK_NAME && isText(data)) || (leaf.id === TRACK_UID && data.length <= 8 && !isMadeOfOthers);
    return isMetadata ? 'carrier' : TRACK_NUMBERS.has(leaf.id) ? 'number' : 'covered';
  };
};

const FILE_UID = 0x46ae;

/** Attachments: fonts and pictures, which people see; only their numbers go. */
export const attachmentFate =
  () =>
  ({ id, dataStart, end }: EbmlNode): LeafFate =>
    id === FILE_UID && end - dataStart <= 8 ? 'carrier' : 'covered';

/** Names and texts of tags; language, default, kind and numbers of what they are about. */
const TAG_TEXTS: ReadonlySet<number> = new Set([EBML_ID.tagName, EBML_ID.tagString, EBML_ID.tagLanguage, EBML_ID.tagLanguageBcp47, 0x63ca]);
const TAG_NUMBERS: ReadonlySet<number> = new Set([
  ...[EBML_ID.tagTrackUid, EBML_ID.tagEditionUid, EBML_ID.tagChapterUid, EBML_ID.tagAttachmentUid],
  ...[0x4484, 0x44b4, 0x68ca],
]);

/** Tags: texts go; `onForeign` is told of what is none where a label stands. */
export const tagFate = (bytes: Uint8Array, onForeign: (leaf: EbmlNode) => void): ((leaf: EbmlNode, parents: readonly EbmlNode[]) => LeafFate) => {
  // Looked for once in each: a tag may have many children.
  const labels = new Map<EbmlNode, boolean>();
  const isLabel = (node: EbmlNode): boolean => {
    const known = labels.get(node);
    if (known !== undefined) {
      return known;
    }
    const name = node.children?.find(({ id }) => id === EBML_ID.tagName);
    const found = name !== undefined && fromUtf8(dataOf(bytes, name))?.trim().toUpperCase() === 'AIGC';
    labels.set(node, found);
    return found;
  };
  return (leaf, parents) => {
    const data = dataOf(bytes, leaf);
    if ((TAG_TEXTS.has(leaf.id) && isText(data)) || (TAG_NUMBERS.has(leaf.id) && data.length <= 8)) {
      return 'carrier';
    }
    const parent = parents.at(-1);
    if (parent !== undefined && isLabel(parent)) {
      onForeign(leaf);
      return 'carrier';
    }
    return 'covered';
  };
};
