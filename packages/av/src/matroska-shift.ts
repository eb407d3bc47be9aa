import {
  EBML_ID,
  type EbmlIndex,
  type EbmlSegment,
  editedIndex,
  parseElementHeader,
  planningBudget,
  readEbmlDocument,
  readEbmlIndex,
  type SeekEntry,
  uintBytes,
  uintOf,
} from '@aigc-label/containers';
import { type ByteSource, damaged, LabelError, type Splice } from '@aigc-label/core';
import type { Growth } from './matroska-regions.ts';

/** Clusters of a file whose own positions are corrected: a week of one a second has more, and is better remuxed. */
const MAXIMUM_CLUSTERS = 200_000;

/** In front of the frames of a Cluster stand its time, position and size, in fewer bytes. */
const CLUSTER_HEAD_BYTES = 64;

/** Widening one position moves others; more rounds than this were never needed. */
const MAXIMUM_ROUNDS = 8;

/** Every position of a Segment after bytes have come in. */
export interface Shift {
  /** All that comes in. */
  readonly growths: readonly Growth[];
  /** Where a position of the original is afterwards. */
  readonly map: (position: number) => number;
  readonly splices: readonly Splice[];
}

/** What moves. */
export interface ShiftRequest {
  readonly segment: EbmlSegment;
  /** Indexes that are edited where they stand; those of the regions are laid out elsewhere. */
  readonly seekHeads: readonly EbmlIndex[];
  readonly isObsolete: (entry: SeekEntry) => boolean;
  readonly growths: readonly Growth[];
  /** The Cues, where the caller has edited them already. */
  readonly cues?: readonly EbmlIndex[];
  /** Whether the caller makes a Cluster anew, by where its data begins. */
  readonly isMadeAnew?: (dataStart: number) => boolean;
}

/**
 * The edits that let Cues, SeekHeads and the positions of Clusters follow.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, or `FORMAT_UNSUPPORTED_FEATURE` for a Cluster that states its position so that it cannot follow.
 */
export const shiftedPositions = async (source: ByteSource, request: ShiftRequest): Promise<Shift> => {
  const { segment, isObsolete, growths, isMadeAnew = () => false } = request;
  const indexes: readonly EbmlIndex[] = [...request.seekHeads, ...(request.cues ?? (await readCues(source, segment)))];
  let deltas: readonly number[] = indexes.map(() => 0);
  for (let round = 0; round < MAXIMUM_ROUNDS; round += 1) {
    const all = [...growths, ...indexes.map(({ element }, index): Growth => ({ at: element.end, bytes: deltas[index] ?? 0 }))];
    const map = mapOf(all, segment.dataStart);
    const edited = indexes.map((index) => editedIndex(index, { map, obsolete: index.entries.filter(isObsolete), keepsLength: true }));
    const next = edited.map(({ length }, index) => length - (indexes[index]?.bytes.length ?? 0));
    if (next.every((delta, index) => delta === deltas[index])) {
      const changed = indexes.flatMap(({ element, bytes }, index): readonly Splice[] => {
        const insert = edited[index] ?? bytes;
        return insert === bytes ? [] : [{ at: element.start, remove: bytes.length, insert }];
      });
      return { growths: all, map, splices: [...changed, ...(await clusterPositions(source, segment, map, isMadeAnew))] };
    }
    deltas = next;
  }
  throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The positions of the file cannot follow a label; remux it.', {
    data: { site: 'ebml/Segment/Cues' },
  });
};

/** Every Cues of a Segment. @throws LabelError `FILE_DAMAGED` where one cannot be followed, `LIMIT_EXCEEDED`. */
export const readCues = async (source: ByteSource, segment: EbmlSegment): Promise<readonly EbmlIndex[]> => {
  const indexes: EbmlIndex[] = [];
  for (const element of segment.elements.filter(({ id }) => id === EBML_ID.cues)) {
    const cues = await readEbmlIndex(source, element);
    if (!cues.isSound) {
      throw damaged('ebml/Segment/Cues', element.start, 'what stands in the Cues does not fill them');
    }
    indexes.push(cues);
  }
  return indexes;
};

const mapOf =
  (growths: readonly Growth[], dataStart: number): Shift['map'] =>
  (position) =>
    growths.reduce((sum, { at, bytes }) => (at <= position + dataStart ? sum + bytes : sum), position);

/** Position, in the head of each Cluster that has one (RFC 9559 §5.1.3.2; 0 in live streams). */
const clusterPositions = async (
  source: ByteSource,
  segment: EbmlSegment,
  map: Shift['map'],
  isMadeAnew: (dataStart: number) => boolean,
): Promise<readonly Splice[]> => {
  const starts: number[] = [];
  await readEbmlDocument(source, planningBudget(), (index, { dataStart }) => {
    if (index === 0 && starts.length <= MAXIMUM_CLUSTERS && !isMadeAnew(dataStart)) {
      starts.push(dataStart);
    }
  });
  if (starts.length > MAXIMUM_CLUSTERS) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `The file has more than ${MAXIMUM_CLUSTERS} clusters, which would all move; remux it with room for tags.`,
      {
        data: { site: 'ebml/Segment/Cluster', limit: MAXIMUM_CLUSTERS },
      },
    );
  }
  const splices: Splice[] = [];
  for (const start of starts) {
    const head = await source.read(start, Math.min(CLUSTER_HEAD_BYTES, segment.end - start));
    splices.push(...clusterPosition(head, start, map));
  }
  return splices;
};

/** Nothing else stands in front of a Cluster's frames: its time, position, size and checksum, and padding. */
const IN_FRONT: ReadonlySet<number> = new Set([0xe7, 0xab, 0x5854, EBML_ID.clusterPosition, EBML_ID.crc32, EBML_ID.void]);

const clusterPosition = (head: Uint8Array, start: number, map: Shift['map']): readonly Splice[] => {
  let hasChecksum = false;
  let at = 0;
  for (let header = parseElementHeader(head, 0); header !== undefined && IN_FRONT.has(header.id); header = parseElementHeader(head, at)) {
    const dataAt = at + header.headerBytes;
    const end = dataAt + (header.sizeBytes ?? Number.POSITIVE_INFINITY);
    hasChecksum ||= header.id === EBML_ID.crc32;
    if (end > head.length) {
      break;
    }
    const before = header.id === EBML_ID.clusterPosition ? uintOf(head.subarray(dataAt, end)) : 0;
    if (before !== 0) {
      const after = map(before);
      if (hasChecksum || !Number.isSafeInteger(before) || after >= 256 ** (end - dataAt)) {
        throw new LabelError(
          'FORMAT_UNSUPPORTED_FEATURE',
          `The cluster at byte ${start} states its position so that it cannot follow; remux the file.`,
          {
            data: { site: 'ebml/Segment/Cluster/Position', offset: start + at },
          },
        );
      }
      return [{ at: start + dataAt, remove: end - dataAt, insert: uintBytes(after, end - dataAt) }];
    }
    at = end;
  }
  return [];
};
