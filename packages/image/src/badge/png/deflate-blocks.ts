/** Where the blocks of a deflate stream begin, in its bits and in what they unpack to; nothing is unpacked (RFC 1951 §3.2). */
import { damaged } from '@aigc-label/core';

/** A block: the bit that it begins at, and how many bytes the blocks before it unpack to. */
export interface DeflateBlock {
  readonly bit: number;
  readonly out: number;
  readonly isStored: boolean;
}

/** The blocks of a stream, and the bit behind the last one. */
export interface DeflateBlocks {
  readonly blocks: readonly DeflateBlock[];
  readonly endBit: number;
}

/** The longest match refers back so far. */
export const WINDOW_BYTES = 32_768;

/** A zlib stream has two bytes before its blocks (RFC 1950 §2.2). */
export const ZLIB_HEADER_BITS = 16;

/** Codes up to this length are found by one look-up. */
const LOOKAHEAD_BITS = 10;
const LOOKAHEAD_MASK = (1 << LOOKAHEAD_BITS) - 1;

/**
 * Walks a stream that is known to be whole.
 * @param bytes with eight more behind the stream.
 * @throws LabelError `FILE_DAMAGED`.
 */
export const deflateBlocks = (bytes: Uint8Array, startBit: number): DeflateBlocks => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = (bytes.length - 8) * 8;
  const blocks: DeflateBlock[] = [];
  const cursor: Cursor = { view, bit: startBit, out: 0, end };
  for (;;) {
    const { bit, out } = cursor;
    const header = take(cursor, 3);
    const kind = header >> 1;
    blocks.push({ bit, out, isStored: kind === 0 });
    if (kind === 0) {
      cursor.bit = Math.ceil(cursor.bit / 8) * 8;
      const length = take(cursor, 16);
      take(cursor, 16);
      cursor.bit += length * 8;
      cursor.out += length;
    } else if (kind === 3) {
      throw damaged('png/IDAT', 0, 'a block of a kind that does not exist');
    } else {
      const [literals, distances] = kind === 1 ? FIXED : dynamicCodes(cursor);
      walkBlock(cursor, literals, distances);
    }
    assertInside(cursor);
    if ((header & 1) === 1) {
      return { blocks, endBit: cursor.bit };
    }
  }
};

interface Cursor {
  readonly view: DataView;
  bit: number;
  out: number;
  readonly end: number;
}

const assertInside = ({ bit, end }: Cursor): void => {
  if (bit > end) {
    throw damaged('png/IDAT', end >>> 3, 'the compressed picture ends too early');
  }
};

/** The next `count` bits, 0 to 16. */
const take = (cursor: Cursor, count: number): number => {
  assertInside(cursor);
  const value = (cursor.view.getUint32(cursor.bit >>> 3, true) >>> (cursor.bit & 7)) & ((1 << count) - 1);
  cursor.bit += count;
  return value;
};

/** A Huffman code. */
interface Code {
  /** Indexed by the next bits: symbol << 4 | length, or 0 where the code is longer. */
  readonly lookahead: Uint16Array;
  /** By length: how many codes, and the symbols in the order of their codes. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/** §3.2.2. */
const codeOf = (lengths: Uint8Array): Code => {
  const counts = new Uint16Array(16);
  for (const length of lengths) {
    counts[length] = (counts[length] ?? 0) + 1;
  }
  counts[0] = 0;
  const [next, place] = [new Uint16Array(17), new Uint16Array(17)];
  for (let length = 1; length <= 15; length += 1) {
    next[length + 1] = ((next[length] ?? 0) + (counts[length] ?? 0)) << 1;
    place[length + 1] = (place[length] ?? 0) + (counts[length] ?? 0);
  }
  const lookahead = new Uint16Array(1 << LOOKAHEAD_BITS);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) {
      continue;
    }
    const code = next[length] ?? 0;
    next[length] = code + 1;
    symbols[place[length] ?? 0] = symbol;
    place[length] = (place[length] ?? 0) + 1;
    if (length <= LOOKAHEAD_BITS) {
      for (let index = reversed(code, length); index < lookahead.length; index += 1 << length) {
        lookahead[index] = (symbol << 4) | length;
      }
    }
  }
  return { lookahead, counts, symbols };
};

const reversed = (code: number, length: number): number => {
  let out = 0;
  for (let bit = 0; bit < length; bit += 1) {
    out = (out << 1) | ((code >> bit) & 1);
  }
  return out;
};

