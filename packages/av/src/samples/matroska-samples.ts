import {
  EBML_ID,
  type EbmlIndex,
  type EbmlNode,
  elementBytes,
  readEbmlIndex,
  rebuiltElement,
  sizeField,
  sizeWidthOf,
  uintBytes,
  uintOf,
  uintWidth,
} from '@aigc-label/containers';
import { type ByteSource, bytesSource, equalBytes, joinedSource, LabelError, type Piece, type Splice } from '@aigc-label/core';
import type { Growth } from '../matroska-regions.ts';
import { readCues, shiftedPositions } from '../matroska-shift.ts';
import { checkedCuts, cutCandidates } from './cuts.ts';
import { type NewBlock, type NewCluster, newCluster } from './matroska-cluster.ts';
import { type OpenBlocks, openBlocks } from './matroska-track.ts';
import { type NewPictures, newPictures } from './new-pictures.ts';
import type { NewStretch, SampleContainer } from './sample-container.ts';
import { unfit } from './unfit.ts';

/** IDs of RFC 9559 §5.1.5. */
const CUE = { time: 0xb3, track: 0xf7, relativePosition: 0xf0 } as const;

/** Matroska and WebM (RFC 9559): Clusters that hold pictures of the stretches are laid out anew around them, and every position follows. */
export const matroskaSamples: SampleContainer = {
  formats: ['mkv', 'webm'],
  async read(source) {
    const opened = await openBlocks(source);
    if ('reason' in opened) {
      return opened;
    }
    const shown = opened.table.decodedAt;
    const start = shown.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    return {
      codec: opened.codec,
      videoIndex: opened.videoIndex,
      width: opened.entry.width,
      height: opened.entry.height,
      rotation: 0,
      pixelAspect: opened.pixelAspect,
      shownAt: shown.map((time) => (time - start) * opened.tick),
      cuts: await checkedCuts(cutCandidates(opened.table, shown), opened.accessOf),
      configuration: opened.configuration,
    };
  },
  async exchange(source, _, stretches) {
    const opened = await openBlocks(source);
    if ('reason' in opened) {
      throw unfit(opened.reason, 'the file is not such that they can');
    }
    const sorted = stretches.toSorted((a, b) => a.from - b.from);
    const pictures: NewPictures[] = [];
    let { configuration } = opened;
    for (const [index, stretch] of sorted.entries()) {
      await refuseBadStretch(opened, stretch, sorted[index + 1]);
      const next = await newPictures(opened, configuration, stretch);
      configuration = next.configuration;
      pictures.push(next);
    }
    return supported(() => exchanged(source, opened, pictures, configuration));
  },
};

/** A caller's stretch must lie between cuts; what belongs to a picture besides its bytes cannot be made anew. @throws TypeError. */
const refuseBadStretch = async ({ table, accessOf, special }: OpenBlocks, { from, to }: NewStretch, next: NewStretch | undefined): Promise<void> => {
  const candidates = new Set(cutCandidates(table, table.decodedAt));
  const isCut = async (index: number): Promise<boolean> => candidates.has(index) && (index === 0 || (await accessOf(index)) !== undefined);
  if (!(from < to && to <= (next?.from ?? table.count) && (await isCut(from)) && (to === table.count || (await isCut(to))))) {
    throw new TypeError(`a stretch from picture ${from} to before ${to} does not lie between cuts, or overlaps the next one`);
  }
  if ([...special].some((index) => index >= from && index < to)) {
    throw unfit('stream', 'pictures are laced or have additions');
  }
};

