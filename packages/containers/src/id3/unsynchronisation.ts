// Unsynchronisation: id3v2.3.0 §5, id3v2.4.0-structure §6.1. A zero byte is put after each 0xFF that a player could take for MPEG sync.

/** Bytes without their unsynchronisation, and the way back to where each of them stood. */
export interface Resynchronised {
  readonly bytes: Uint8Array;
  /** Where the byte at this offset of `bytes` stood; an inserted zero belongs to the 0xFF before it. */
  rawOffset(offset: number): number;
}

/** Takes the inserted zeros out. */
export const resynchronise = (raw: Uint8Array): Resynchronised => {
  // Counted first: a tag of nothing but inserted zeros would make a list that is many times its size.
  const dropped = new Uint32Array(countInserted(raw));
  const bytes = new Uint8Array(raw.length - dropped.length);
  let length = 0;
  let count = 0;
  for (let index = 0; index < raw.length; index += 1) {
    const byte = raw[index] as number;
    bytes[length] = byte;
    length += 1;
    if (byte === 0xff && raw[index + 1] === 0) {
      dropped[count] = length;
      count += 1;
      index += 1;
    }
  }
  return { bytes, rawOffset: (offset) => offset + countUpTo(dropped, offset) };
};

const countInserted = (raw: Uint8Array): number => {
  let count = 0;
  for (let index = raw.indexOf(0xff); index >= 0; index = raw.indexOf(0xff, index + 1)) {
    count += raw[index + 1] === 0 ? 1 : 0;
  }
  return count;
};

/** Puts a zero after each 0xFF that is followed by a zero or by the rest of a sync word; the last byte must not be 0xFF. */
export const unsynchronise = (bytes: Uint8Array): Uint8Array => {
  const out: number[] = [];
  bytes.forEach((byte, index) => {
    out.push(byte);
    const next = bytes[index + 1];
    if (byte === 0xff && next !== undefined && (next === 0 || next >= 0xe0)) {
      out.push(0);
    }
  });
  return Uint8Array.from(out);
};

/** How many of the ascending `positions` are at most `limit`. */
const countUpTo = (positions: Uint32Array, limit: number): number => {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] as number) <= limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};
