import { type ByteSource, damaged, latin1, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import type { BoxFile } from './file.ts';

/** Tracks that one movie may have; films have a handful, and hundreds of languages still fit. */
const MAXIMUM_TRACKS = 1000;

/** Headers of a movie or a track; the longest is 96 bytes. */
const MAXIMUM_HEADER_BYTES = 4096;

/** A box with everything around it, outermost first. */
export interface NestedBox {
  readonly box: Box;
  readonly parents: readonly Box[];
}

/** A movie: its `moov` with all tracks (ISO/IEC 14496-12 §8.2.1). */
export interface Movie {
  readonly box: Box;
  /** What it holds, in file order. */
  readonly boxes: readonly Box[];
  /** The nine numbers of `mvhd`: 16.16 fixed point, the last of each row 2.30. */
  readonly matrix: readonly number[];
  readonly tracks: readonly MovieTrack[];
  /** Whether samples also stand in fragments (`mvex`, `moof`). */
  readonly isFragmented: boolean;
}

/** A track of a movie (§8.3.1). */
export interface MovieTrack extends NestedBox {
  readonly id: number;
  /** The flag of `tkhd` without which players do not show it. */
  readonly isEnabled: boolean;
  /** The nine numbers of `tkhd`, as those of the movie. */
  readonly matrix: readonly number[];
  /** `vide`, `soun`, `subt`; empty where there is none. */
  readonly handler: string;
  /** Ticks a second of `mdhd`. */
  readonly timescale: number;
  /** Tracks that this one refers to, by kind: `chap` for its chapters. */
  readonly references: ReadonlyMap<string, readonly number[]>;
  /** The boxes of its `stbl` by type, the first of each. */
  readonly table: ReadonlyMap<string, NestedBox>;
  readonly stbl: NestedBox | undefined;
  /** A type that stands twice in `stbl`, so that readers would disagree about it. */
  readonly repeated: string | undefined;
}

/**
 * Reads the headers of a movie and of its tracks.
 *
 * @throws LabelError `FILE_DAMAGED` where there is none, or where a header is too short; `LIMIT_EXCEEDED` for too many boxes or tracks.
 */
export const readMovie = async (source: ByteSource, file: BoxFile, budget: BoxBudget): Promise<Movie> => {
  const [box] = file.movies;
  if (box === undefined) {
    throw damaged('file', file.end, 'there is no moov box, so no player can open it');
  }
  const { boxes } = await listBoxes(source, contentOf(box), box.end, budget);
  const mvhd = boxes.find(({ type }) => type === 'mvhd');
  const traks = boxes.filter(({ type }) => type === 'trak');
  if (traks.length > MAXIMUM_TRACKS) {
    throw damaged('moov', box.offset, `there are more than ${MAXIMUM_TRACKS} tracks`);
  }
  const tracks: MovieTrack[] = [];
  for (const trak of traks) {
    tracks.push(await readTrack(source, { box: trak, parents: [box] }, budget));
  }
  return {
    box,
    boxes,
    matrix: mvhd === undefined ? IDENTITY : matrixOf(await header(source, mvhd), 36, 48),
    tracks,
    isFragmented: boxes.some(({ type }) => type === 'mvex') || file.boxes.some(({ type }) => type === 'moof'),
  };
};

/** The matrix that leaves a picture as it is. */
const IDENTITY: readonly number[] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

const readTrack = async (source: ByteSource, trak: NestedBox, budget: BoxBudget): Promise<MovieTrack> => {
  const inTrack = await childrenOf(source, trak, budget);
  const tkhd = first(inTrack, 'tkhd');
  const head = tkhd === undefined ? new Uint8Array(0) : await header(source, tkhd.box);
  const mdia = first(inTrack, 'mdia');
  const inMedia = mdia === undefined ? [] : await childrenOf(source, mdia, budget);
  const minf = first(inMedia, 'minf');
  const stbl = minf === undefined ? undefined : first(await childrenOf(source, minf, budget), 'stbl');
  const inTable = stbl === undefined ? [] : await childrenOf(source, stbl, budget);
  const table = new Map<string, NestedBox>();
  let repeated: string | undefined;
  for (const child of inTable) {
    const key = child.box.type;
    if (!table.has(key)) {
      table.set(key, child);
    } else if (!MANY.has(key)) {
      repeated ??= key;
    }
  }
  const hdlr = first(inMedia, 'hdlr');
  const mdhd = first(inMedia, 'mdhd');
  return {
    ...trak,
    id: numberAt(head, head[0] === 1 ? 20 : 12),
    isEnabled: ((head[3] ?? 0) & 1) === 1,
    matrix: tkhd === undefined ? IDENTITY : matrixOf(head, 40, 52),
    handler: hdlr === undefined ? '' : latin1((await header(source, hdlr.box)).subarray(8, 12)),
    timescale: mdhd === undefined ? 0 : await timescaleOf(source, mdhd.box),
    references: await referencesOf(source, first(inTrack, 'tref'), budget),
    table,
    stbl,
    repeated,
  };
};

/** Types of which a sample table may hold several, told apart by a kind of their own. */
const MANY: ReadonlySet<string> = new Set(['sbgp', 'sgpd', 'csgp', 'subs', 'saiz', 'saio', 'free', 'skip', 'uuid']);

const childrenOf = async (source: ByteSource, { box, parents }: NestedBox, budget: BoxBudget): Promise<readonly NestedBox[]> => {
  const { boxes } = await listBoxes(source, contentOf(box), box.end, budget);
  return boxes.map((child) => ({ box: child, parents: [...parents, box] }));
};

/** All boxes of a type that `stbl` holds. */
export const tableBoxes = async (source: ByteSource, { stbl }: MovieTrack, type: string, budget: BoxBudget): Promise<readonly NestedBox[]> =>
  stbl === undefined ? [] : (await childrenOf(source, stbl, budget)).filter(({ box }) => box.type === type);

const first = (boxes: readonly NestedBox[], type: string): NestedBox | undefined => boxes.find(({ box }) => box.type === type);

const header = (source: ByteSource, box: Box): Promise<Uint8Array> =>
  readBounded(source, contentOf(box), Math.min(contentSize(box), MAXIMUM_HEADER_BYTES), MAXIMUM_HEADER_BYTES, box.type);

const matrixOf = (head: Uint8Array, atInShort: number, atInLong: number): readonly number[] => {
  const at = head[0] === 1 ? atInLong : atInShort;
  return head.length < at + 36 ? IDENTITY : Array.from({ length: 9 }, (_, index) => viewOf(head).getInt32(at + index * 4));
};

const timescaleOf = async (source: ByteSource, mdhd: Box): Promise<number> => {
  const head = await header(source, mdhd);
  return numberAt(head, head[0] === 1 ? 20 : 12);
};

const numberAt = (head: Uint8Array, at: number): number => (at + 4 > head.length ? 0 : viewOf(head).getUint32(at));

const referencesOf = async (source: ByteSource, tref: NestedBox | undefined, budget: BoxBudget): Promise<ReadonlyMap<string, readonly number[]>> => {
  const references = new Map<string, readonly number[]>();
  for (const { box } of tref === undefined ? [] : await childrenOf(source, tref, budget)) {
    const bytes = await header(source, box);
    references.set(
      box.type,
      Array.from({ length: bytes.length >> 2 }, (_, index) => numberAt(bytes, index * 4)),
    );
  }
  return references;
};