const exchanged = async (
  source: ByteSource,
  opened: OpenBlocks,
  pictures: readonly NewPictures[],
  configuration: Uint8Array,
): Promise<ByteSource> => {
  const { segment } = opened;
  const tracks = newTracks(opened, configuration);
  const made = await newClusters(source, opened, pictures);
  const growths: Growth[] = made.map(({ cluster, size }) => ({ at: cluster.end, bytes: size - (cluster.end - cluster.start) }));
  growths.push(...tracks.map(({ at, remove, insert }) => ({ at: at + remove, bytes: insert.length - remove })));
  const seekHeads: EbmlIndex[] = [];
  for (const element of segment.elements.filter(({ id }) => id === EBML_ID.seekHead)) {
    seekHeads.push(await readEbmlIndex(source, element));
  }
  const starts = new Set(made.map(({ cluster }) => cluster.dataStart));
  const cues: Awaited<ReturnType<typeof newCues>>[] = [];
  for (const index of await readCues(source, segment)) {
    cues.push(await newCues(index, opened, made, lostKeys(opened, pictures)));
  }
  const shift = await shiftedPositions(source, {
    segment,
    seekHeads,
    cues: cues.map(({ index }) => index),
    isObsolete: () => false,
    growths,
    isMadeAnew: (start) => starts.has(start),
  });
  const still = cues.flatMap(({ index, before }): readonly Splice[] => {
    const { element, bytes } = index;
    const isWritten = shift.splices.some(({ at }) => at === element.start);
    return isWritten || equalBytes(bytes, before) ? [] : [{ at: element.start, remove: bytes.length, insert: withChecksum(index) }];
  });
  const total = shift.growths.reduce((sum, { bytes }) => sum + bytes, 0);
  const edits: { readonly at: number; readonly remove: number; readonly pieces: readonly Piece[] }[] = [
    ...[...tracks, ...shift.splices, ...still, ...segmentSize(opened, total)].map(({ at, remove, insert }) => ({ at, remove, pieces: [insert] })),
  ];
  for (const one of made) {
    edits.push({ at: one.cluster.start, remove: one.cluster.end - one.cluster.start, pieces: await one.pieces(shift.map) });
  }
  const pieces: Piece[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    pieces.push({ source, offset: at, length: edit.at - at }, ...edit.pieces);
    at = edit.at + edit.remove;
  }
  return joinedSource([...pieces, { source, offset: at, length: source.size - at }].filter(({ length }) => length > 0));
};

/** The Clusters that change: those with new pictures, and the one behind each of them, which may state its size. */
const newClusters = async (source: ByteSource, opened: OpenBlocks, pictures: readonly NewPictures[]): Promise<readonly NewCluster[]> => {
  const { clusters, clusterOf, table, trackNumber } = opened;
  const blocks = newBlocks(opened, pictures);
  const firstIn = new Map<number, number>();
  for (let index = table.count - 1; index >= 0; index -= 1) {
    firstIn.set(clusterOf[index] ?? 0, index);
  }
  const touched = new Set([...blocks.keys()].map((index) => clusterOf[index] ?? 0));
  const made: NewCluster[] = [];
  for (const [number, cluster] of clusters.entries()) {
    const previous = made.at(-1);
    const isBehind = previous !== undefined && previous.cluster === clusters[number - 1];
    if (touched.has(number) || isBehind) {
      let picture = firstIn.get(number) ?? table.count;
      const next = (): NewBlock | undefined => {
        picture += 1;
        return blocks.get(picture - 1);
      };
      const one = await newCluster(source, cluster, trackNumber, next, isBehind ? previous.size : undefined);
      const isSame =
        !touched.has(number) &&
        one.size === cluster.end - cluster.start &&
        !(isBehind && previous.size !== previous.cluster.end - previous.cluster.start);
      if (!isSame) {
        made.push(one);
      }
    }
  }
  return made;
};

/** The i-th new picture of a stretch is shown at the i-th of its times. */
const newBlocks = ({ table, durations }: OpenBlocks, pictures: readonly NewPictures[]): ReadonlyMap<number, NewBlock> => {
  const blocks = new Map<number, NewBlock>();
  for (const { from, samples } of pictures) {
    const times = table.decodedAt.slice(from, from + samples.length).sort();
    const shownFor = new Map(samples.map((_, index) => [table.decodedAt[from + index] ?? 0, durations.get(from + index)]));
    for (const [index, sample] of samples.entries()) {
      const time = times[index] ?? 0;
      blocks.set(from + index, { sample, time, before: times[index - 1], duration: shownFor.get(time) });
    }
  }
  return blocks;
};

/** The configuration in Tracks; none where it stays. */
const newTracks = ({ tracks, configuration: before }: OpenBlocks, configuration: Uint8Array): readonly Splice[] => {
  const { element, bytes, root, configuration: node } = tracks;
  if (node === undefined || equalBytes(before, configuration)) {
    return [];
  }
  const replaced = new Map([[node, elementBytes(node.id, configuration, node.sizeWidth)]]);
  return [{ at: element.start, remove: bytes.length, insert: rebuiltElement(bytes, root, replaced) }];
};

