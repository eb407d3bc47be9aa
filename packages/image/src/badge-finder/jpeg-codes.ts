/** Huffman codes of a JPEG and the bits of one scan (ITU-T T.81 Annex C, F.2.2). */
import { damaged } from '@aigc-label/core';

const LOOKAHEAD = 10;

/** A Huffman table ready for decoding. */
export interface Codes {
  /** By the next ten bits: length << 8 | symbol; 0 where the code is longer. */
  readonly lookahead: Uint16Array;
  /** By length: the largest code, -1 for none, and what leads from a code to its symbol. */
  readonly largest: Int32Array;
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/** @throws LabelError `FILE_DAMAGED` for more codes than a length has room for. */
export const codesOf = (counts: Uint8Array, symbols: Uint8Array, offsetInFile: number): Codes => {
  const lookahead = new Uint16Array(1 << LOOKAHEAD);
  const largest = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let [code, place] = [0, 0];
  for (let length = 1; length <= 16; length += 1, code <<= 1) {
    const count = counts[length - 1] ?? 0;
    if (code + count > 1 << length) {
      throw damaged('jpeg/DHT', offsetInFile, `more codes of ${length} bits than there can be`);
    }
    offset[length] = place - code;
    for (let index = 0; index < count; index += 1, code += 1, place += 1) {
      largest[length] = code;
      if (length <= LOOKAHEAD) {
        const first = code << (LOOKAHEAD - length);
        lookahead.fill((length << 8) | (symbols[place] ?? 0), first, first + (1 << (LOOKAHEAD - length)));
      }
    }
  }
  return { lookahead, largest, offset, symbols: symbols.slice() };
};

/** Reads a scan's bits; zeros stuffed after 0xFF are left out. */
export class ScanBits {
  readonly #bytes: Uint8Array;
  #position: number;
  #bits = 0;
  #count = 0;
  /** Zeros made up after the last real bit: using one of them is damage. */
  #madeUp = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#position = start;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 24) {
      const next = bytes[this.#position] ?? 0xff;
      if (next === 0xff) {
        if (bytes[this.#position + 1] === 0) {
          this.#position += 2;
          this.#bits = (this.#bits << 8) | 0xff;
        } else {
          this.#madeUp += 8;
          this.#bits <<= 8;
        }
      } else {
        this.#position += 1;
        this.#bits = (this.#bits << 8) | next;
      }
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#count -= count;
    if (this.#count < this.#madeUp) {
      throw damaged('jpeg/scan', this.#position, 'the compressed picture ends too early');
    }
  }

  /** The next 0 to 16 bits. */
  bits(count: number): number {
    if (count === 0) {
      return 0;
    }
    if (this.#count < count) {
      this.#fill();
    }
    const value = (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  /** A number of `size` bits (F.2.2.1). */
  signed(size: number): number {
    const value = this.bits(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  symbol(codes: Codes): number {
    if (this.#count < 16) {
      this.#fill();
    }
    const entry = codes.lookahead[(this.#bits >>> (this.#count - LOOKAHEAD)) & ((1 << LOOKAHEAD) - 1)] ?? 0;
    if (entry !== 0) {
      this.#drop(entry >> 8);
      return entry & 0xff;
    }
    for (let length = LOOKAHEAD + 1; length <= 16; length += 1) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= (codes.largest[length] ?? -1)) {
        this.#drop(length);
        return codes.symbols[code + (codes.offset[length] ?? 0)] ?? 0;
      }
    }
    throw damaged('jpeg/scan', this.#position, 'a code is not in its Huffman table');
  }

  /** Steps over a restart marker and the fill bytes before it. */
  restart(index: number): void {
    [this.#bits, this.#count, this.#madeUp] = [0, 0, 0];
    while (this.#bytes[this.#position] === 0xff && this.#bytes[this.#position + 1] === 0xff) {
      this.#position += 1;
    }
    if (this.#bytes[this.#position] !== 0xff || this.#bytes[this.#position + 1] !== 0xd0 + (index & 7)) {
      throw damaged('jpeg/scan', this.#position, `restart marker ${index & 7} is missing`);
    }
    this.#position += 2;
  }
}
