import {
  type Box,
  type BoxBudget,
  type BoxFile,
  boxBudget,
  contentOf,
  contentSize,
  listBoxes,
  type Movie,
  type MovieTrack,
  readBoxFile,
  readMovie,
  readSampleTable,
  required,
  type SampleTable,
  sampleDurations,
} from '@aigc-label/containers';
import { type ByteSource, readBounded, viewOf } from '@aigc-label/core';
import { unsupported } from './programme.ts';

/** The track of sound of a file, and how it is coded. */
export interface SoundTrack {
  readonly file: BoxFile;
  readonly movie: Movie;
  readonly track: MovieTrack;
  readonly table: SampleTable;
  /** How long each sample lasts, in ticks of the track. */
  readonly durations: Uint32Array;
  readonly budget: BoxBudget;
  /** The type of the sample entry: `mp4a`, `alac`. */
  readonly coding: string;
  /** The content of the box with the decoder's configuration: `esds`, `alac`. */
  readonly configuration: Uint8Array;
}

/** Bytes of an audio sample entry before its boxes (ISO/IEC 14496-12 §12.2.3); QuickTime's version 1 has 16 more. */
const ENTRY_BYTES = 28;
const SECOND_ENTRY_BYTES = 44;

/** A configuration of a decoder takes tens of bytes. */
const MAXIMUM_CONFIGURATION_BYTES = 64 << 10;

const REMUX = 'Remux it as an M4A file with one track of sound, not fragmented.';

/** Opens the one track of sound. @throws LabelError `NOTICE_UNSUPPORTED`, `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
export const openSoundTrack = async (source: ByteSource): Promise<SoundTrack> => {
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const movie = await readMovie(source, file, budget);
  if (movie.isFragmented || file.movies.length > 1) {
    throw unsupported('m4a', 'it is fragmented', REMUX);
  }
  const [track, second] = movie.tracks.filter(({ handler }) => handler === 'soun');
  if (track === undefined || second !== undefined) {
    throw unsupported('m4a', `it has ${track === undefined ? 'no track' : 'several tracks'} of sound`, REMUX);
  }
  if (movie.tracks.some(({ table }) => table.has('ctts'))) {
    throw unsupported('m4a', 'it holds a film', 'Put the notice on its pictures.');
  }
  const [entry, other] = await soundEntries(source, track, budget);
  const table = await readSampleTable(source, track);
  if (entry === undefined || table.count === 0 || other !== undefined || table.description !== 1 || track.timescale === 0) {
    throw unsupported('m4a', 'its sound is coded in several ways', 'Encode it as one.');
  }
  const durations = await sampleDurations(source, track, table.count, { left: table.count * 8 + 65_536 });
  return { file, movie, track, table, durations, budget, coding: entry.type, configuration: await soundConfiguration(source, entry, budget) };
};

/** The sample entries of a track of sound. */
export const soundEntries = async (source: ByteSource, track: MovieTrack, budget: BoxBudget): Promise<readonly Box[]> => {
  const stsd = required(track, 'stsd').box;
  return (await listBoxes(source, Math.min(stsd.end, contentOf(stsd) + 8), stsd.end, budget)).boxes;
};

const CONFIGURATIONS: ReadonlySet<string> = new Set(['esds', 'alac']);

/** The content of the box in a sample entry that holds the decoder's configuration; empty where there is none. */
export const soundConfiguration = async (source: ByteSource, entry: Box, budget: BoxBudget): Promise<Uint8Array> => {
  if (contentSize(entry) < ENTRY_BYTES) {
    return new Uint8Array();
  }
  const version = viewOf(await source.read(contentOf(entry), 10)).getUint16(8);
  const start = contentOf(entry) + (version === 1 ? SECOND_ENTRY_BYTES : ENTRY_BYTES);
  const boxes = version > 1 || start > entry.end ? [] : (await listBoxes(source, start, entry.end, budget)).boxes;
  const wave = boxes.find(({ type }) => type === 'wave');
  const inside = wave === undefined ? [] : (await listBoxes(source, contentOf(wave), wave.end, budget)).boxes;
  const box = [...boxes, ...inside].find(({ type }) => CONFIGURATIONS.has(type));
  return box === undefined ? new Uint8Array() : readBounded(source, contentOf(box), contentSize(box), MAXIMUM_CONFIGURATION_BYTES, box.type);
};
