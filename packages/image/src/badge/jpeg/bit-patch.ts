/** Bits put in the place of others inside a scan, everything else moved along as it is. */
import { type ScanBits, type ScanInterval, stuffed } from './bit-cursor.ts';
import type { EncodingTable } from './huffman.ts';
import type { CodeSink } from './write-scan.ts';

/** New bits, `insertFrom` to `insertTo` of a `BitString`, for the bits `from` to `to` of a scan. */
export interface BitPatch {
  readonly interval: number;
  readonly from: number;
  readonly to: number;
  readonly insertFrom: number;
  readonly insertTo: number;
}

/** Bits that grow at their end. */
export class BitString {
  bytes: Uint8Array;
  /** In bits. */
  length = 0;

  constructor(expectedBytes: number) {
    this.bytes = new Uint8Array(expectedBytes + 16);
  }

  /** Appends the lowest `count` bits of `value`, 0 to 16. */
  bits(value: number, count: number): void {
    this.#reserve(8);
    for (let left = count; left > 0; ) {
      const room = 8 - (this.length & 7);
      const taken = Math.min(room, left);
      const piece = (value >>> (left - taken)) & ((1 << taken) - 1);
      this.bytes[this.length >>> 3] = (this.bytes[this.length >>> 3] ?? 0) | (piece << (room - taken));
      this.length += taken;
      left -= taken;
    }
  }

  /** Appends the bits `from` to `to` of `source`, which has four bytes behind them. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.#reserve(((to - from) >>> 3) + 16);
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    const take = (at: number, count: number): void => {
      this.bits((((view.getUint16(at >>> 3) << 8) | view.getUint8((at >>> 3) + 2)) >>> (24 - (at & 7) - count)) & 0xffff, count);
    };
    const head = Math.min((8 - (this.length & 7)) & 7, to - from);
    take(from, head);
    let at = from + head;
    const wholeBytes = (to - at) >>> 3;
    const start = this.length >>> 3;
    const shift = at & 7;
    if (shift === 0) {
      this.bytes.set(source.subarray(at >>> 3, (at >>> 3) + wholeBytes), start);
    } else {
      this.#copyShifted(view, at >>> 3, shift, start, wholeBytes);
    }
    at += wholeBytes * 8;
    this.length += wholeBytes * 8;
    take(at, to - at);
  }

  #copyShifted(view: DataView, from: number, shift: number, start: number, count: number): void {
    const out = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    let done = 0;
    for (; done + 4 <= count; done += 4) {
      out.setUint32(start + done, (view.getUint32(from + done) << shift) | (view.getUint8(from + done + 4) >>> (8 - shift)));
    }
    for (; done < count; done += 1) {
      out.setUint8(start + done, (view.getUint16(from + done) >>> (8 - shift)) & 0xff);
    }
  }

  #reserve(bytes: number): void {
    const needed = (this.length >>> 3) + bytes + 1;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
      larger.set(this.bytes);
      this.bytes = larger;
    }
  }
}

/** Writes codes to bits. */
export class CodeWriter implements CodeSink {
  readonly #tables: readonly (EncodingTable | undefined)[];
  readonly written: BitString = new BitString(4096);

  constructor(tables: readonly (EncodingTable | undefined)[]) {
    this.#tables = tables;
  }

  symbol(table: number, symbol: number): void {
    const coding = this.#tables[table];
    this.written.bits(coding?.codes[symbol] ?? 0, coding?.lengths[symbol] ?? 0);
  }

  bits(value: number, count: number): void {
    this.written.bits(value, count);
  }
}

/** An interval's bytes with its patches, which are in order and do not overlap; zeros stuffed, the last byte filled with ones (F.1.2.3). */
export const patchedInterval = (
  { bytes }: ScanBits,
  { fromBit }: ScanInterval,
  endBit: number,
  patches: readonly BitPatch[],
  inserted: BitString,
): Uint8Array => {
  const out = new BitString(((endBit - fromBit) >>> 3) + (inserted.length >>> 3) + 16);
  let position = fromBit;
  for (const { from, to, insertFrom, insertTo } of patches) {
    out.copy(bytes, position, from);
    out.copy(inserted.bytes, insertFrom, insertTo);
    position = to;
  }
  out.copy(bytes, position, endBit);
  out.bits(0x7f, (8 - (out.length & 7)) & 7);
  return stuffed(out.bytes.subarray(0, out.length >>> 3));
};
