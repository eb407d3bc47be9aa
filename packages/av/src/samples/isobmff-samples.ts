import {
  type BoxEdit,
  exchangeMedia,
  type Fragments,
  fragmentSplices,
  type MediaChange,
  type MediaExchange,
  type NewSamples,
  runOffsets,
  sampleTableEdits,
  tableBoxes,
  touches,
  trackTouches,
} from '@aigc-label/containers';
import { type ByteSource, joinedSource, LabelError, segmentsOf } from '@aigc-label/core';
import { checkedCuts, checkedOpenEnds, cutCandidates, openEndCandidates, shownTicks } from './cuts.ts';
import { type OpenTrack, openTrack, pixelAspectOf } from './isobmff-track.ts';
import { joinedConfiguration, type NewPictures, type NewSample, newPictures } from './new-pictures.ts';
import type { NewStretch, SampleContainer } from './sample-container.ts';
import { unfit } from './unfit.ts';

/** MP4 and MOV (ISO/IEC 14496-12): samples change where they lie, so that chunks and interleaving stay. */
export const isobmffSamples: SampleContainer = {
  formats: ['mp4', 'mov'],
  async read(source) {
    const opened = await openTrack(source);
    if ('reason' in opened) {
      return opened;
    }
    const { table, track, entry } = opened;
    const shown = shownTicks(table);
    const cuts = await checkedCuts(cutCandidates(table, shown), opened.accessOf);
    const ends = opened.codec === 'hevc' ? await checkedOpenEnds(openEndCandidates(table, shown), opened.accessOf) : [];
    const start = shown.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    return {
      codec: opened.codec,
      videoIndex: opened.videoIndex,
      width: entry.width,
      height: entry.height,
      rotation: opened.rotation,
      pixelAspect: await pixelAspectOf(source, entry),
      shownAt: shown.map((time) => (time - start) / track.timescale),
      cuts,
      ends: ends.map(({ to }) => to),
      configuration: opened.configuration,
    };
  },
  async exchange(source, _, stretches) {
    const opened = await openTrack(source);
    if ('reason' in opened) {
      throw unfit(opened.reason, 'the file is not such that they can');
    }
    const sorted = stretches.toSorted((a, b) => a.from - b.from);
    const pictures: NewPictures[] = [];
    let configuration = opened.configuration;
    for (const [index, stretch] of sorted.entries()) {
      const key = await pictureBehind(opened, stretch, sorted[index + 1]);
      const next = await newPictures(opened, configuration, stretch, key);
      configuration = next.configuration;
      pictures.push(key < stretch.to ? { ...next, samples: [...next.samples, moved(source, opened, key)] } : next);
    }
    const changes = pictures.flatMap(({ from, samples }) => mediaChanges(opened, from, samples)).toSorted((a, b) => a.at - b.at);
    return supported(async () => {
      await refuseSharedBytes(source, opened, pictures, changes);
      return opened.fragments === undefined
        ? exchangeMedia(source, opened.file, { edits: await tableEdits(source, opened, pictures, configuration), changes }, opened.budget)
        : exchangeFragments(source, opened, opened.fragments, pictures, { edits: joinedConfiguration(opened, configuration), changes });
    });
  },
};

const tableEdits = async (
  source: ByteSource,
  opened: OpenTrack,
  pictures: readonly NewPictures[],
  configuration: Uint8Array,
): Promise<readonly BoxEdit[]> => {
  const groups = await tableBoxes(source, opened.track, 'sbgp', opened.budget);
  return [
    ...(await sampleTableEdits(source, opened.track, opened.table, pictures.map(newSamples), groups)),
    ...joinedConfiguration(opened, configuration),
  ];
};

/** In fragments, what is said of samples keeps its width: it changes first, and then bytes move. */
const exchangeFragments = async (
  source: ByteSource,
  { file, budget }: OpenTrack,
  fragments: Fragments,
  pictures: readonly NewPictures[],
  exchange: MediaExchange,
): Promise<ByteSource> => {
  const splices = await fragmentSplices(source, file, fragments, pictures.map(newSamples), budget);
  if (splices === undefined) {
    throw unfit('parameters', 'the fragments cannot say what they would have to');
  }
  const pieces = segmentsOf(source.size, splices).map((segment) => (segment.kind === 'insert' ? segment.bytes : { source, ...segment }));
  return exchangeMedia(joinedSource(pieces), file, { ...exchange, offsets: runOffsets(fragments) }, budget);
};

