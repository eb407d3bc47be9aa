import { bufferPool, POOLED_BYTES } from './buffer-pool.ts';

/** How much is fetched at once when little is asked for: structures lie close together. */
export const FIRST_WINDOW_BYTES = 65_536;

/** Windows onto a file, through which small reads go. */
export interface ReadWindows {
  /** A copy of that stretch, at once where a window holds it. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
  /** Copies what a window holds from `offset` on into `target`; returns how many bytes that were, 0 for none. */
  copyHeld(target: Uint8Array, offset: number): number;
  /** Gives the buffers back, when no read is under way. */
  release(): void;
}

/** After so many jumps in a row, little more than what is asked for is fetched: a walk from header to header over a large file must not read it. */
const MANY_JUMPS = 3;

/** What such a walk fetches at once: a header, and what may stand right behind it. */
const SMALL_WINDOW_BYTES = 128;

interface Window {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Two windows, since head and tail of a file are often asked for in turn. A walk that goes on and on (a picture in a thousand
 * chunks) is met by larger windows. Reads are served one after another, so that no fetch goes into a buffer that another is reading from.
 *
 * @param fill reads exactly that stretch into the target.
 */
export const readWindows = (sizeBytes: number, fill: (target: Uint8Array, offset: number) => Promise<void>): ReadWindows => {
  /** The most recent first. */
  let windows: readonly Window[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let jumps = 0;
  const held = (offset: number, length: number): Window | undefined => windows.find(({ start, end }) => offset >= start && offset + length <= end);
  const copyOf = ({ buffer, start }: Window, offset: number, length: number): Uint8Array => buffer.slice(offset - start, offset - start + length);
  const fetch = async (offset: number, length: number): Promise<Uint8Array> => {
    const already = held(offset, length);
    if (already !== undefined) {
      return copyOf(already, offset, length);
    }
    jumps = goesOn(windows[0], offset) ? 0 : jumps + 1;
    const atOnce = jumps > MANY_JUMPS ? SMALL_WINDOW_BYTES : nextWindowBytes(windows[0], offset);
    const wanted = Math.min(Math.max(length, atOnce), sizeBytes - offset);
    const oldest = windows.length === 2 ? windows[1] : undefined;
    windows = windows.slice(0, 1);
    const window = { buffer: oldest?.buffer ?? bufferPool.take(POOLED_BYTES), start: offset, end: offset + wanted };
    await fill(window.buffer.subarray(0, wanted), offset);
    windows = [window, ...windows];
    return copyOf(window, offset, length);
  };
  return {
    read(offset, length) {
      const window = held(offset, length);
      if (window !== undefined) {
        return copyOf(window, offset, length);
      }
      const fetched = turn.then(() => fetch(offset, length));
      turn = fetched.catch(() => undefined);
      return fetched;
    },
    copyHeld(target, offset) {
      const window = windows.find(({ start, end }) => offset >= start && offset < end);
      if (window === undefined) {
        return 0;
      }
      const count = Math.min(target.length, window.end - offset);
      target.set(window.buffer.subarray(offset - window.start, offset - window.start + count));
      return count;
    },
    release() {
      for (const { buffer } of windows) {
        bufferPool.give(buffer);
      }
      windows = [];
    },
  };
};

/** Four times the last window where this read goes on right behind it; the first size after a jump. */
const nextWindowBytes = (last: Window | undefined, offset: number): number =>
  last !== undefined && goesOn(last, offset) ? Math.max(FIRST_WINDOW_BYTES, Math.min(4 * (last.end - last.start), POOLED_BYTES)) : FIRST_WINDOW_BYTES;

const goesOn = (last: Window | undefined, offset: number): boolean =>
  last !== undefined && offset > last.start && offset <= last.end + FIRST_WINDOW_BYTES / 4;
