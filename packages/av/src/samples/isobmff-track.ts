import {
  type BoxBudget,
  type BoxFile,
  boxBudget,
  configurationBytes,
  contentSize,
  FIXED_TABLES,
  type Fragments,
  type Movie,
  type MovieTrack,
  type NestedBox,
  readBoxFile,
  readFragments,
  readMovie,
  readSampleTable,
  type SampleTable,
  type VisualEntry,
  visualEntries,
} from '@aigc-label/containers';
import { type ByteSource, LabelError, viewOf } from '@aigc-label/core';
import { parseAvcConfiguration } from './h264-sets.ts';
import { av1Access, h264Access, hevcAccess, type RandomAccess, vp9Access } from './random-access.ts';
import type { NotExchangeable, VideoTrack } from './sample-container.ts';

/** A picture track whose samples can be exchanged. */
export interface OpenTrack {
  readonly file: BoxFile;
  readonly movie: Movie;
  readonly track: MovieTrack;
  readonly videoIndex: number;
  readonly codec: 'h264' | 'hevc' | 'vp9' | 'av1';
  readonly entry: VisualEntry;
  readonly configurationBox: NestedBox | undefined;
  readonly configuration: Uint8Array;
  readonly table: SampleTable;
  /** Where its samples stand in fragments: where each of them is said. */
  readonly fragments: Fragments | undefined;
  readonly rotation: VideoTrack['rotation'];
  readonly budget: BoxBudget;
  /** How decoding can begin at a sample; `undefined` where it cannot, or where its bytes are not there. */
  accessOf(index: number): Promise<RandomAccess | undefined>;
}

/** What new pictures must fit, in whatever container. */
export interface PictureTarget extends Pick<OpenTrack, 'codec' | 'accessOf'> {
  readonly entry: Pick<VisualEntry, 'width' | 'height'> & { readonly box: { readonly type: string } };
  readonly table: Pick<SampleTable, 'count'>;
}

interface Coding {
  readonly codec: OpenTrack['codec'];
  readonly configuration: string;
}

/** Sample entries (the MP4 Registration Authority's code points) with the box that holds the decoder's configuration. */
const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['avc1', { codec: 'h264', configuration: 'avcC' }],
  ['avc3', { codec: 'h264', configuration: 'avcC' }],
  ['hvc1', { codec: 'hevc', configuration: 'hvcC' }],
  ['hev1', { codec: 'hevc', configuration: 'hvcC' }],
  ['vp09', { codec: 'vp9', configuration: 'vpcC' }],
  ['av01', { codec: 'av1', configuration: 'av1C' }],
]);

/** Configurations of further layers (ISO/IEC 14496-15 §7, §9; Apple's spatial video), which new pictures would not have. */
const LAYERED: readonly string[] = ['mvcC', 'svcC', 'lhvC', 'vexu'];

/** Whether the pictures have colours that only Dolby Vision's own data make sense of: no compatibility with a plain decoder (Dolby Vision Streams Within the ISO BMFF §3.2). */
const isDolbyOnly = async (source: ByteSource, { boxes }: VisualEntry): Promise<boolean> => {
  const place = ['dvcC', 'dvvC', 'dvwC'].map((type) => boxes.get(type)).find((one) => one !== undefined);
  return place !== undefined && ((await configurationBytes(source, place.box))[4] ?? 0) >> 4 === 0;
};

