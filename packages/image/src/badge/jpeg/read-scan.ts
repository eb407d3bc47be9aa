/** Huffman decoding of one scan into coefficients, sequential and progressive (ITU-T T.81 F.2 and G.2). */
import { damaged } from '@aigc-label/core';
import { type DecodingTable, LOOKAHEAD_BITS } from './huffman.ts';
import type { JpegComponent, JpegFrame, JpegScan } from './jpeg-frame.ts';

/** Bits of one scan, zeros stuffed after 0xFF taken out. */
class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position: number;
  #bits = 0;
  #count = 0;
  /** Zero bits made up after the last real one, to let look-ahead run past the end; using one of them is damage. */
  #padding = 0;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#position = start;
    this.#end = end;
  }

  #fill(): void {
    while (this.#count <= 24) {
      let byte = 0;
      const next = this.#bytes[this.#position] ?? 0;
      if (this.#position >= this.#end || (next === 0xff && this.#bytes[this.#position + 1] !== 0)) {
        this.#padding += 8;
      } else {
        byte = next;
        this.#position += next === 0xff ? 2 : 1;
      }
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#count -= count;
    if (this.#count < this.#padding) {
      throw damaged('jpeg/scan', this.#position, 'the compressed picture ends too early');
    }
  }

  /** The next `count` bits, 0 to 16, as a number. */
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

  /** A number of `size` bits as F.2.2.1's EXTEND gives it. */
  signed(size: number): number {
    const value = this.bits(size);
    return size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  symbol(table: DecodingTable): number {
    if (this.#count < 16) {
      this.#fill();
    }
    const entry = table.lookahead[(this.#bits >>> (this.#count - LOOKAHEAD_BITS)) & ((1 << LOOKAHEAD_BITS) - 1)] ?? 0;
    if (entry !== 0) {
      this.#drop(entry >> 8);
      return entry & 0xff;
    }
    for (let length = LOOKAHEAD_BITS + 1; length <= 16; length += 1) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= (table.largest[length] ?? -1)) {
        this.#drop(length);
        return table.symbols[code + (table.offset[length] ?? 0)] ?? 0;
      }
    }
    throw damaged('jpeg/scan', this.#position, 'a code is not in its Huffman table');
  }

  /** Steps over a restart marker. */
  restart(index: number): void {
    this.#bits = 0;
    this.#count = 0;
    this.#padding = 0;
    // Fill bytes may stand before any marker (B.1.1.2).
    while (this.#position + 1 < this.#end && this.#bytes[this.#position] === 0xff && this.#bytes[this.#position + 1] === 0xff) {
      this.#position += 1;
    }
    if (this.#bytes[this.#position] !== 0xff || this.#bytes[this.#position + 1] !== 0xd0 + (index & 7)) {
      throw damaged('jpeg/scan', this.#position, `restart marker ${index & 7} is missing`);
    }
    this.#position += 2;
  }
}

/** Decodes a scan into the coefficients of its components. @throws LabelError `FILE_DAMAGED`. */
export const readScan = (bytes: Uint8Array, frame: JpegFrame, scan: JpegScan): void => {
  const reader = new BitReader(bytes, scan.entropyStart, scan.entropyEnd);
  const predictions = new Int32Array(scan.components.length);
  const state: ProgressiveState = { endOfBandRun: 0 };
  const decode = blockDecoder(reader, frame, scan, predictions, state);
  forEachBlock(frame, scan, decode, (index) => {
    reader.restart(index);
    predictions.fill(0);
    state.endOfBandRun = 0;
  });
};

/** Calls back for every block of a scan in coding order, and between restart intervals (A.2). */
export const forEachBlock = (
  frame: JpegFrame,
  scan: JpegScan,
  block: (component: JpegComponent, at: number, index: number) => void,
  restart: (index: number) => void,
): void => {
  const [only] = scan.components;
  const isAlone = scan.components.length === 1 && only !== undefined;
  const across = isAlone ? only.component.blocksAcross : frame.mcusAcross;
  const total = across * (isAlone ? only.component.blocksDown : frame.mcusDown);
  for (let unit = 0; unit < total; unit += 1) {
    if (scan.restartInterval > 0 && unit > 0 && unit % scan.restartInterval === 0) {
      restart(unit / scan.restartInterval - 1);
    }
    const column = unit % across;
    const row = (unit - column) / across;
    if (isAlone) {
      block(only.component, (row * only.component.stride + column) * 64, 0);
      continue;
    }
    for (let index = 0; index < scan.components.length; index += 1) {
      const component = scan.components[index]?.component;
      if (component === undefined) {
        continue;
      }
      for (let y = 0; y < component.down; y += 1) {
        for (let x = 0; x < component.across; x += 1) {
          block(component, ((row * component.down + y) * component.stride + column * component.across + x) * 64, index);
        }
      }
    }
  }
};

interface ProgressiveState {
  endOfBandRun: number;
}

type BlockDecoder = (component: JpegComponent, at: number, index: number) => void;

const blockDecoder = (reader: BitReader, frame: JpegFrame, scan: JpegScan, predictions: Int32Array, state: ProgressiveState): BlockDecoder => {
  const tables = (kind: 'dc' | 'ac'): readonly DecodingTable[] =>
    scan.components.map(({ dcId, acId }) => {
      const table = kind === 'dc' ? scan.dcTables[dcId] : scan.acTables[acId];
      if (table === undefined) {
        throw damaged('jpeg/SOS', scan.entropyStart, 'a scan uses a Huffman table that is not in the file');
      }
      return table;
    });
  const low = scan.approximationLow;
  if (!frame.isProgressive) {
    const dc = tables('dc');
    const ac = tables('ac');
    return ({ coefficients }, at, index) => {
      coefficients[at] = predict(reader, dc[index], predictions, index);
      readSequentialAc(reader, ac[index], coefficients, at);
    };
  }
  if (scan.spectralStart === 0) {
    if (scan.approximationHigh > 0) {
      return ({ coefficients }, at) => {
        coefficients[at] = (coefficients[at] ?? 0) | (reader.bits(1) << low);
      };
    }
    const dc = tables('dc');
    return ({ coefficients }, at, index) => {
      coefficients[at] = predict(reader, dc[index], predictions, index) << low;
    };
  }
  const [ac] = tables('ac');
  if (ac === undefined) {
    throw damaged('jpeg/SOS', scan.entropyStart, 'a scan has no component');
  }
  return scan.approximationHigh === 0
    ? ({ coefficients }, at) => readFirstAc(reader, ac, coefficients, at, scan, state)
    : ({ coefficients }, at) => refineAc(reader, ac, coefficients, at, scan, state);
};

const predict = (reader: BitReader, table: DecodingTable | undefined, predictions: Int32Array, index: number): number => {
  const size = table === undefined ? 0 : reader.symbol(table);
  if (size > 15) {
    throw damaged('jpeg/scan', 0, `a DC difference of ${size} bits`);
  }
  const value = (predictions[index] ?? 0) + reader.signed(size);
  predictions[index] = value;
  return value;
};

const readSequentialAc = (reader: BitReader, table: DecodingTable | undefined, coefficients: Int16Array, at: number): void => {
  if (table === undefined) {
    return;
  }
  for (let k = 1; k < 64; k += 1) {
    const symbol = reader.symbol(table);
    const size = symbol & 15;
    if (size === 0) {
      if (symbol !== 0xf0) {
        return;
      }
      k += 15;
      continue;
    }
    k += symbol >> 4;
    const value = reader.signed(size);
    if (k > 63) {
      throw damaged('jpeg/scan', 0, 'a block has more than 64 coefficients');
    }
    coefficients[at + k] = value;
  }
};

/** G.1.2.2. */
const readFirstAc = (
  reader: BitReader,
  table: DecodingTable,
  coefficients: Int16Array,
  at: number,
  scan: JpegScan,
  state: ProgressiveState,
): void => {
  if (state.endOfBandRun > 0) {
    state.endOfBandRun -= 1;
    return;
  }
  for (let k = scan.spectralStart; k <= scan.spectralEnd; k += 1) {
    const symbol = reader.symbol(table);
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0) {
      if (run < 15) {
        state.endOfBandRun = (1 << run) + reader.bits(run) - 1;
        return;
      }
      k += 15;
      continue;
    }
    k += run;
    const value = reader.signed(size) * (1 << scan.approximationLow);
    if (k > 63) {
      throw damaged('jpeg/scan', 0, 'a block has more than 64 coefficients');
    }
    coefficients[at + k] = value;
  }
};

/** G.1.2.3. */
const refineAc = (reader: BitReader, table: DecodingTable, coefficients: Int16Array, at: number, scan: JpegScan, state: ProgressiveState): void => {
  const step = 1 << scan.approximationLow;
  const correct = (k: number): void => {
    const value = coefficients[at + k] ?? 0;
    if (reader.bits(1) === 1 && (value & step) === 0) {
      coefficients[at + k] = value + (value > 0 ? step : -step);
    }
  };
  let k = scan.spectralStart;
  if (state.endOfBandRun === 0) {
    for (; k <= scan.spectralEnd; k += 1) {
      const symbol = reader.symbol(table);
      let run = symbol >> 4;
      let placed = 0;
      if ((symbol & 15) === 0) {
        if (run < 15) {
          state.endOfBandRun = (1 << run) + reader.bits(run);
          break;
        }
      } else {
        placed = reader.bits(1) === 1 ? step : -step;
      }
      for (; k <= scan.spectralEnd; k += 1) {
        if ((coefficients[at + k] ?? 0) !== 0) {
          correct(k);
        } else if (run === 0) {
          break;
        } else {
          run -= 1;
        }
      }
      if (placed !== 0) {
        if (k > scan.spectralEnd) {
          throw damaged('jpeg/scan', 0, 'a block has more coefficients than its band');
        }
        coefficients[at + k] = placed;
      }
    }
  }
  if (state.endOfBandRun > 0) {
    for (; k <= scan.spectralEnd; k += 1) {
      if ((coefficients[at + k] ?? 0) !== 0) {
        correct(k);
      }
    }
    state.endOfBandRun -= 1;
  }
};