/** When pictures of the stretches were shown at which decoding could begin, and cannot any more; in ticks. */
const lostKeys = ({ table }: OpenBlocks, pictures: readonly NewPictures[]): ReadonlySet<number> => {
  const lost = new Set<number>();
  for (const { from, samples } of pictures) {
    const times = table.decodedAt.slice(from, from + samples.length).sort();
    const kept = new Set(samples.flatMap(({ isSync }, index) => (isSync ? [times[index] ?? 0] : [])));
    for (const time of times) {
      if (!kept.has(time)) {
        lost.add(time);
      }
    }
  }
  return lost;
};

/**
 * Cues in as many bytes: places of blocks in Clusters that were made anew follow, or where they need more bytes become a Void, since readers find the block without them; points that
 * lead to a picture at which decoding cannot begin any more become a Void.
 */
const newCues = async (
  index: EbmlIndex,
  { segment, trackNumber }: OpenBlocks,
  made: readonly NewCluster[],
  lost: ReadonlySet<number>,
): Promise<{ readonly index: EbmlIndex; readonly before: Uint8Array }> => {
  const bytes = index.bytes.slice();
  const numberIn = (node: EbmlNode, id: number): number | undefined => {
    const child = (node.children ?? []).find((candidate) => candidate.id === id);
    return child === undefined ? undefined : uintOf(bytes.subarray(child.dataStart, child.end));
  };
  const byStart = new Map(made.map((one) => [one.cluster.start - segment.dataStart, one]));
  for (const point of index.root.children ?? []) {
    const positions = (point.children ?? []).filter(({ id }) => id === EBML_ID.cueTrackPositions);
    const isLost = lost.has(numberIn(point, CUE.time) ?? Number.NaN);
    const gone = isLost ? positions.filter((node) => numberIn(node, CUE.track) === trackNumber) : [];
    for (const node of gone.length === positions.length && gone.length > 0 ? [point] : gone) {
      bytes[node.start] = EBML_ID.void;
    }
    for (const node of positions) {
      const relative = node.children?.find(({ id }) => id === CUE.relativePosition);
      const one = byStart.get(numberIn(node, EBML_ID.cueClusterPosition) ?? Number.NaN);
      if (relative !== undefined && one !== undefined) {
        const after = one.moved.get(uintOf(bytes.subarray(relative.dataStart, relative.end)));
        const width = relative.end - relative.dataStart;
        if (after !== undefined && uintWidth(after) <= width) {
          bytes.set(uintBytes(after, width), relative.dataStart);
        } else {
          bytes[relative.start] = EBML_ID.void;
        }
      }
    }
  }
  // What became a Void is read as one from here on.
  const { id, start, dataStart } = index.element;
  const edited = await readEbmlIndex(bytesSource(bytes), { id, start: 0, dataStart: dataStart - start, end: bytes.length });
  return { index: { ...edited, element: index.element }, before: index.bytes };
};

/** An index whose bytes changed in place, with its checksum. */
const withChecksum = ({ bytes, root }: EbmlIndex): Uint8Array => {
  const last = root.children?.at(-1);
  return last === undefined ? bytes : rebuiltElement(bytes, root, new Map([[last, bytes.slice(last.start, last.end)]]));
};

/** The size of the Segment, where it is known. */
const segmentSize = ({ segment }: OpenBlocks, growth: number): readonly Splice[] => {
  const { sizeBytes, sizeWidth, dataStart } = segment;
  if (sizeBytes === undefined || growth === 0) {
    return [];
  }
  const width = Math.max(sizeWidth, sizeWidthOf(sizeBytes + growth));
  return [{ at: dataStart - sizeWidth, remove: sizeWidth, insert: sizeField(sizeBytes + growth, width) }];
};

/** What cannot follow is no damage, but a reason to encode the whole. */
const supported = async <Value>(run: () => Promise<Value>): Promise<Value> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE') {
      throw new LabelError('NOTICE_UNSUPPORTED', error.message, { data: { ...error.data, reason: 'container' }, cause: error });
    }
    throw error;
  }
};
