/** How much is fetched at once when little is asked for: structures lie close together. */
export const FIRST_WINDOW_BYTES = 65_536;

/** A walk that goes on and on (a picture in a thousand chunks) is met by larger windows, up to this. */
const MAXIMUM_WINDOW_BYTES = 1 << 20;

/** Windows kept: head and tail of a file are often asked for in turn. */
const WINDOW_COUNT = 2;

interface Window {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * Serves small reads from windows of the file, at once where a window holds them; earlier views stay valid.
 *
 * @param fetch reads exactly that stretch.
 */
export const readWindows = (
  sizeBytes: number,
  fetch: (offset: number, length: number) => Promise<Uint8Array>,
): ((offset: number, length: number) => Uint8Array | Promise<Uint8Array>) => {
  let windows: readonly Window[] = [];
  return (offset, length) => {
    const held = windows.find(({ start, end }) => offset >= start && offset + length <= end);
    if (held !== undefined) {
      return held.bytes.subarray(offset - held.start, offset - held.start + length);
    }
    const wanted = Math.max(length, nextWindowBytes(windows[0], offset));
    return fetch(offset, Math.min(wanted, sizeBytes - offset)).then((bytes) => {
      windows = [{ start: offset, end: offset + bytes.length, bytes }, ...windows].slice(0, WINDOW_COUNT);
      return bytes.subarray(0, length);
    });
  };
};

/** Twice the last window where this read goes on right behind it; the first size after a jump. */
const nextWindowBytes = (last: Window | undefined, offset: number): number => {
  const length = last === undefined ? 0 : last.end - last.start;
  const goesOn = last !== undefined && offset > last.start && offset <= last.end + FIRST_WINDOW_BYTES / 4;
  return goesOn ? Math.min(2 * length, MAXIMUM_WINDOW_BYTES) : FIRST_WINDOW_BYTES;
};