/** Opens the first picture track that players show. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const openTrack = async (source: ByteSource): Promise<OpenTrack | NotExchangeable> => {
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const movie = await readMovie(source, file, budget);
  if (file.movies.length > 1) {
    return { reason: 'container' };
  }
  const pictures = movie.tracks.filter(({ handler }) => handler === 'vide');
  const referred = (kind: string): ReadonlySet<number> => new Set(movie.tracks.flatMap(({ references }) => references.get(kind) ?? []));
  const chapters = referred('chap');
  const shown = pictures.filter(({ id }) => !chapters.has(id));
  const track = shown.find(({ isEnabled }) => isEnabled) ?? shown[0];
  const rotation = rotationOf(track?.matrix ?? []);
  if (track === undefined || rotation === undefined || rotationOf(movie.matrix) !== 0 || track.timescale === 0) {
    return { reason: 'stream' };
  }
  if (referred('hint').has(track.id)) {
    return { reason: 'container' }; // streaming hints say where in the samples bytes stand
  }
  const [entry, second] = await visualEntries(source, track, budget);
  const coding = CODINGS.get(entry?.box.type ?? '');
  if (entry === undefined || coding === undefined) {
    return { reason: 'codec' };
  }
  if (LAYERED.some((type) => entry.boxes.has(type)) || (await isDolbyOnly(source, entry))) {
    return { reason: 'stream' };
  }
  const held = await soundly(() => readSampleTable(source, track));
  const isFragmented = file.boxes.some(({ type }) => type === 'moof');
  const fragments = isFragmented && held?.count === 0 ? await soundly(() => readFragments(source, file, movie, track, budget)) : undefined;
  const table = isFragmented ? fragments?.table : held;
  if (table === undefined) {
    return { reason: 'container' };
  }
  if (second !== undefined || table.description !== 1 || FIXED_TABLES.some((type) => track.table.has(type))) {
    return { reason: 'parameters' };
  }
  const configurationBox = entry.boxes.get(coding.configuration);
  const configuration = configurationBox === undefined ? new Uint8Array(0) : await configurationBytes(source, configurationBox.box);
  const lengthSize = lengthSizeOf(coding.codec, configuration);
  if (lengthSize === undefined) {
    return { reason: 'parameters' };
  }
  return {
    file,
    movie,
    track,
    videoIndex: pictures.indexOf(track),
    codec: coding.codec,
    entry,
    configurationBox,
    configuration,
    table,
    fragments,
    rotation,
    budget,
    async accessOf(index) {
      const place = { offset: table.offsets[index] ?? 0, size: table.sizes[index] ?? 0 };
      return place.size === 0 || place.offset + place.size > source.size ? undefined : ACCESS[coding.codec](source, place, lengthSize);
    },
  };
};

/** Tables of a track; `undefined` where they contradict each other or are too long to be held: players differ in what they make of that. */
const soundly = async <Value>(read: () => Promise<Value>): Promise<Value | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LabelError && (error.code === 'FILE_DAMAGED' || error.code === 'LIMIT_EXCEEDED')) {
      return undefined;
    }
    throw error;
  }
};

const ACCESS: Readonly<Record<OpenTrack['codec'], typeof h264Access>> = { h264: h264Access, hevc: hevcAccess, vp9: vp9Access, av1: av1Access };

/** Of the lengths before NAL units; 0 where the codec has none, `undefined` where the configuration does not say. */
const lengthSizeOf = (codec: OpenTrack['codec'], configuration: Uint8Array): number | undefined => {
  if (codec === 'h264') {
    return parseAvcConfiguration(configuration)?.lengthSize;
  }
  if (codec === 'hevc') {
    return configuration.length < 23 ? undefined : ((configuration[21] ?? 0) & 3) + 1;
  }
  return 0;
};

/** The clockwise turn of a matrix that does nothing else (ISO/IEC 14496-12 §8.3.2: a b u c d v x y w). */
const rotationOf = ([a = 0, b = 0, , c = 0, d = 0]: readonly number[]): VideoTrack['rotation'] | undefined => {
  if (b === 0 && c === 0 && a === d) {
    return a > 0 ? 0 : a < 0 ? 180 : undefined;
  }
  if (a === 0 && d === 0 && b === -c) {
    return b > 0 ? 90 : b < 0 ? 270 : undefined;
  }
  return undefined;
};

/** Width of a pixel to its height (`pasp`, §12.1.4); 1 where nothing sensible is said. */
export const pixelAspectOf = async (source: ByteSource, { boxes }: VisualEntry): Promise<number> => {
  const box = boxes.get('pasp')?.box;
  if (box === undefined || contentSize(box) < 8) {
    return 1;
  }
  const view = viewOf(await configurationBytes(source, box));
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  return width > 0 && height > 0 ? width / height : 1;
};
