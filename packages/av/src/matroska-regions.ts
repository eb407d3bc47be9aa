import { EBML_ID, type EbmlElement, type EbmlIndex, type EbmlSegment, editedIndex, seekEntry, voidHeader } from '@aigc-label/containers';
import { concat, type Splice } from '@aigc-label/core';

/** Void data that is overwritten with zeros, in bytes from the start of a region: longer than any label, and short enough to be held. */
const ZEROED_BYTES = 256 << 10;

/** Widths of the position in an entry of ours: any file, then one below 4 GiB. */
const POSITION_WIDTHS = [8, 4] as const;

/** A stretch in front of the Clusters that may be laid out anew: the SeekHead, and Voids and Tags of ours behind each other. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly seekHead?: EbmlIndex;
  /** Where the last Tags of ours ends in it. */
  readonly ownedEnd?: number;
  /** Bytes that it gains. */
  readonly growth: number;
}

/** Bytes that come in before `at`. */
export interface Growth {
  readonly at: number;
  readonly bytes: number;
}

/** The regions in front of the Clusters. */
export const regionsOf = (
  { elements, firstCluster }: EbmlSegment,
  seekHeads: readonly EbmlIndex[],
  isOwned: (element: EbmlElement) => boolean,
  tail: number,
): readonly Region[] => {
  const regions: Region[] = [];
  let last: Region | undefined;
  let hasSeekHead = false;
  for (const element of elements) {
    const { start, end, id } = element;
    if (element === firstCluster || start >= tail) {
      break;
    }
    const seekHead = hasSeekHead ? undefined : seekHeads.find((index) => index.element === element);
    if (seekHead !== undefined) {
      hasSeekHead = true;
      last = { start, end, seekHead, growth: 0 };
      regions.push(last);
    } else if (id === EBML_ID.void || isOwned(element)) {
      last = { ...(last ?? { start, growth: 0 }), end, ...(isOwned(element) ? { ownedEnd: end } : {}) };
      if (last.start === start) {
        regions.push(last);
      } else {
        regions[regions.length - 1] = last;
      }
    } else {
      last = undefined;
    }
  }
  return regions;
};

/** What is to be laid out. */
export interface LayoutRequest {
  readonly regions: readonly Region[];
  /** Our Tags, the field of its size at least this wide. */
  readonly tags: (sizeWidth: number) => Uint8Array;
  /** Of the Segment; positions count from here. */
  readonly dataStart: number;
  /** Of the first Cluster; 0 where there is none. */
  readonly clusterPosition: number;
  /** Positions at which Tags of ours stood. */
  readonly obsolete: ReadonlySet<number>;
  /** Where everything stands afterwards. */
  readonly map?: (position: number) => number;
  /** Set where our Tags stand outside of the regions: the position, and whether an entry must lead there. */
  readonly outside?: { readonly position: number; readonly needsEntry: boolean };
}

/** The edits of the regions, or `undefined` where they have no room. */
export const layOut = (request: LayoutRequest): readonly Splice[] | undefined => {
  const { regions, outside } = request;
  const hasSeekHead = regions.some(({ seekHead }) => seekHead !== undefined);
  const widths = [...(hasSeekHead ? POSITION_WIDTHS : []), ...(outside?.needsEntry === true ? [] : [0])];
  for (const width of widths) {
    for (const target of outside === undefined ? regions : [undefined]) {
      const splices = regions.map((region) => laidOut(region, target, width, request));
      if (splices.every((one) => one !== undefined)) {
        return splices.flat();
      }
    }
  }
  return undefined;
};

/** The SeekHead of the region with an entry of this width for our Tags, or without one. */
const seekHeadFor = (region: Region, target: Region | undefined, width: number, request: LayoutRequest): Uint8Array => {
  const { seekHead } = region;
  if (seekHead === undefined) {
    return new Uint8Array(0);
  }
  const { map, obsolete, outside, clusterPosition } = request;
  const gone = seekHead.entries.filter(({ position }) => obsolete.has(position));
  const edit = { ...(map === undefined ? {} : { map }), obsolete: gone };
  if (width === 0) {
    return editedIndex(seekHead, edit);
  }
  // exiftool follows the last entry for Tags if it leads behind the Clusters, and reads on from there: that must be the one that leads to the first of these Tags.
  const last = seekHead.entries.filter(({ id, position }) => id === EBML_ID.tags && !obsolete.has(position)).at(-1);
  const isFirst = target !== undefined || (last !== undefined && last.position > clusterPosition);
  const entryTo = (position: number): Uint8Array =>
    editedIndex(seekHead, { ...edit, added: { bytes: seekEntry(EBML_ID.tags, position, width), isFirst } });
  if (target === undefined) {
    return entryTo(outside?.position ?? 0);
  }
  const start = startOf(target, request);
  return target === region ? entryTo(start + entryTo(0).length) : entryTo(start);
};

/** The position of a region afterwards: what comes in behind it does not move it. */
const startOf = ({ start, end }: Region, { map, dataStart }: LayoutRequest): number =>
  map === undefined ? start - dataStart : start === end ? map(start - 1 - dataStart) + 1 : map(start - dataStart);

/** The edits of one region, none where it stays; `undefined` where it has no room. */
const laidOut = (region: Region, target: Region | undefined, width: number, request: LayoutRequest): readonly Splice[] | undefined => {
  const { start, end, growth, ownedEnd, seekHead } = region;
  const head = seekHeadFor(region, target, width, request);
  const isTarget = region === target;
  if (!isTarget && ownedEnd === undefined && growth === 0 && head === (seekHead?.bytes ?? head)) {
    return [];
  }
  const room = end - start + growth;
  let tags = isTarget ? request.tags(1) : new Uint8Array(0);
  if (isTarget && room - head.length - tags.length === 1) {
    tags = request.tags(2);
  }
  const used = head.length + tags.length;
  const left = room - used;
  if (left < 0 || left === 1) {
    return undefined;
  }
  const header = left === 0 ? new Uint8Array(0) : voidHeader(left);
  const written = left === 0 ? used : Math.max(used + header.length, growth, Math.min(room, Math.max(ZEROED_BYTES, (ownedEnd ?? start) - start)));
  return [{ at: start, remove: written - growth, insert: padded(written, head, tags, header) }];
};

const padded = (length: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(concat(...parts));
  return bytes;
};
