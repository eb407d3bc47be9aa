/** Entropy-coded bytes without what is stuffed into them, and a place in their bits (ITU-T T.81 B.1.1.5, F.1.2.3, F.2.2). */
import { damaged } from '@aigc-label/core';
import { type DecodingTable, LOOKAHEAD_BITS } from './huffman.ts';

/** What lies between two restart markers. */
export interface ScanInterval {
  /** The bits, as places in `ScanBits.bytes`; the last byte may hold padding. */
  readonly fromBit: number;
  readonly toBit: number;
  /** Where they stand in the file, with stuffed bytes and without the markers. */
  readonly start: number;
  readonly end: number;
}

/** A scan's bytes with the zeros after 0xFF taken out, intervals end to end, and a few zeros behind them to let look-ahead run over the end. */
export interface ScanBits {
  readonly bytes: Uint8Array;
  readonly intervals: readonly ScanInterval[];
}

/** A block of 64 coefficients with 31 bits each may be read past the end before that is noticed. */
const SLACK_BYTES = 256;

/** Takes a scan's bytes apart. @throws LabelError `FILE_DAMAGED` where restart markers are not in order. */
export const scanBits = (file: Uint8Array, start: number, end: number): ScanBits => {
  const bytes = new Uint8Array(end - start + SLACK_BYTES);
  const intervals: ScanInterval[] = [];
  let written = 0;
  let from = start;
  let intervalStart = start;
  let fromBit = 0;
  const put = (until: number): void => {
    bytes.set(file.subarray(from, until), written);
    written += until - from;
  };
  const close = (until: number): void => {
    intervals.push({ fromBit, toBit: written * 8, start: intervalStart, end: until });
  };
  for (let at = file.indexOf(0xff, start); at >= 0 && at < end; at = file.indexOf(0xff, from)) {
    const next = file[at + 1] ?? 0;
    if (next === 0) {
      put(at + 1);
      from = at + 2;
      continue;
    }
    put(at);
    let marker = at + 1;
    // Fill bytes may stand before any marker (B.1.1.2).
    while (marker < end && file[marker] === 0xff) {
      marker += 1;
    }
    from = marker + 1;
    if (marker < end) {
      close(at);
      if (file[marker] !== 0xd0 + ((intervals.length - 1) & 7)) {
        throw damaged('jpeg/scan', at, `restart marker ${(intervals.length - 1) & 7} is missing`);
      }
      intervalStart = from;
      fromBit = written * 8;
    }
  }
  if (from < end) {
    put(end);
  }
  close(end);
  return { bytes: bytes.subarray(0, written + SLACK_BYTES), intervals };
};

/** Puts a zero after each 0xFF. */
export const stuffed = (bytes: Uint8Array): Uint8Array => {
  let count = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    count += 1;
  }
  const out = new Uint8Array(bytes.length + count);
  let [from, written] = [0, 0];
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, from)) {
    out.set(bytes.subarray(from, at + 1), written);
    written += at + 2 - from;
    from = at + 1;
  }
  out.set(bytes.subarray(from), written);
  return out;
};

/** Reads codes and numbers; `position` and `end` are places in bits. */
export class BitCursor {
  readonly view: DataView;
  position = 0;
  end = 0;

  constructor({ bytes }: ScanBits) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to an interval's first bit. */
  enter({ fromBit, toBit }: ScanInterval): void {
    this.position = fromBit;
    this.end = toBit;
  }

  /** @throws LabelError `FILE_DAMAGED` where more was read than there is. */
  assertInside(): void {
    if (this.position > this.end) {
      throw damaged('jpeg/scan', this.end >>> 3, 'the compressed picture ends too early');
    }
  }

  /** The next `count` bits, 0 to 16, as a number. */
  bits(count: number): number {
    const value = ((this.view.getUint32(this.position >>> 3) << (this.position & 7)) >>> 16) >>> (16 - count);
    this.position += count;
    this.assertInside();
    return value;
  }

  /** A number of `size` bits as F.2.2.1's EXTEND gives it. */
  signed(size: number): number {
    const value = this.bits(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  symbol(table: DecodingTable): number {
    const next = (this.view.getUint32(this.position >>> 3) << (this.position & 7)) >>> 16;
    const entry = table.lookahead[next >>> (16 - LOOKAHEAD_BITS)] ?? 0;
    if (entry !== 0) {
      this.position += entry >> 8;
      this.assertInside();
      return entry & 0xff;
    }
    return this.longSymbol(table, LOOKAHEAD_BITS + 1);
  }

  /** The next symbol, whose code has at least `shortest` bits. */
  longSymbol(table: DecodingTable, shortest: number): number {
    const next = (this.view.getUint32(this.position >>> 3) << (this.position & 7)) >>> 16;
    for (let length = shortest; length <= 16; length += 1) {
      const code = next >>> (16 - length);
      if (code <= (table.largest[length] ?? -1)) {
        this.position += length;
        this.assertInside();
        return table.symbols[code + (table.offset[length] ?? 0)] ?? 0;
      }
    }
    throw damaged('jpeg/scan', this.position >>> 3, 'a code is not in its Huffman table');
  }
}
