import { assertInside, type ByteSource } from './source.ts';

/** How much is fetched at once when little is asked for, in bytes: structures lie close together. */
const WINDOW_BYTES = 16_384;

/** After so many jumps in a row, only what is asked for is fetched: a walk from header to header over a large file. */
const MANY_JUMPS = 4;

/** Windows that are held: head, tail, and two places between. */
const MAXIMUM_WINDOWS = 4;

/**
 * A source over a Blob or File: what a browser has of an upload, and `fs.openAsBlob` of a file. Only what is asked for is fetched.
 *
 * Reads throw what `Blob.arrayBuffer` throws (`NotReadableError` where the file behind it was changed).
 */
export const blobSource = (blob: Pick<Blob, 'size' | 'slice'>): ByteSource => {
  const { size } = blob;
  let windows: readonly { readonly start: number; readonly bytes: Uint8Array }[] = [];
  let jumps = 0;
  const fetch = async (offset: number, length: number): Promise<Uint8Array> => {
    const last = windows[0];
    const goesOn = last !== undefined && offset >= last.start && offset <= last.start + last.bytes.length + WINDOW_BYTES;
    jumps = goesOn ? 0 : jumps + 1;
    const wanted = jumps > MANY_JUMPS ? length : Math.min(Math.max(length, WINDOW_BYTES), size - offset);
    const bytes = new Uint8Array(await blob.slice(offset, offset + wanted).arrayBuffer());
    windows = [{ start: offset, bytes }, ...windows].slice(0, MAXIMUM_WINDOWS);
    return bytes.subarray(0, length);
  };
  return {
    size,
    read(offset, length) {
      assertInside(size, offset, length);
      const held = windows.find(({ start, bytes }) => offset >= start && offset + length <= start + bytes.length);
      return held === undefined ? fetch(offset, length) : held.bytes.subarray(offset - held.start, offset - held.start + length);
    },
  };
};
