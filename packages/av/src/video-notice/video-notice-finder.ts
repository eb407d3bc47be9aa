import { type FoundBadge, findBadge, type Luma, MINIMUM_HEIGHT_RATIO } from '@aigc-label/badge';
import { type FoundNotice, LabelError, NOTICE_PRESETS, type NoticeFinder, type NoticeSearch, type Shortfall } from '@aigc-label/core';
import { demuxerOptions } from '../ffmpeg/demuxers.ts';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { type ProbedPictures, type ProbedStream, probeMedia } from '../ffmpeg/probe-media.ts';
import { withPath } from '../ffmpeg/work-folder.ts';
import { VIDEO_NOTICE_FORMATS } from '../notice-formats.ts';
import { type FrameRun, runAround } from './notice-run.ts';
import { FRAMES_PER_SECOND, MAXIMUM_STORED_PIXELS, shownFrames, type Watched } from './shown-frames.ts';
import { MINIMUM_SECONDS } from './video-notice-options.ts';

/** All that may be spent on one file, in seconds. */
const MAXIMUM_SECONDS = 20;

/** Of what is no file, for a copy that ffmpeg can open. */
const MAXIMUM_COPIED_BYTES = 4 * 2 ** 30;

/** Of the beginning, the middle and the end that much is looked at; a notice that stays longer is told to stay that long. */
const WATCHED_SECONDS = 4.2;

/** Frames of a part on which any words are looked for, in seconds from its beginning, likeliest first: what stays for two seconds is met. */
const LOOKS: Readonly<Record<Part, readonly number[]>> = { start: [0.1, 0.6, 1.6, 3.1], middle: [2.1], end: [3.9, 2.6] };

/** What measuring may err by: a frame on either side, and 1 % of a height (2.5 % where letters are small). */
const SECONDS_TOLERANCE = 0.11;
const HEIGHT_TOLERANCE = 0.025;

/** Finds notices on the pictures of a video through ffmpeg, in a process of its own: for the first seconds, those in the middle and the last. */
export const videoNoticeFinder: NoticeFinder = {
  formats: VIDEO_NOTICE_FORMATS,
  isDecoding: true,
  async find(source, formatId, search = {}) {
    const program = await findFfmpeg();
    if (source.path === undefined && source.size > MAXIMUM_COPIED_BYTES) {
      return [];
    }
    return withPath(source, (path) => noticesIn({ program, path, formatId, signal: search.signal }, wordsOf(search)));
  },
};

/** What is told where a file cannot be decoded, or not in time. */
const UNDECODABLE: ReadonlySet<string> = new Set(['FORMAT_UNSUPPORTED_FEATURE', 'LIMIT_EXCEEDED', 'FILE_DAMAGED']);

const wordsOf = ({ texts = [] }: NoticeSearch): readonly string[] => [...new Set([...Object.values(NOTICE_PRESETS), ...texts])];

/** Where it is looked, and for what part of the film that stands. */
type Part = 'start' | 'middle' | 'end';

/**
 * The notices of a file that lies on the disk; none where it cannot be decoded.
 *
 * @param parts where it is looked.
 * @param firstLook where it must stand, in seconds, for anything more to be looked at.
 * @throws LabelError `TOOL_MISSING`, `ABORTED`.
 */
export const noticesIn = async (
  file: Omit<Watched, 'index' | 'pictures'>,
  words: readonly string[],
  parts: readonly Part[] = ['start', 'middle', 'end'],
  firstLook?: number,
): Promise<readonly FoundNotice[]> => {
  const until = performance.now() + MAXIMUM_SECONDS * 1000;
  const left = (): number => Math.max(0.1, (until - performance.now()) / 1000);
  try {
    const { streams, duration } = await probeMedia(file.program, file.path, { signal: file.signal, inputOptions: demuxerOptions(file.formatId) });
    const video = streams.find(
      (stream): stream is ProbedStream & { readonly pictures: ProbedPictures } => !stream.isCover && stream.pictures !== undefined,
    );
    if (video === undefined || video.pictures.width * video.pictures.height > MAXIMUM_STORED_PIXELS) {
      return [];
    }
    const watched = { ...file, index: video.index, pictures: video.pictures };
    if (firstLook !== undefined && !(await standsAt(watched, words, firstLook))) {
      return [];
    }
    const found: Seen[] = [];
    for (const part of parts) {
      const from = beginningOf(part, duration);
      if (from !== undefined && performance.now() < until) {
        const frames = await shownFrames(watched, { from, seconds: WATCHED_SECONDS, timeoutSeconds: left() });
        const seen = await seenIn(frames, LOOKS[part], words, () => performance.now() < until && file.signal?.aborted !== true);
        if (seen !== undefined) {
          found.push({ ...seen, part, from, isCut: seen.run.last === frames.length - 1 });
        }
      }
    }
    if (file.signal?.aborted === true) {
      throw new LabelError('ABORTED', 'The work was stopped.');
    }
    return noticesOf(found, parts, duration);
  } catch (error) {
    if (error instanceof LabelError && UNDECODABLE.has(error.code)) {
      return [];
    }
    throw error;
  }
};

