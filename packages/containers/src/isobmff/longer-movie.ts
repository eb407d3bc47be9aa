import { type ByteSource, damaged, latin1, readBounded, viewOf } from '@aigc-label/core';
import { type BoxBudget, contentOf, contentSize, listBoxes, setU64, u64 } from './box.ts';
import type { BoxEdit } from './edit.ts';
import { durationsEdit, sampleDurations } from './insert-samples.ts';
import { metaContentOffset } from './meta.ts';
import type { Movie, MovieTrack, NestedBox } from './movie.ts';
import { descend, editListEdit, longerHeader, type MediaEdit, readEditList } from './movie-times.ts';
import { MAXIMUM_TABLE_BYTES } from './offset-table.ts';

/** A stretch of time that comes into a track. */
export interface InsertedTime {
  /** Where, in ticks of the track's media. */
  readonly at: number;
  /** In ticks of the track. */
  readonly ticks: number;
  /** Before everything, in front of what players skip at the start too; or behind everything. */
  readonly side: 'start' | 'inside' | 'end';
}

/**
 * The edits after which a movie lasts longer by what one of its tracks got: headers, edit lists, chapters, and what the other tracks show at that moment, which stays for as long.
 *
 * @param times ascending. @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where a field is too small, `FILE_DAMAGED`, `LIMIT_EXCEEDED`.
 */
export const longerMovieEdits = async (
  source: ByteSource,
  movie: Movie,
  track: MovieTrack,
  times: readonly InsertedTime[],
  budget: BoxBudget,
): Promise<readonly BoxEdit[]> => {
  const whole: NestedBox = { box: movie.box, parents: [] };
  const mvhd = await descend(source, whole, ['mvhd'], budget);
  const scale = mvhd === undefined ? 0 : await movieTimescale(source, mvhd);
  if (scale === 0) {
    throw damaged('mvhd', movie.box.offset, 'it says no time scale');
  }
  const own: Timed = { track, elst: await descend(source, track, ['edts', 'elst'], budget), scale };
  const list = await readEditList(source, own.elst);
  const shown = times.map((time): ShownTime => {
    return { at: shownAt(list, own, time), length: time.ticks / track.timescale, side: time.side };
  });
  const edits = [
    ...(await longerHeader(source, mvhd, ticksOf(shown, scale))),
    ...(await longerTrack(source, own, list, times, budget)),
    ...(await chapterEdits(source, whole, shown, budget)),
    ...(await gaplessEdits(source, whole, times, budget)),
  ];
  for (const other of movie.tracks.filter((one) => one !== track)) {
    edits.push(...(await stretchedTrack(source, other, scale, shown, budget)));
  }
  return edits;
};

const movieTimescale = async (source: ByteSource, { box }: NestedBox): Promise<number> => {
  const head = await readBounded(source, contentOf(box), Math.min(24, contentSize(box)), 24, box.type);
  return head.length < 24 ? 0 : viewOf(head).getUint32(head[0] === 1 ? 20 : 12);
};

interface Timed {
  readonly track: MovieTrack;
  readonly elst: NestedBox | undefined;
  /** Ticks a second of the movie. */
  readonly scale: number;
}

/** A stretch as the whole movie gets it, in seconds. */
interface ShownTime {
  readonly at: number;
  readonly length: number;
  readonly side: InsertedTime['side'];
}

const ticksOf = (times: readonly { readonly length: number }[], scale: number): number =>
  Math.round(times.reduce((total, { length }) => total + length, 0) * scale);

/** The edit that shows a moment: the first for the start, the last for the end. */
const editAt = (list: readonly MediaEdit[], { track, scale }: Timed, { at, side }: InsertedTime): number => {
  const isShown = ({ mediaTime }: MediaEdit): boolean => mediaTime >= 0;
  if (side === 'start') {
    return list.findIndex(isShown);
  }
  const inside = list.findIndex((edit) => isShown(edit) && edit.mediaTime <= at && at < edit.mediaTime + (edit.duration / scale) * track.timescale);
  return side === 'inside' && inside >= 0 ? inside : list.findLastIndex((edit) => isShown(edit) && (side === 'end' || edit.mediaTime <= at));
};

