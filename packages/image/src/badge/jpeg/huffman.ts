/** Huffman tables of ITU-T T.81: reading a DHT (Annex C, F.2.2.3) and making the best one for given counts (Annex K.2). */
import { damaged } from '@aigc-label/core';

/** Bits that one look-up resolves; almost every code of a photo is shorter. */
export const LOOKAHEAD_BITS = 12;

/** A table ready for decoding. */
export interface DecodingTable {
  /** Indexed by the next `LOOKAHEAD_BITS` bits: code length << 8 | symbol, or 0 where the code is longer. */
  readonly lookahead: Uint16Array;
  /** By code length: the largest code, or -1. */
  readonly largest: Int32Array;
  /** By code length: what to add to a code to get its place among the symbols. */
  readonly offset: Int32Array;
  /** As the DHT stores it: codes of each length from 1 to 16 … */
  readonly counts: Uint8Array;
  /** … and the symbols in the order of their codes. */
  readonly symbols: Uint8Array;
}

/** A table ready for encoding, and as the DHT stores it. */
export interface EncodingTable {
  /** Codes of each length from 1 to 16. */
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
  /** By symbol. */
  readonly codes: Uint16Array;
  /** By symbol; 0 where the symbol has no code. */
  readonly lengths: Uint8Array;
}

/** Builds a decoder from a DHT's counts (lengths 1 to 16) and symbols. @throws LabelError `FILE_DAMAGED` for more codes than a length has room for. */
export const decodingTable = (counts: Uint8Array, symbols: Uint8Array, offsetInFile: number): DecodingTable => {
  const lookahead = new Uint16Array(1 << LOOKAHEAD_BITS);
  const largest = new Int32Array(18).fill(-1);
  const offset = new Int32Array(18);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] ?? 0;
    if (code + count > 1 << length) {
      throw damaged('jpeg/DHT', offsetInFile, `more codes of ${length} bits than there can be`);
    }
    offset[length] = place - code;
    for (let index = 0; index < count; index += 1, code += 1, place += 1) {
      if (length <= LOOKAHEAD_BITS) {
        const first = code << (LOOKAHEAD_BITS - length);
        lookahead.fill((length << 8) | (symbols[place] ?? 0), first, first + (1 << (LOOKAHEAD_BITS - length)));
      }
    }
    largest[length] = count > 0 ? code - 1 : -1;
    code <<= 1;
  }
  return { lookahead, largest, offset, counts: counts.slice(), symbols };
};

/** The codes of a table as a DHT stores it. */
export const encodingTable = (counts: Uint8Array, symbols: Uint8Array): EncodingTable => {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= 16; length += 1, code <<= 1) {
    for (let index = 0; index < (counts[length - 1] ?? 0); index += 1, code += 1, place += 1) {
      const symbol = symbols[place] ?? 0;
      // A symbol that is listed twice keeps its shorter code.
      if (lengths[symbol] === 0) {
        codes[symbol] = code;
        lengths[symbol] = length;
      }
    }
  }
  return { counts, symbols, codes, lengths };
};

/** The shortest code for these counts, none longer than 16 bits and none of ones only (K.2). `counts` has 256 entries. */
export const optimalTable = (counts: Uint32Array): EncodingTable => {
  const lengths = codeLengths(counts);
  const perLength = new Uint8Array(16);
  const symbols: number[] = [];
  const codes = new Uint16Array(256);
  const symbolLengths = new Uint8Array(256);
  let code = 0;
  // Symbols of equal length may stand in any order; lengths only have to fit the counts after they were limited.
  const ordered = Array.from({ length: 256 }, (_, symbol) => symbol)
    .filter((symbol) => (counts[symbol] ?? 0) > 0)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  let next = 0;
  for (let length = 1; length <= 16; length += 1) {
    for (let index = 0; index < (lengths[length] ?? 0); index += 1, code += 1, next += 1) {
      const symbol = ordered[next];
      if (symbol === undefined) {
        break;
      }
      symbols.push(symbol);
      codes[symbol] = code;
      symbolLengths[symbol] = length;
      perLength[length - 1] = (perLength[length - 1] ?? 0) + 1;
    }
    code <<= 1;
  }
  return { counts: perLength, symbols: Uint8Array.from(symbols), codes, lengths: symbolLengths };
};

/** How many symbols get a code of each length, index 1 to 16. One more symbol is counted in, so that the code of ones only stays unused, and taken out again. */
const codeLengths = (counts: Uint32Array): readonly number[] => {
  let nodes: { weight: number; leaves: { depth: number }[] }[] = [{ weight: 1, leaves: [{ depth: 0 }] }];
  for (const weight of counts) {
    if (weight > 0) {
      nodes.push({ weight, leaves: [{ depth: 0 }] });
    }
  }
  while (nodes.length > 1) {
    nodes = nodes.sort((a, b) => b.weight - a.weight);
    const smallest = nodes.pop();
    const second = nodes.pop();
    if (smallest === undefined || second === undefined) {
      break;
    }
    const leaves = [...smallest.leaves, ...second.leaves];
    for (const leaf of leaves) {
      leaf.depth += 1;
    }
    nodes.push({ weight: smallest.weight + second.weight, leaves });
  }
  const perLength = new Array<number>(258).fill(0);
  for (const { depth } of nodes[0]?.leaves ?? []) {
    perLength[depth] = (perLength[depth] ?? 0) + 1;
  }
  limitTo16(perLength);
  // The extra symbol has one of the longest codes.
  for (let length = 16; length > 0; length -= 1) {
    if ((perLength[length] ?? 0) > 0) {
      perLength[length] = (perLength[length] ?? 0) - 1;
      break;
    }
  }
  return perLength;
};

/** K.2, figure K.3: a pair of too long codes becomes one of the length above, and a shorter code is split to make room for the other. */
const limitTo16 = (perLength: number[]): void => {
  for (let length = perLength.length - 1; length > 16; length -= 1) {
    while ((perLength[length] ?? 0) > 0) {
      let shorter = length - 2;
      while ((perLength[shorter] ?? 0) === 0) {
        shorter -= 1;
      }
      perLength[length] = (perLength[length] ?? 0) - 2;
      perLength[length - 1] = (perLength[length - 1] ?? 0) + 1;
      perLength[shorter + 1] = (perLength[shorter + 1] ?? 0) + 2;
      perLength[shorter] = (perLength[shorter] ?? 0) - 1;
    }
  }
};