const FIXED: readonly [Code, Code] = [
  codeOf(Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))),
  codeOf(new Uint8Array(30).fill(5)),
];

/** The order in which lengths of the code for code lengths are stored (§3.2.7). */
const LENGTH_ORDER: readonly number[] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const dynamicCodes = (cursor: Cursor): readonly [Code, Code] => {
  const literalCount = take(cursor, 5) + 257;
  const distanceCount = take(cursor, 5) + 1;
  const lengthCount = take(cursor, 4) + 4;
  const ownLengths = new Uint8Array(19);
  for (const symbol of LENGTH_ORDER.slice(0, lengthCount)) {
    ownLengths[symbol] = take(cursor, 3);
  }
  const code = codeOf(ownLengths);
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let at = 0; at < lengths.length; ) {
    const symbol = symbolOf(cursor, code);
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
    } else {
      const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const count = symbol === 16 ? take(cursor, 2) + 3 : symbol === 17 ? take(cursor, 3) + 3 : take(cursor, 7) + 11;
      lengths.fill(value, at, at + count);
      at += count;
    }
  }
  return [codeOf(lengths.subarray(0, literalCount)), codeOf(lengths.subarray(literalCount))];
};

const symbolOf = (cursor: Cursor, { lookahead, counts, symbols }: Code): number => {
  assertInside(cursor);
  const bits = cursor.view.getUint32(cursor.bit >>> 3, true) >>> (cursor.bit & 7);
  const entry = lookahead[bits & LOOKAHEAD_MASK] ?? 0;
  if (entry !== 0) {
    cursor.bit += entry & 15;
    return entry >> 4;
  }
  let [code, first, place] = [0, 0, 0];
  for (let length = 1; length <= 15; length += 1) {
    code |= (bits >> (length - 1)) & 1;
    const count = counts[length] ?? 0;
    if (code - first < count) {
      cursor.bit += length;
      return symbols[place + code - first] ?? 0;
    }
    place += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw damaged('png/IDAT', cursor.bit >>> 3, 'a code is not in its Huffman table');
};

// §3.2.5; the two symbols behind the last one do not occur.
const LENGTH_BASES = Uint16Array.of(
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  13,
  15,
  17,
  19,
  23,
  27,
  31,
  35,
  43,
  51,
  59,
  67,
  83,
  99,
  115,
  131,
  163,
  195,
  227,
  258,
  0,
  0,
);
const LENGTH_EXTRAS = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0, 0, 0);
const DISTANCE_EXTRAS = Uint8Array.from({ length: 32 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));

const walkBlock = (cursor: Cursor, literals: Code, distances: Code): void => {
  const { view, end } = cursor;
  const { lookahead } = literals;
  let { bit, out } = cursor;
  for (;;) {
    if (bit > end) {
      throw damaged('png/IDAT', end >>> 3, 'the compressed picture ends too early');
    }
    let bits = view.getUint32(bit >>> 3, true) >>> (bit & 7);
    let entry = lookahead[bits & LOOKAHEAD_MASK] ?? 0;
    // Literals mostly follow literals, and 25 bits hold two of any length that is looked up.
    if (entry !== 0 && entry < 4096) {
      bit += entry & 15;
      out += 1;
      bits >>>= entry & 15;
      entry = lookahead[bits & LOOKAHEAD_MASK] ?? 0;
      if (entry !== 0 && entry < 4096) {
        bit += entry & 15;
        out += 1;
        continue;
      }
      bits = view.getUint32(bit >>> 3, true) >>> (bit & 7);
    }
    let symbol = entry >> 4;
    if (entry === 0) {
      cursor.bit = bit;
      symbol = symbolOf(cursor, literals);
      ({ bit } = cursor);
      if (symbol < 256) {
        out += 1;
        continue;
      }
      bits = view.getUint32(bit >>> 3, true) >>> (bit & 7);
    } else {
      bit += entry & 15;
      bits >>>= entry & 15;
    }
    if (symbol === 256) {
      break;
    }
    const extra = LENGTH_EXTRAS[symbol - 257] ?? 0;
    out += (LENGTH_BASES[symbol - 257] ?? 0) + (bits & ((1 << extra) - 1));
    cursor.bit = bit + extra;
    const distance = symbolOf(cursor, distances);
    bit = cursor.bit + (DISTANCE_EXTRAS[distance] ?? 0);
  }
  cursor.bit = bit;
  cursor.out = out;
};