/** When a moment of the media is shown, in seconds. */
const shownAt = (list: readonly MediaEdit[], timed: Timed, time: InsertedTime): number => {
  const index = editAt(list, timed, time);
  const edit = list[index];
  if (edit === undefined) {
    return time.side === 'start' ? 0 : time.at / timed.track.timescale;
  }
  const before = list.slice(0, index).reduce((total, { duration }) => total + duration, 0) / timed.scale;
  const inside = time.side === 'start' ? 0 : (time.at - edit.mediaTime) / timed.track.timescale;
  return before + Math.max(0, edit.duration === 0 ? inside : Math.min(inside, edit.duration / timed.scale));
};

/** Headers and edit list of a track whose media have become longer. */
const longerTrack = async (
  source: ByteSource,
  timed: Timed,
  list: readonly MediaEdit[],
  times: readonly InsertedTime[],
  budget: BoxBudget,
): Promise<readonly BoxEdit[]> => {
  const { track, elst, scale } = timed;
  const all = times.reduce((total, { ticks }) => total + ticks, 0);
  const more = Math.round((all / track.timescale) * scale);
  let changed = [...list];
  let given = 0;
  // From the back, so that every moment is one of the list as it was.
  for (const [left, time] of [...times.entries()].reverse()) {
    const index = editAt(changed, timed, time);
    // What rounding leaves over goes to the first.
    const share = left === 0 ? more - given : Math.round((time.ticks / track.timescale) * scale);
    given += share;
    changed = changed.map((edit, position) => {
      if (position === index) {
        return { ...edit, duration: edit.duration === 0 ? 0 : edit.duration + share };
      }
      return edit.mediaTime >= time.at && edit.mediaTime >= 0 ? { ...edit, mediaTime: edit.mediaTime + time.ticks } : edit;
    });
  }
  return [
    ...(await longerHeader(source, await descend(source, track, ['tkhd'], budget), more)),
    ...(await longerHeader(source, await descend(source, track, ['mdia', 'mdhd'], budget), all)),
    ...(elst === undefined ? [] : [await editListEdit(source, elst, changed)]),
  ];
};

/** A track beside the one that got longer: what it shows at that moment is shown for longer. */
const stretchedTrack = async (
  source: ByteSource,
  track: MovieTrack,
  scale: number,
  shown: readonly ShownTime[],
  budget: BoxBudget,
): Promise<readonly BoxEdit[]> => {
  const stsz = track.table.get('stsz') ?? track.table.get('stz2');
  const count = stsz === undefined || contentSize(stsz.box) < 12 ? 0 : viewOf(await source.read(contentOf(stsz.box), 12)).getUint32(8);
  if (count === 0 || track.timescale === 0 || !track.table.has('stts')) {
    return [];
  }
  const timed: Timed = { track, elst: await descend(source, track, ['edts', 'elst'], budget), scale };
  const list = await readEditList(source, timed.elst);
  const durations = await sampleDurations(source, track, count, { left: MAXIMUM_TABLE_BYTES });
  const times: InsertedTime[] = [];
  for (const { at, length, side } of shown) {
    const media = mediaTimeOf(list, timed, at);
    const time = { at: media ?? -1, ticks: Math.round(length * track.timescale), side: side === 'end' ? ('end' as const) : ('inside' as const) };
    const index = media === undefined ? undefined : sampleAt(durations, media, side);
    if (index !== undefined) {
      durations[index] = (durations[index] ?? 0) + time.ticks;
      times.push(time);
    }
  }
  return times.length === 0 ? [] : [durationsEdit(track, durations), ...(await longerTrack(source, timed, list, times, budget))];
};

/** The moment of a track's media that is shown then; `undefined` where nothing of it is. */
const mediaTimeOf = (list: readonly MediaEdit[], { track, scale }: Timed, seconds: number): number | undefined => {
  if (list.length === 0) {
    return seconds * track.timescale;
  }
  let before = 0;
  for (const [index, { duration, mediaTime }] of list.entries()) {
    const end = duration === 0 ? Number.POSITIVE_INFINITY : before + duration / scale;
    if (seconds < end || index === list.length - 1) {
      return mediaTime < 0 ? undefined : mediaTime + (seconds - before) * track.timescale;
    }
    before = end;
  }
  return undefined;
};