/** The picture, in decoding order, that is decoded after a stretch. @throws TypeError where the stretch does not lie between cuts. */
const pictureBehind = async ({ codec, table, accessOf }: OpenTrack, { from, to }: NewStretch, next: NewStretch | undefined): Promise<number> => {
  const shown = shownTicks(table);
  const candidates = new Set(cutCandidates(table, shown));
  const isCut = async (index: number): Promise<boolean> => candidates.has(index) && (index === 0 || (await accessOf(index)) !== undefined);
  if (from < to && to <= (next?.from ?? table.count) && (await isCut(from))) {
    if (to === table.count || (await isCut(to))) {
      return to;
    }
    const ends = codec === 'hevc' ? openEndCandidates(table, shown).filter((end) => end.to === to && end.key > from) : [];
    const [end] = await checkedOpenEnds(ends, accessOf);
    if (end !== undefined) {
      return end.key;
    }
  }
  throw new TypeError(`a stretch from picture ${from} to before ${to} does not lie between cuts, or overlaps the next one`);
};

/** A picture of the source that takes the place of the last one that was decoded behind it. */
const moved = (source: ByteSource, { table }: OpenTrack, key: number): NewSample => {
  const [offset, size] = [table.offsets[key] ?? 0, table.sizes[key] ?? 0];
  return { size, isSync: true, pieces: [{ source, offset, length: size }] };
};

const mediaChanges = ({ table }: OpenTrack, from: number, samples: NewPictures['samples']): readonly MediaChange[] =>
  samples.map(({ pieces }, index) => {
    const [at, remove] = [table.offsets[from + index] ?? 0, table.sizes[from + index] ?? 0];
    if (remove === 0) {
      throw unfit('stream', `picture ${from + index} has no bytes`);
    }
    return { at, remove, pieces };
  });

const newSamples = ({ from, samples }: NewPictures): NewSamples => ({
  from,
  sizes: Uint32Array.from(samples, ({ size }) => size),
  isSync: Uint8Array.from(samples, ({ isSync }) => (isSync ? 1 : 0)),
});

/** Bytes that something else also uses must not change. */
const refuseSharedBytes = async (
  source: ByteSource,
  { movie, track, table, fragments }: OpenTrack,
  pictures: readonly NewPictures[],
  changes: readonly MediaChange[],
): Promise<void> => {
  const shared = (): LabelError => unfit('container', 'pictures share their bytes with others');
  if (changes.some(({ at, remove }, index) => at + remove > (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY))) {
    throw shared();
  }
  let stretch = 0;
  for (let index = 0; index < table.count; index += 1) {
    const { from, samples } = pictures[stretch] ?? { from: table.count, samples: [] };
    if (index === from) {
      index += samples.length - 1;
      stretch += 1;
    } else {
      const at = table.offsets[index] ?? 0;
      if (touches(changes, at, at + (table.sizes[index] ?? 0))) {
        throw shared();
      }
    }
  }
  if (fragments?.runs.some(({ trackId, start, end }) => trackId !== track.id && touches(changes, start, end))) {
    throw shared();
  }
  for (const other of movie.tracks) {
    if (other !== track && (await trackTouches(source, other, changes))) {
      throw shared();
    }
  }
};

/** What cannot be followed or does not fit a field any more, and damage that players may not mind: a reason to encode the whole. */
const supported = async <Value>(run: () => Promise<Value>): Promise<Value> => {
  try {
    return await run();
  } catch (error) {
    if (error instanceof LabelError && ['FORMAT_UNSUPPORTED_FEATURE', 'CARRIER_FULL', 'FILE_DAMAGED'].includes(error.code)) {
      throw new LabelError('NOTICE_UNSUPPORTED', error.message, { data: { ...error.data, reason: 'container' }, cause: error });
    }
    throw error;
  }
};
