/** Huffman decoding of one scan into coefficients, sequential and progressive (ITU-T T.81 F.2 and G.2). */
import { damaged } from '@aigc-label/core';
import { BitCursor, scanBits } from './bit-cursor.ts';
import type { DecodingTable } from './huffman.ts';
import type { JpegComponent, JpegFrame, JpegScan } from './jpeg-frame.ts';

/** Decodes a scan into the coefficients of its components. @throws LabelError `FILE_DAMAGED`. */
export const readScan = (bytes: Uint8Array, frame: JpegFrame, scan: JpegScan): void => {
  const bits = scanBits(bytes, scan.entropyStart, scan.entropyEnd);
  const cursor = new BitCursor(bits);
  const predictions = new Int32Array(scan.components.length);
  const run: EndOfBandRun = { left: 0, from: 0, to: 0 };
  const decode = blockDecoder(cursor, frame, scan, predictions, run);
  const enter = (index: number): void => {
    const interval = bits.intervals[index];
    if (interval === undefined) {
      throw damaged('jpeg/scan', scan.entropyEnd, `restart marker ${(index - 1) & 7} is missing`);
    }
    cursor.enter(interval);
  };
  enter(0);
  forEachBlock(
    frame,
    scan,
    ({ coefficients }, at, index) => decode(coefficients, at, index),
    (index) => {
      enter(index + 1);
      predictions.fill(0);
      run.left = 0;
    },
  );
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

/** Blocks that have nothing more in this band (G.1.2.2), and where in the bits the code stands that says so. */
export interface EndOfBandRun {
  left: number;
  from: number;
  to: number;
}

/** The tables of a scan's components, in their order. @throws LabelError `FILE_DAMAGED` for one that the file does not have. */
export const tablesOf = (scan: JpegScan, kind: 'dc' | 'ac'): readonly DecodingTable[] =>
  scan.components.map(({ dcId, acId }) => {
    const table = kind === 'dc' ? scan.dcTables[dcId] : scan.acTables[acId];
    if (table === undefined) {
      throw damaged('jpeg/SOS', scan.entropyStart, 'a scan uses a Huffman table that is not in the file');
    }
    return table;
  });

/** Decodes one block of a scan's component `index`, in the scan's order. */
export type BlockDecoder = (coefficients: Int16Array, at: number, index: number) => void;

/** What decodes the blocks of this scan; `predictions` and `run` are its state. */
export const blockDecoder = (reader: BitCursor, frame: JpegFrame, scan: JpegScan, predictions: Int32Array, run: EndOfBandRun): BlockDecoder => {
  const low = scan.approximationLow;
  if (!frame.isProgressive) {
    const dc = tablesOf(scan, 'dc');
    const ac = tablesOf(scan, 'ac');
    return (coefficients, at, index) => {
      coefficients[at] = predict(reader, dc[index], predictions, index);
      readSequentialAc(reader, ac[index], coefficients, at);
    };
  }
  if (scan.spectralStart === 0) {
    if (scan.approximationHigh > 0) {
      return (coefficients, at) => {
        coefficients[at] = (coefficients[at] ?? 0) | (reader.bits(1) << low);
      };
    }
    const dc = tablesOf(scan, 'dc');
    return (coefficients, at, index) => {
      coefficients[at] = predict(reader, dc[index], predictions, index) << low;
    };
  }
  const [ac] = tablesOf(scan, 'ac');
  if (ac === undefined) {
    throw damaged('jpeg/SOS', scan.entropyStart, 'a scan has no component');
  }
  return scan.approximationHigh === 0
    ? (coefficients, at) => readFirstAc(reader, ac, coefficients, at, scan, run)
    : (coefficients, at) => refineAc(reader, ac, coefficients, at, scan, run);
};

/** The DC of one block: what was predicted, and the difference that is coded (F.2.2.1). */
export const predict = (reader: BitCursor, table: DecodingTable | undefined, predictions: Int32Array, index: number): number =>
  addDifference(reader, table === undefined ? 0 : reader.symbol(table), predictions, index);

/** The same, where the code was read before. */
export const addDifference = (reader: BitCursor, size: number, predictions: Int32Array, index: number): number => {
  if (size > 15) {
    throw damaged('jpeg/scan', reader.position >>> 3, `a DC difference of ${size} bits`);
  }
  const value = (predictions[index] ?? 0) + reader.signed(size);
  predictions[index] = value;
  return value;
};

/** The AC coefficients of one block of a sequential scan (F.2.2.2). */
export const readSequentialAc = (reader: BitCursor, table: DecodingTable | undefined, coefficients: Int16Array, at: number): void => {
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
const readFirstAc = (reader: BitCursor, table: DecodingTable, coefficients: Int16Array, at: number, scan: JpegScan, state: EndOfBandRun): void => {
  if (state.left > 0) {
    state.left -= 1;
    return;
  }
  for (let k = scan.spectralStart; k <= scan.spectralEnd; k += 1) {
    const from = reader.position;
    const symbol = reader.symbol(table);
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0) {
      if (run < 15) {
        state.left = (1 << run) + reader.bits(run) - 1;
        state.from = from;
        state.to = reader.position;
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
const refineAc = (reader: BitCursor, table: DecodingTable, coefficients: Int16Array, at: number, scan: JpegScan, state: EndOfBandRun): void => {
  const step = 1 << scan.approximationLow;
  const correct = (k: number): void => {
    const value = coefficients[at + k] ?? 0;
    if (reader.bits(1) === 1 && (value & step) === 0) {
      coefficients[at + k] = value + (value > 0 ? step : -step);
    }
  };
  let k = scan.spectralStart;
  if (state.left === 0) {
    for (; k <= scan.spectralEnd; k += 1) {
      const from = reader.position;
      const symbol = reader.symbol(table);
      let run = symbol >> 4;
      let placed = 0;
      if ((symbol & 15) === 0) {
        if (run < 15) {
          state.left = (1 << run) + reader.bits(run);
          state.from = from;
          state.to = reader.position;
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
  if (state.left > 0) {
    for (; k <= scan.spectralEnd; k += 1) {
      if ((coefficients[at + k] ?? 0) !== 0) {
        correct(k);
      }
    }
    state.left -= 1;
  }
};