const standsAt = async (watched: Watched, words: readonly string[], seconds: number): Promise<boolean> => {
  const frames = await shownFrames(watched, { from: 0, seconds: seconds + 1 / FRAMES_PER_SECOND, timeoutSeconds: MAXIMUM_SECONDS });
  const last = frames.at(-1);
  return last !== undefined && (await findBadge(last, words)) !== undefined;
};

/** Where a part begins, in seconds; `undefined` where another part holds it already. */
const beginningOf = (part: Part, duration: number | undefined): number | undefined => {
  if (part === 'start') {
    return 0;
  }
  const room = (duration ?? 0) - WATCHED_SECONDS;
  const from = part === 'end' ? room : room / 2;
  return from > WATCHED_SECONDS / 2 ? from : undefined;
};

/** A badge on a run of frames. */
interface SeenRun {
  readonly badge: FoundBadge;
  readonly run: FrameRun;
}

interface Seen extends SeenRun {
  readonly part: Part;
  /** In seconds, where the frames begin. */
  readonly from: number;
  /** Whether it may go on behind the frames. */
  readonly isCut: boolean;
}

const seenIn = async (
  frames: readonly Luma[],
  looks: readonly number[],
  words: readonly string[],
  isGoing: () => boolean,
): Promise<SeenRun | undefined> => {
  const tried = [...new Set(looks.map((seconds) => Math.min(frames.length - 1, Math.round(seconds * FRAMES_PER_SECOND))))];
  for (const at of tried) {
    const frame = frames[at];
    const badge = frame === undefined || !isGoing() ? undefined : await findBadge(frame, words);
    if (badge !== undefined) {
      const looked = new Map<number, boolean>([[at, true]]);
      const run = await runAround(at, frames.length, async (index) => {
        const known = looked.get(index);
        const other = known === undefined && isGoing() ? frames[index] : undefined;
        const stands = known ?? (other !== undefined && (await findBadge(other, [badge.text])) !== undefined);
        looked.set(index, stands);
        return stands;
      });
      return { badge, run };
    }
  }
  return undefined;
};

const noticesOf = (found: readonly Seen[], parts: readonly Part[], duration: number | undefined): readonly FoundNotice[] => {
  const [first] = found;
  const isThroughout =
    first !== undefined &&
    found.length === parts.length &&
    parts.length > 1 &&
    found.every(({ badge, run, isCut }) => badge.text === first.badge.text && run.first === 0 && isCut);
  if (isThroughout) {
    return [noticeOf(first, 'throughout', duration)];
  }
  return found.map((seen) => noticeOf(seen, seen.part, undefined));
};

const noticeOf = ({ badge, run, from, part, isCut }: Seen, position: FoundNotice['position'], whole: number | undefined): FoundNotice => {
  const seconds = whole ?? (run.last - run.first + 1) / FRAMES_PER_SECOND;
  const atSeconds = part === 'start' ? run.first / FRAMES_PER_SECOND : from + run.first / FRAMES_PER_SECOND;
  const shortfalls: Shortfall[] = [];
  if (badge.heightRatio < MINIMUM_HEIGHT_RATIO * (1 - HEIGHT_TOLERANCE)) {
    shortfalls.push({ measure: 'heightRatio', found: rounded(badge.heightRatio), required: MINIMUM_HEIGHT_RATIO, clause: 'GB 45438-2025 §5.4' });
  }
  // What goes on behind the frames that were looked at, or began before them, may stay longer.
  const isMeasured = !isCut && (run.first > 0 || from === 0);
  if (isMeasured && seconds < MINIMUM_SECONDS - SECONDS_TOLERANCE) {
    shortfalls.push({ measure: 'seconds', found: rounded(seconds), required: MINIMUM_SECONDS, clause: 'GB 45438-2025 §5.4' });
  }
  return {
    form: 'badge',
    position,
    text: badge.text,
    measures: {
      likeness: rounded(badge.likeness),
      heightRatio: rounded(badge.heightRatio),
      contrast: rounded(badge.contrast),
      seconds: rounded(seconds),
      atSeconds: rounded(atSeconds),
    },
    shortfalls,
  };
};

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
