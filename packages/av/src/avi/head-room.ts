import type { RiffChunk } from '@aigc-label/containers';
import { ascii, type ByteSource, concat, damaged, equalBytes, LabelError, type Splice, u32le } from '@aigc-label/core';
import type { Avi, InfoList } from './survey-avi.ts';

/** Lists and padding are looked for before this offset only, in bytes: the head of an AVI with many streams has some 50 KiB. */
const HEAD_ZONE_BYTES = 1 << 20;

/** Chunks that are taken for padding, and lists that are rewritten, have at most this many bytes. */
const MAXIMUM_CHUNK_BYTES = 64 << 10;

/** The header of a chunk in bytes. */
const HEADER_BYTES = 8;

/**
 * A stretch of the head in which bytes may be rearranged: a list of facts (`list`) and the padding right behind it. Whatever is done there keeps its length, so
 * that the frames stay where the indexes say: `idx1`, whose offsets count from the file's start with some writers, and OpenDML's, which always do.
 */
interface Region {
  readonly list: InfoList | undefined;
  readonly start: number;
  readonly end: number;
  /** The list without labels, with its padding; empty without a list. */
  readonly stripped: Uint8Array;
  /** Whether one more child may be put into the list. */
  readonly isJoinable: boolean;
  readonly hasLabels: boolean;
  /** Bytes that are padding once the labels are gone; a function of the file without our label, so that the place does not depend on what stood there before. */
  readonly roomBytes: number;
}

/** Labels leave the head, their bytes become padding, and the label goes where the most padding is; `undefined` where it does not fit there. */
export const headEdits = async (
  source: ByteSource,
  avi: Avi,
  label: Uint8Array,
): Promise<{ readonly splices: readonly Splice[]; readonly isPlaced: boolean }> => {
  const regions = await findRegions(source, avi);
  const [widest] = regions.toSorted((a, b) => b.roomBytes - a.roomBytes);
  const splices: Splice[] = [];
  let isPlaced = false;
  for (const region of regions) {
    const placed = region === widest ? inserted(region, label) : undefined;
    isPlaced ||= placed !== undefined;
    if (placed === undefined && !region.hasLabels) {
      continue;
    }
    const used = placed ?? region.stripped;
    const bytes = concat(used, padding(region.end - region.start - used.length));
    const original = await source.read(region.start, bytes.length);
    if (!equalBytes(bytes, original)) {
      splices.push(trimmed(region.start, original, bytes));
    }
  }
  return { splices, isPlaced };
};

/** The list with the label as its last child, or one of its own; `undefined` where it does not fit. */
const inserted = ({ stripped, isJoinable, roomBytes }: Region, label: Uint8Array): Uint8Array | undefined => {
  const added = isJoinable ? label : infoList(label);
  if (roomBytes !== added.length && roomBytes < added.length + HEADER_BYTES) {
    return undefined;
  }
  return isJoinable
    ? concat(stripped.subarray(0, 4), u32le(stripped.length - HEADER_BYTES + label.length), stripped.subarray(HEADER_BYTES), label)
    : concat(stripped, added);
};

/** A list that holds nothing but the label. */
export const infoList = (label: Uint8Array): Uint8Array => concat(ascii('LIST'), u32le(4 + label.length), ascii('INFO'), label);

const padding = (length: number): Uint8Array =>
  length === 0 ? new Uint8Array(0) : concat(ascii('JUNK'), u32le(length - HEADER_BYTES), new Uint8Array(length - HEADER_BYTES));

const trimmed = (at: number, original: Uint8Array, bytes: Uint8Array): Splice => {
  let from = 0;
  while (original[from] === bytes[from]) {
    from += 1;
  }
  let to = bytes.length;
  while (original[to - 1] === bytes[to - 1]) {
    to -= 1;
  }
  return { at: at + from, remove: to - from, insert: bytes.subarray(from, to) };
};

