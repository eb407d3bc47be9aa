// Where a label of our own goes in a Segment; docs/decisions/0016.
import {
  EBML_ID,
  type EbmlElement,
  type EbmlHead,
  type EbmlIndex,
  type EbmlSegment,
  editedIndex,
  elementBytes,
  sizeField,
  sizeWidthOf,
  voidBytes,
} from '@aigc-label/containers';
import { ascii, type ByteSource, concat, damaged, LabelError, type SlotText, type Splice, utf8 } from '@aigc-label/core';
import type { MatroskaTags } from './matroska-labels.ts';
import { type Growth, type LayoutRequest, layOut, type Region, regionsOf } from './matroska-regions.ts';
import { shiftedPositions } from './matroska-shift.ts';

/** Room that a label makes for itself where there was none, in bytes, so that the next one moves nothing: the first that holds it. */
const ROOM_BYTES: readonly number[] = [1 << 10, 4 << 10, 16 << 10, 128 << 10];

/** What stands in this room besides the label, in bytes: headers of elements, names, and an entry of the SeekHead. */
const ROOM_OVERHEAD_BYTES = 64;

/** The size of the Segment gets a field that has room for this much more, in bytes, so that another label needs no wider one. */
const SIZE_HEADROOM_BYTES = 256 << 10;

/** What is known of the Segment that gets the label. */
export interface PlaceRequest {
  readonly segment: EbmlSegment;
  readonly head: EbmlHead;
  readonly seekHeads: readonly EbmlIndex[];
  /** Tags elements that hold labels and nothing else. */
  readonly owned: readonly MatroskaTags[];
  readonly slot: SlotText;
}

/**
 * The edits that leave one Tags element of ours, which holds this label, in the first of these that has room: a Void before the Clusters; the end of the Segment,
 * with an entry in the SeekHead; new room before the Clusters, so that everything moves and every position follows.
 *
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED` or `FORMAT_UNSUPPORTED_FEATURE` where not every position can follow.
 */
export const planPlace = async (source: ByteSource, request: PlaceRequest): Promise<readonly Splice[]> => {
  const { segment, seekHeads, owned, slot } = request;
  const { dataStart, firstCluster, sizeBytes } = segment;
  const isOwned = (element: EbmlElement): boolean => owned.some(({ start }) => start === element.start);
  const tail = tailOf(segment, isOwned);
  const regions = regionsOf(segment, seekHeads, isOwned, tail);
  const tags = (sizeWidth: number): Uint8Array => tagsBytes(slot, sizeWidth);
  const clusterPosition = (firstCluster?.start ?? dataStart) - dataStart;
  const layout: LayoutRequest = { regions, tags, dataStart, clusterPosition, obsolete: new Set(owned.map(({ start }) => start - dataStart)) };
  const others = seekHeads.filter((index) => !regions.some(({ seekHead }) => seekHead === index));
  const behind = owned.filter(({ start }) => start < tail && !regions.some((region) => region.start <= start && start < region.end));
  const finished = (splices: readonly Splice[], growths: readonly Growth[], atEnd: Uint8Array): readonly Splice[] => [
    ...splices,
    ...behind.map(({ start, end }) => ({ at: start, remove: end - start, insert: voidBytes(end - start) })),
    ...(tail < segment.end || atEnd.length > 0 ? [{ at: tail, remove: segment.end - tail, insert: atEnd }] : []),
    ...sizeEdit(
      request,
      tail,
      growths.reduce((sum, { bytes }) => sum + bytes, atEnd.length),
    ),
  ];
  const still = (splices: readonly Splice[]): readonly Splice[] => [
    ...splices,
    ...others.flatMap((index) => withoutObsolete(index, layout.obsolete)),
  ];
  const inPlace = layOut(layout);
  if (inPlace !== undefined) {
    return finished(still(inPlace), [], new Uint8Array(0));
  }
  if (hasClearEnd(segment) && (firstCluster === undefined || sizeBytes !== undefined)) {
    const atEnd = layOut({ ...layout, outside: { position: tail - dataStart, needsEntry: firstCluster !== undefined } });
    if (atEnd !== undefined) {
      return finished(still(atEnd), [], tags(1));
    }
  }
  if (firstCluster === undefined) {
    throw damaged('ebml/Segment', segment.end, 'the Segment has no end, and no room for a label');
  }
  const { splices, growths } = await withNewRoom(source, { request, layout, others, firstCluster });
  return finished(splices, growths, new Uint8Array(0));
};

/** Whether one more element may follow the last one; where the file was cut, only before its first Cluster: what was lost then moves nothing that is left. */
const hasClearEnd = ({ isWhole, isCutBehindElement, firstCluster }: EbmlSegment): boolean =>
  isWhole || (isCutBehindElement && firstCluster === undefined);

