import { type ByteSource, LabelError } from '@aigc-label/core';

/** Read at once, in bytes. */
const WINDOW_BYTES = 256 << 10;

/** Frames of one file: four days of MP3 have 13 million; their offsets are held in memory. */
export const MAXIMUM_FRAMES: number = 16_000_000;

/** Stretches between frames that are no frames: more is not a stream, but noise. */
const MAXIMUM_GAPS = 1000;

/** What every kind of frame says. */
export interface FrameHeader {
  readonly frameBytes: number;
  /** Of one channel. */
  readonly samples: number;
}

/** What is to be walked. */
export interface FrameRange<Frame extends FrameHeader> {
  readonly start: number;
  readonly end: number;
  /** The frame that begins at `at`, if one does. */
  parse(bytes: Uint8Array, at: number): Frame | undefined;
  /** Whether a frame can stand in one stream with the first one. */
  isSame(first: Frame, frame: Frame): boolean;
  /** Bytes of a header that `parse` wants to see. */
  readonly headerBytes: number;
  /** Is told how far the walk has come; what it throws ends the walk. */
  readonly onWindow?: (offset: number) => void;
}

/** Whole frames one behind the other; what stands between them belongs to none. */
export interface WalkedFrames<Frame extends FrameHeader = FrameHeader> {
  /** `undefined` where there is no frame. */
  readonly first: Frame | undefined;
  /** Where each frame begins. */
  readonly offsets: Float64Array;
  /** Where the last one ends. */
  readonly end: number;
  /** Of one channel, in all frames. */
  readonly samples: number;
}

/**
 * Follows frames from header to header; where one is missing, goes on at the next two that follow one another.
 *
 * @throws LabelError `LIMIT_EXCEEDED` above `MAXIMUM_FRAMES`, or where hardly anything is a frame.
 */
export const walkFrames = async <Frame extends FrameHeader>(source: ByteSource, range: FrameRange<Frame>): Promise<WalkedFrames<Frame>> => {
  const { end, headerBytes } = range;
  let first: Frame | undefined;
  const parse = (bytes: Uint8Array, at: number): Frame | undefined => {
    const frame = range.parse(bytes, at);
    return frame === undefined || (first !== undefined && !range.isSame(first, frame)) ? undefined : frame;
  };
  const isFollowed = async (at: number, frame: Frame): Promise<boolean> => {
    const next = at + frame.frameBytes;
    // Not by the window, which would have to come back.
    const second = next + headerBytes <= end ? parse(await source.read(next, headerBytes), 0) : undefined;
    return second !== undefined && range.isSame(frame, second);
  };
  let offsets = new Float64Array(4096);
  let [count, samples, last, gaps] = [0, 0, range.start, 0];
  const window = windowOf(source, range);
  for (let at: number | undefined = range.start; at !== undefined && at + headerBytes <= end; ) {
    const bytes = await window(at, headerBytes);
    const frame = parse(bytes.bytes, at - bytes.start);
    const isAlone = first === undefined && frame !== undefined && at + frame.frameBytes !== end && !(await isFollowed(at, frame));
    if (frame === undefined || at + frame.frameBytes > end || isAlone) {
      gaps += 1;
      at = gaps > MAXIMUM_GAPS ? tooMany(MAXIMUM_GAPS) : await nextFrame(window, { end, headerBytes, parse, isFollowed, start: at + 1 });
      continue;
    }
    if (count === MAXIMUM_FRAMES) {
      tooMany(MAXIMUM_FRAMES);
    }
    if (count === offsets.length) {
      const grown: Float64Array<ArrayBuffer> = new Float64Array(count * 2);
      grown.set(offsets);
      offsets = grown;
    }
    first ??= frame;
    offsets[count] = at;
    count += 1;
    samples += frame.samples;
    at += frame.frameBytes;
    last = at;
  }
  return { first, offsets: offsets.slice(0, count), end: last, samples };
};

type Window = (at: number, length: number) => Promise<{ readonly bytes: Uint8Array; readonly start: number }>;

const windowOf = (source: ByteSource, { end, onWindow }: { readonly end: number; readonly onWindow?: (offset: number) => void }): Window => {
  let held = { bytes: new Uint8Array() as Uint8Array, start: 0 };
  return async (at, length) => {
    if (at < held.start || at + length > held.start + held.bytes.length) {
      onWindow?.(at);
      held = { bytes: await source.read(at, Math.min(WINDOW_BYTES, end - at)), start: at };
    }
    return held;
  };
};

interface Search<Frame> {
  readonly start: number;
  readonly end: number;
  readonly headerBytes: number;
  parse(bytes: Uint8Array, at: number): Frame | undefined;
  isFollowed(at: number, frame: Frame): Promise<boolean>;
}

/** The next place at which a frame begins and another one where it ends. */
const nextFrame = async <Frame>(window: Window, { start, end, headerBytes, parse, isFollowed }: Search<Frame>): Promise<number | undefined> => {
  for (let at = start; at + headerBytes <= end; at += 1) {
    const { bytes, start: from } = await window(at, headerBytes);
    const sync = bytes.indexOf(0xff, at - from);
    if (sync < 0 || sync + headerBytes > bytes.length) {
      // The window ends here: the next one begins with what may be the start of a header.
      at = Math.max(at, from + (sync < 0 ? bytes.length : sync) - 1);
      continue;
    }
    at = from + sync;
    const frame = parse(bytes, sync);
    if (frame !== undefined && (await isFollowed(at, frame))) {
      return at;
    }
  }
  return undefined;
};

const tooMany = (limit: number): never => {
  throw new LabelError('LIMIT_EXCEEDED', `The file has more than ${limit} frames or gaps between them; encode it again, in shorter parts.`, {
    data: { site: 'frames', limit },
  });
};