/** The sample that lasts at a moment; the last one for the end; `undefined` behind all. */
const sampleAt = (durations: Uint32Array, at: number, side: InsertedTime['side']): number | undefined => {
  if (side === 'end') {
    return durations.length - 1;
  }
  let time = 0;
  for (let index = 0; index < durations.length; index += 1) {
    time += durations[index] ?? 0;
    if (at < time) {
      return index;
    }
  }
  return undefined;
};

/** Chapters as Nero writes them: each begins at a number of 100 ns. */
const chapterEdits = async (source: ByteSource, movie: NestedBox, shown: readonly ShownTime[], budget: BoxBudget): Promise<readonly BoxEdit[]> => {
  const place = await descend(source, movie, ['udta', 'chpl'], budget);
  if (place === undefined) {
    return [];
  }
  const { box, parents } = place;
  const bytes = await readBounded(source, contentOf(box), contentSize(box), MAXIMUM_CHAPTERS_BYTES, box.type);
  const insert = bytes.slice();
  const countAt = bytes[0] === 0 ? 4 : 8;
  let entry = countAt + 1;
  for (let left = bytes[countAt] ?? 0; left > 0 && entry + 9 <= bytes.length; left -= 1) {
    const begin = u64(bytes, entry);
    // The one that begins where the notice does holds it.
    const more = shown.reduce((total, time) => (begin > Math.round(time.at * 1e7) ? total + Math.round(time.length * 1e7) : total), 0);
    setU64(insert, entry, begin + more);
    entry += 9 + (bytes[entry + 8] ?? 0);
  }
  return [{ at: contentOf(box), remove: bytes.length, insert, parents: [...parents, box] }];
};

const MAXIMUM_CHAPTERS_BYTES = 1 << 20;

/** What iTunes says of the samples that are not silence of the encoder: zero, those in front, those behind, and how many there are between. */
const GAPLESS = /^ ?[0-9A-Fa-f]{8} [0-9A-Fa-f]{8} [0-9A-Fa-f]{8} ([0-9A-Fa-f]{16})/;

const gaplessEdits = async (source: ByteSource, movie: NestedBox, times: readonly InsertedTime[], budget: BoxBudget): Promise<readonly BoxEdit[]> => {
  const meta = await descend(source, movie, ['udta', 'meta'], budget);
  if (meta === undefined) {
    return [];
  }
  const { boxes } = await listBoxes(source, await metaContentOffset(source, meta.box), meta.box.end, budget);
  const ilst = boxes.find(({ type }) => type === 'ilst');
  const items = ilst === undefined ? [] : (await listBoxes(source, contentOf(ilst), ilst.end, budget)).boxes;
  for (const item of items.filter(({ type }) => type === '----')) {
    const parts = (await listBoxes(source, contentOf(item), item.end, budget)).boxes;
    const [name, data] = ['name', 'data'].map((type) => parts.find((one) => one.type === type));
    if (ilst === undefined || name === undefined || data === undefined || contentSize(name) !== 12 || contentSize(data) < 8 + 43) {
      continue;
    }
    const text = latin1(await source.read(contentOf(data) + 8, Math.min(64, contentSize(data) - 8)));
    const match = GAPLESS.exec(text);
    if (latin1(await source.read(contentOf(name) + 4, 8)) === 'iTunSMPB' && match?.[1] !== undefined) {
      const more = times.reduce((total, { ticks }) => total + ticks, 0);
      const samples = (BigInt(`0x${match[1]}`) + BigInt(more)).toString(16).toUpperCase().padStart(16, '0');
      const at = contentOf(data) + 8 + match[0].length - 16;
      const insert = Uint8Array.from(samples, (digit) => digit.charCodeAt(0));
      return [{ at, remove: 16, insert, parents: [...meta.parents, meta.box, ilst, item, data] }];
    }
  }
  return [];
};
