// TC260-PG-202510A: FLAC carries the label in the metadata block VORBIS_COMMENT (RFC 9639 §8.6), as AIGC=….
import {
  editVorbisComments,
  FLAC_MARKER_BYTES,
  FLAC_MAXIMUM_BLOCK_BYTES,
  type FlacBlock,
  type FlacBlocks,
  id3TotalBytes,
  isFlac,
  isId3,
  newVorbisComments,
  parseId3Header,
  readFlacBlocks,
  readVorbisComments,
  type VorbisComments,
} from '@aigc-label/containers';
import {
  type Anomaly,
  type ByteSource,
  concat,
  damaged,
  type Format,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
  u32be,
} from '@aigc-label/core';
import { AUDIO_KEY, AUDIO_VENDOR, commentSlots, hasOnly } from '../comment-slots.ts';
import { flacContent } from '../content/flac-content.ts';
import { clearedFrameTags, type FrameTags, frameTagSlots, matchCount, readFrameTags } from '../frame-tags.ts';

const VORBIS_COMMENT = 4;
const SITE = 'flac/VORBIS_COMMENT';

/** Comment lists that are read; RFC 9639 §8.6 allows one. */
const MAXIMUM_LISTS = 4;

/** FLAC in its own container; tags of other kinds in front of it and behind it are read, and lose a label of ours to the block. */
export const flac: Format = {
  id: 'flac',
  modality: 'audio',
  mediaTypes: ['audio/flac', 'audio/x-flac'],
  extensions: ['.flac', '.fla'],
  place: { description: 'VORBIS_COMMENT block, AIGC=…', source: 'TC260-PG-202510A, FLAC', certainty: 'guide' },
  matches: (head) => isFlac(head, endOfTags(head)),
  read: async (source) => {
    const { found, anomalies } = await readFlac(source);
    return { found, anomalies };
  },
  plan: async (source, slot) => planFlac(await readFlac(source), slot),
  content: flacContent,
};

/** Where the ID3v2 tags at the start of a head end. */
const endOfTags = (head: Uint8Array): number => {
  let position = 0;
  for (let header = parseId3Header(head); header !== undefined; header = isId3(head, position) ? parseId3Header(head, position) : undefined) {
    position += id3TotalBytes(header);
  }
  return position;
};

interface CommentBlock {
  readonly block: FlacBlock;
  readonly comments: VorbisComments;
}

interface Flac extends FlacBlocks {
  readonly tags: FrameTags;
  readonly lists: readonly CommentBlock[];
  readonly hasMoreLists: boolean;
  readonly found: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readFlac = async (source: ByteSource): Promise<Flac> => {
  const tags = await readFrameTags(source);
  if (!isFlac(await source.read(tags.end, Math.min(FLAC_MARKER_BYTES, source.size - tags.end)))) {
    throw damaged('flac', tags.end, 'the marker fLaC does not stand behind the tags');
  }
  const { blocks, problem } = await readFlacBlocks(source, tags.end);
  const { found: tagged, anomalies: said } = frameTagSlots(tags, false);
  const anomalies: Anomaly[] = [...said];
  if (problem !== undefined) {
    anomalies.push({ code: problem.code, site: 'flac', offset: problem.offset, detail: problem.what });
  }
  const found: Slot[] = [];
  const lists: CommentBlock[] = [];
  const commentBlocks = blocks.filter(({ type }) => type === VORBIS_COMMENT);
  for (const [index, block] of commentBlocks.slice(0, MAXIMUM_LISTS).entries()) {
    const site = index === 0 ? SITE : `${SITE}[${index}]`;
    const comments = await readVorbisComments(source, block.dataStart, block.end, { key: AUDIO_KEY, site });
    anomalies.push(...comments.anomalies);
    found.push(...commentSlots(comments, site, index === 0));
    lists.push({ block, comments });
  }
  if (commentBlocks.length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: SITE, offset: commentBlocks[1]?.start ?? 0, detail: 'more than one block holds comments' });
  }
  return { blocks, problem, tags, lists, hasMoreLists: commentBlocks.length > MAXIMUM_LISTS, found: [...found, ...tagged], anomalies };
};

const planFlac = ({ blocks, problem, tags, lists, hasMoreLists, found }: Flac, slot: SlotText): readonly Splice[] => {
  const [info] = blocks;
  if (problem !== undefined || info === undefined) {
    throw problem?.code === 'limit'
      ? new LabelError('LIMIT_EXCEEDED', `${problem.what}; save it with fewer pictures.`, { data: { site: 'flac', offset: problem.offset } })
      : damaged('flac', problem?.offset ?? 0, problem?.what ?? 'there is no metadata block');
  }
  if (hasMoreLists) {
    throw new LabelError('LIMIT_EXCEEDED', `The FLAC has more than ${MAXIMUM_LISTS} blocks of comments; let a tag editor write one.`, {
      data: { site: SITE },
    });
  }
  const count = lists.reduce((total, { comments }) => total + comments.matches.length, matchCount(tags));
  if (hasOnly(found, count, slot)) {
    return [];
  }
  const insert = { name: slot.key, text: slot.value };
  return [
    ...clearedFrameTags(tags),
    ...lists.flatMap(({ block, comments }, index) =>
      comments.matches.length === 0 && index > 0
        ? []
        : resized(block, editVorbisComments(comments, { remove: comments.matches, ...(index === 0 ? { insert } : {}) }, SITE)),
    ),
    ...(lists.length === 0 ? newBlock(info, slot) : []),
  ];
};

/** The edits of a block, with its length. PADDING is left alone: what it would give to a longer label, a shorter one could not give back. */
const resized = (block: FlacBlock, splices: readonly Splice[]): readonly Splice[] => {
  const sizeBytes = splices.reduce((total, splice) => total + splice.insert.length - splice.remove, block.sizeBytes);
  if (sizeBytes > FLAC_MAXIMUM_BLOCK_BYTES) {
    throw new LabelError('CARRIER_FULL', 'The comments of the FLAC have no room for a label: a block holds 16 MiB. Take a text out of them.', {
      data: { site: SITE, sizeBytes, limitBytes: FLAC_MAXIMUM_BLOCK_BYTES },
    });
  }
  return [{ at: block.start, remove: 4, insert: header(block, sizeBytes) }, ...splices];
};

/** A block behind STREAMINFO, the only one with a place of its own (RFC 9639 §8.2). */
const newBlock = (info: FlacBlock, slot: SlotText): readonly Splice[] => {
  const data = newVorbisComments(AUDIO_VENDOR, slot.key, slot.value);
  const block = concat(header({ type: VORBIS_COMMENT, isLast: info.isLast }, data.length), data);
  const splice = { at: info.end, remove: 0, insert: block };
  return info.isLast ? [{ at: info.start, remove: 4, insert: header({ type: info.type, isLast: false }, info.sizeBytes) }, splice] : [splice];
};

const header = ({ type, isLast }: Pick<FlacBlock, 'type' | 'isLast'>, sizeBytes: number): Uint8Array =>
  u32be((isLast ? 2 ** 31 : 0) + type * 2 ** 24 + sizeBytes);