const findRegions = async (source: ByteSource, avi: Avi): Promise<readonly Region[]> => {
  const head = avi.riff.chunks.slice(0, Math.max(0, avi.firstMovie));
  const infos = new Map(avi.infos.map((info) => [info.chunk, info]));
  const strays = new Set(avi.strays);
  const regions: Region[] = [];
  for (let index = 0; index < head.length; ) {
    const first = head[index] as RiffChunk;
    const info = infos.get(first);
    const list = info === undefined || info.isOurs || isTooLarge(info) ? undefined : info;
    let next = list === undefined ? index : index + 1;
    let hasLabels = (list?.labels.length ?? 0) > 0;
    for (; next < head.length; next += 1) {
      const chunk = head[next] as RiffChunk;
      const isOurs = infos.get(chunk)?.isOurs === true || strays.has(chunk);
      if (!isOurs && !(await isPadding(source, chunk))) {
        break;
      }
      hasLabels ||= isOurs;
    }
    if (next > index) {
      regions.push(await regionOf(source, list, hasLabels, first.start, (head[next - 1] as RiffChunk).end));
    }
    index = Math.max(next, index + 1);
  }
  return regions;
};

const isTooLarge = ({ chunk, labels }: InfoList): boolean => {
  const isLarge = chunk.sizeBytes > MAXIMUM_CHUNK_BYTES || chunk.end > HEAD_ZONE_BYTES;
  if (isLarge && labels.length > 0) {
    throw new LabelError('LIMIT_EXCEEDED', `The list of facts at byte ${chunk.start} is too large to be edited; remux the AVI without it.`, {
      data: { site: 'avi/LIST[INFO]', offset: chunk.start, limitBytes: MAXIMUM_CHUNK_BYTES },
    });
  }
  return isLarge;
};

/** Zeros only: cameras hide their settings in chunks of this name. */
const isPadding = async (source: ByteSource, chunk: RiffChunk): Promise<boolean> =>
  chunk.id === 'JUNK' &&
  !chunk.isOpen &&
  (chunk.end - chunk.start) % 2 === 0 &&
  chunk.sizeBytes <= MAXIMUM_CHUNK_BYTES &&
  chunk.end <= HEAD_ZONE_BYTES &&
  (await source.read(chunk.dataStart, chunk.end - chunk.dataStart)).every((byte) => byte === 0);

const regionOf = async (source: ByteSource, list: InfoList | undefined, hasLabels: boolean, start: number, end: number): Promise<Region> => {
  const stripped = list === undefined ? new Uint8Array(0) : await withoutLabels(source, list);
  const roomBytes = end - start - stripped.length;
  if (roomBytes % 2 !== 0 || (roomBytes > 0 && roomBytes < HEADER_BYTES) || roomBytes < 0) {
    if (!hasLabels) {
      return { list, start, end, stripped, isJoinable: false, hasLabels, roomBytes: 0 };
    }
    throw damaged('riff', start, 'a label stands in a chunk without its padding');
  }
  const isJoinable = list?.isWhole === true && (list.chunk.sizeBytes - labelBytes(list)) % 2 === 0;
  return { list, start, end, stripped, isJoinable, hasLabels, roomBytes };
};

const labelBytes = ({ labels }: InfoList): number => labels.reduce((total, { start, end }) => total + end - start, 0);

const withoutLabels = async (source: ByteSource, list: InfoList): Promise<Uint8Array> => {
  const { chunk, labels } = list;
  const dataEnd = chunk.dataStart + chunk.sizeBytes;
  const kept: Uint8Array[] = [];
  let position = chunk.dataStart;
  for (const { start, end } of labels) {
    kept.push(await source.read(position, start - position));
    position = end;
  }
  kept.push(await source.read(position, dataEnd - position));
  const content = concat(...kept);
  // Where nothing goes, the list keeps its own padding, or the lack of it.
  const pad = labels.length === 0 ? new Uint8Array(chunk.end - dataEnd) : new Uint8Array(content.length % 2);
  return concat(ascii('LIST'), u32le(content.length), content, pad);
};
