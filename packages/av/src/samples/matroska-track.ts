import {
  CLUSTER_ID,
  clusterChildren,
  EBML_ID,
  type EbmlBlock,
  type EbmlElement,
  type EbmlHead,
  type EbmlNode,
  type EbmlSegment,
  type EbmlTree,
  parseTree,
  planningBudget,
  readEbmlDocument,
  type SampleTable,
  uintOf,
} from '@aigc-label/containers';
import { type ByteSource, damaged, LabelError, latin1, readBounded, viewOf } from '@aigc-label/core';
import { parseAvcConfiguration } from './h264-sets.ts';
import type { OpenTrack, PictureTarget } from './isobmff-track.ts';
import { av1Access, h264Access, hevcAccess, vp9Access } from './random-access.ts';
import type { NotExchangeable } from './sample-container.ts';

/** Pictures that are held: 10 hours at 60 a second. */
const MAXIMUM_PICTURES = 2_200_000;
/** Tracks of honest files have some KiB. */
const MAXIMUM_TRACKS_BYTES = 4 << 20;

/** IDs of RFC 9559 §5.1.2 and §5.1.4. */
const ID = {
  timestampScale: 0x2ad7b1,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackType: 0x83,
  flagEnabled: 0xb9,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  contentEncodings: 0x6d80,
  video: 0xe0,
  flagInterlaced: 0x9a,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  displayWidth: 0x54b0,
  displayHeight: 0x54ba,
  displayUnit: 0x54b2,
  projection: 0x7670,
  poseRoll: 0x7675,
} as const;
const CROPS = [0x54aa, 0x54bb, 0x54cc, 0x54dd] as const;
const MASTERS: ReadonlySet<number> = new Set([EBML_ID.tracks, EBML_ID.info, ID.trackEntry, ID.video, ID.projection]);

/** A picture track of a Segment whose blocks can be exchanged. */
export interface OpenBlocks extends Pick<OpenTrack, 'codec' | 'accessOf' | 'configuration'> {
  readonly segment: EbmlSegment;
  readonly head: EbmlHead;
  readonly clusters: readonly EbmlElement[];
  readonly trackNumber: number;
  readonly videoIndex: number;
  /** Parameter sets of Matroska stand in CodecPrivate, as those of `avc1` do in its box. */
  readonly entry: PictureTarget['entry'];
  readonly pixelAspect: number;
  /** Seconds in a tick. */
  readonly tick: number;
  /** Pictures in the order of the file; `decodedAt` is when each is shown. */
  readonly table: SampleTable;
  /** The Cluster of each picture. */
  readonly clusterOf: Uint32Array;
  /** Pictures with something besides that belongs to them, which an exchange would have to make anew. */
  readonly special: ReadonlySet<number>;
  /** For how long pictures are shown, in ticks, where their groups say so. */
  readonly durations: ReadonlyMap<number, number>;
  /** The Tracks element in memory, and the configuration in it. */
  readonly tracks: {
    readonly element: EbmlElement;
    readonly bytes: Uint8Array;
    readonly root: EbmlNode;
    readonly configuration: EbmlNode | undefined;
  };
}

const CODECS: ReadonlyMap<string, OpenBlocks['codec']> = new Map([
  ['V_MPEG4/ISO/AVC', 'h264'],
  ['V_MPEGH/ISO/HEVC', 'hevc'],
  ['V_VP9', 'vp9'],
  ['V_AV1', 'av1'],
]);