/** Where Tags of ours begin that are the last elements of the Segment; its end where there are none. */
const tailOf = (segment: EbmlSegment, isOwned: (element: EbmlElement) => boolean): number => {
  let tail = segment.end;
  for (const element of segment.elements.toReversed()) {
    if (!hasClearEnd(segment) || element.end !== tail || !isOwned(element)) {
      break;
    }
    tail = element.start;
  }
  return tail;
};

/** Tags of one Tag, about the whole file: no Targets mean that (RFC 9559 §5.1.8.1.1), but readers expect the element. */
const tagsBytes = ({ key, value }: SlotText, sizeWidth: number): Uint8Array => {
  const simpleTag = concat(elementBytes(EBML_ID.tagName, ascii(key)), elementBytes(EBML_ID.tagString, utf8(value)));
  const tag = concat(elementBytes(EBML_ID.targets, new Uint8Array(0)), elementBytes(EBML_ID.simpleTag, simpleTag));
  const data = elementBytes(EBML_ID.tag, tag);
  return elementBytes(EBML_ID.tags, data, sizeWidth === 1 ? 1 : sizeWidthOf(data.length) + 1);
};

/** Entries that lead to Tags of ours which are gone become Voids, so that this SeekHead keeps its length. */
const withoutObsolete = (index: EbmlIndex, positions: ReadonlySet<number>): readonly Splice[] => {
  const obsolete = index.entries.filter(({ position }) => positions.has(position));
  const insert = editedIndex(index, { obsolete, keepsLength: true });
  const { start } = index.element;
  if (insert.length !== index.bytes.length) {
    throw damaged('ebml/SeekHead', start, 'a CRC-32 is not four bytes long');
  }
  return insert === index.bytes ? [] : [{ at: start, remove: insert.length, insert }];
};

interface NewRoom {
  readonly request: PlaceRequest;
  readonly layout: LayoutRequest;
  readonly others: readonly EbmlIndex[];
  readonly firstCluster: EbmlElement;
}

/** Makes room right before the first Cluster, and lets every position follow. */
const withNewRoom = async (
  source: ByteSource,
  { request, layout, others, firstCluster }: NewRoom,
): Promise<{ readonly splices: readonly Splice[]; readonly growths: readonly Growth[] }> => {
  const { segment, slot } = request;
  const room = ROOM_BYTES.find((bytes) => bytes >= utf8(slot.value).length + ROOM_OVERHEAD_BYTES) ?? 0;
  const last = layout.regions.at(-1);
  const isAdjacent = last?.end === firstCluster.start;
  const fixed = isAdjacent ? layout.regions.slice(0, -1) : layout.regions;
  const target: Region = { ...(isAdjacent && last !== undefined ? last : { start: firstCluster.start, end: firstCluster.start }), growth: room };
  // A SeekHead whose positions get wider may need more than the Void behind it.
  for (const extra of [0, 2, 4, 8, 16, 32, 64]) {
    const regions = [...fixed.map((region) => (region.seekHead === undefined ? region : { ...region, growth: extra })), target];
    const growths = regions.filter(({ growth }) => growth > 0).map(({ end, growth }): Growth => ({ at: end, bytes: growth }));
    const shift = await shiftedPositions(source, {
      segment,
      seekHeads: others,
      isObsolete: ({ position }) => layout.obsolete.has(position),
      growths,
    });
    const laid = layOut({ ...layout, regions, map: shift.map });
    if (laid !== undefined) {
      return { splices: [...laid, ...shift.splices], growths: shift.growths };
    }
  }
  throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The SeekHead has no room for the positions that a label would move; remux the file.', {
    data: { site: 'ebml/SeekHead' },
  });
};

/** The size of the Segment, where it is known and changes; its field may become wider, since positions count from behind it. */
const sizeEdit = ({ segment, head }: PlaceRequest, tail: number, growth: number): readonly Splice[] => {
  const { sizeBytes, sizeWidth, dataStart, end } = segment;
  if (sizeBytes === undefined || growth === end - tail) {
    return [];
  }
  if (!Number.isSafeInteger(sizeBytes + growth)) {
    throw damaged('ebml/Segment', segment.start, 'the Segment announces more bytes than a file can have');
  }
  const foreign = sizeBytes - (end - tail);
  const size = foreign + growth;
  const width = Math.max(sizeWidth, Math.min(8, head.maximumSizeWidth, sizeWidthOf(foreign + SIZE_HEADROOM_BYTES)));
  if (sizeWidthOf(size) > width) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The file allows sizes of ${width} bytes only, which a label would exceed; remux it.`, {
      data: { site: 'ebml/Segment', offset: segment.start },
    });
  }
  return [{ at: dataStart - sizeWidth, remove: sizeWidth, insert: sizeField(size, width) }];
};