/** Opens the first picture track that players show. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const openBlocks = async (source: ByteSource): Promise<OpenBlocks | NotExchangeable> => {
  const clusters: EbmlElement[] = [];
  const { head, segments } = await readEbmlDocument(source, planningBudget(), (index, cluster) => {
    if (index === 0) {
      clusters.push(cluster);
    }
  });
  const [segment] = segments;
  if (segment === undefined || segments.length > 1 || !segment.isWhole) {
    return { reason: 'container' };
  }
  const tracks = await masterOf(source, segment, EBML_ID.tracks);
  const info = await masterOf(source, segment, EBML_ID.info);
  if (tracks === undefined) {
    return { reason: 'stream' };
  }
  const read = reader(tracks.bytes);
  const videos = childrenOf(tracks.root, ID.trackEntry).filter((track) => read.uint(track, ID.trackType) === 1);
  const track = videos.find((candidate) => read.uint(candidate, ID.flagEnabled, 1) === 1);
  const [video] = childrenOf(track, ID.video);
  if (track === undefined || video === undefined || childrenOf(track, ID.contentEncodings).length > 0 || isTurned(tracks.bytes, video)) {
    return { reason: 'stream' };
  }
  const codec = CODECS.get(latin1(read.bytes(track, ID.codecId)).replace(/\0+$/, ''));
  if (codec === undefined) {
    return { reason: 'codec' };
  }
  const configuration = read.bytes(track, ID.codecPrivate).slice();
  const lengthSize = codec === 'h264' ? parseAvcConfiguration(configuration)?.lengthSize : codec === 'hevc' ? ((configuration[21] ?? 0) & 3) + 1 : 0;
  if (lengthSize === undefined || (codec === 'hevc' && configuration.length < 23) || read.uint(video, ID.flagInterlaced) === 1) {
    return { reason: 'parameters' };
  }
  const trackNumber = read.uint(track, ID.trackNumber);
  const { table, clusterOf, special, durations } = await readPictures(source, clusters, trackNumber);
  if (table.count === 0) {
    return { reason: 'stream' };
  }
  const entry = { width: read.uint(video, ID.pixelWidth), height: read.uint(video, ID.pixelHeight), box: { type: 'avc1' } };
  const access = { h264: h264Access, hevc: hevcAccess, vp9: vp9Access, av1: av1Access }[codec];
  return {
    ...{ segment, head, clusters, trackNumber, codec, configuration, entry, table, clusterOf, special, durations },
    videoIndex: videos.indexOf(track),
    pixelAspect: pixelAspectOf(read, video, entry),
    tick: (info === undefined ? 1_000_000 : reader(info.bytes).uint(info.root, ID.timestampScale, 1_000_000)) / 1e9,
    tracks: { ...tracks, configuration: childrenOf(track, ID.codecPrivate)[0] },
    accessOf: async (index) => access(source, { offset: table.offsets[index] ?? 0, size: table.sizes[index] ?? 0 }, lengthSize),
  };
};

const masterOf = async (
  source: ByteSource,
  segment: EbmlSegment,
  id: number,
): Promise<{ readonly element: EbmlElement; readonly bytes: Uint8Array; readonly root: EbmlNode } | undefined> => {
  const element = segment.elements.find((candidate) => candidate.id === id);
  if (element === undefined) {
    return undefined;
  }
  const bytes = await readBounded(source, element.start, element.end - element.start, MAXIMUM_TRACKS_BYTES, 'ebml/Segment');
  const { roots, problem }: EbmlTree = parseTree(bytes, MASTERS);
  if (roots[0] === undefined || problem !== undefined) {
    throw damaged('ebml/Segment', element.start, 'what stands in it does not fill it');
  }
  return { element, bytes, root: roots[0] };
};

const childrenOf = (node: EbmlNode | undefined, id: number): readonly EbmlNode[] => (node?.children ?? []).filter((child) => child.id === id);

/** Reads values of children; the first of its kind, or what stands for none. */
const reader = (
  bytes: Uint8Array,
): { bytes(node: EbmlNode, id: number): Uint8Array; uint(node: EbmlNode, id: number, otherwise?: number): number } => {
  const of = (node: EbmlNode, id: number): Uint8Array | undefined => {
    const [child] = childrenOf(node, id);
    return child === undefined ? undefined : bytes.subarray(child.dataStart, child.end);
  };
  return {
    bytes: (node, id) => of(node, id) ?? new Uint8Array(0),
    uint(node, id, otherwise = 0) {
      const value = of(node, id);
      return value === undefined ? otherwise : uintOf(value.subarray(0, 8));
    },
  };
};

/** Whether players turn or crop the picture; how far, they do not agree on. */
const isTurned = (bytes: Uint8Array, video: EbmlNode): boolean => {
  const [roll] = childrenOf(childrenOf(video, ID.projection)[0], ID.poseRoll);
  const view = roll === undefined ? undefined : viewOf(bytes.subarray(roll.dataStart, roll.end));
  const angle = view === undefined ? 0 : view.byteLength === 8 ? view.getFloat64(0) : view.byteLength === 4 ? view.getFloat32(0) : 0;
  return angle !== 0 || CROPS.some((id) => childrenOf(video, id).some(({ dataStart, end }) => uintOf(bytes.subarray(dataStart, end)) !== 0));
};

/** Width of a pixel to its height (§5.1.4.1.28.12 to 14); 1 where nothing sensible is said. */
const pixelAspectOf = (read: ReturnType<typeof reader>, video: EbmlNode, { width, height }: OpenBlocks['entry']): number => {
  const [shownWidth, shownHeight] = [read.uint(video, ID.displayWidth), read.uint(video, ID.displayHeight)];
  const unit = read.uint(video, ID.displayUnit);
  return unit <= 3 && shownWidth > 0 && shownHeight > 0 && width > 0 && height > 0 ? (shownWidth * height) / (shownHeight * width) : 1;
};

const readPictures = async (
  source: ByteSource,
  clusters: readonly EbmlElement[],
  track: number,
): Promise<Pick<OpenBlocks, 'table' | 'clusterOf' | 'special' | 'durations'>> => {
  const [offsets, sizes, times, keys, clusterOf]: number[][] = [[], [], [], [], []] as [number[], number[], number[], number[], number[]];
  const special = new Set<number>();
  const durations = new Map<number, number>();
  const add = (block: EbmlBlock, time: number, cluster: number): void => {
    if (!block.isPlain) {
      special.add(offsets.length);
    }
    if (block.duration !== undefined) {
      durations.set(offsets.length, block.duration);
    }
    offsets.push(block.frameStart);
    sizes.push(block.frameEnd - block.frameStart);
    times.push(time + block.time);
    keys.push(block.isKey ? 1 : 0);
    clusterOf.push(cluster);
    if (offsets.length > MAXIMUM_PICTURES) {
      throw new LabelError('LIMIT_EXCEEDED', `The video has more than ${MAXIMUM_PICTURES} pictures.`, { data: { limit: MAXIMUM_PICTURES } });
    }
  };
  for (const [index, cluster] of clusters.entries()) {
    let time = 0;
    for await (const { element, block, value } of clusterChildren(source, cluster)) {
      if (element.id === CLUSTER_ID.timestamp) {
        time = value ?? 0;
      } else if (block?.track === track) {
        add(block, time, index);
      }
    }
  }
  const table: SampleTable = {
    count: offsets.length,
    offsets: Float64Array.from(offsets),
    sizes: Uint32Array.from(sizes),
    decodedAt: Float64Array.from(times),
    shifts: undefined,
    isSync: Uint8Array.from(keys),
    description: 1,
  };
  return { table, clusterOf: Uint32Array.from(clusterOf), special, durations };
};
