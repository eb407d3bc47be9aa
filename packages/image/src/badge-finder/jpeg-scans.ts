/** Scans decoded to the coefficients of one component; the others are stepped over (ITU-T T.81 F.2, G.2). */
import { damaged } from '@aigc-label/core';
import { type Codes, ScanBits } from './jpeg-codes.ts';
import type { LumaPlane, Scan } from './jpeg-layout.ts';

type Component = Scan['components'][number];
type OnBlock = (component: Component, place: number, column: number, row: number) => void;

/** Goes over the blocks of a scan in coding order (A.2), and over restarts. */
const forEachBlock = (scan: Scan, luma: number, plane: LumaPlane, onBlock: OnBlock, onRestart: (index: number) => void): void => {
  const [only] = scan.components;
  const isAlone = scan.components.length === 1 && only !== undefined && only.index === luma;
  const across = isAlone ? plane.blocksAcross : scan.unitsAcross;
  const total = across * (isAlone ? plane.blocksDown : scan.unitsDown);
  for (let unit = 0, column = 0, row = 0; unit < total; unit += 1) {
    if (scan.restartInterval > 0 && unit > 0 && unit % scan.restartInterval === 0) {
      onRestart(unit / scan.restartInterval - 1);
    }
    if (isAlone) {
      onBlock(only, 0, column, row);
    } else {
      for (let place = 0; place < scan.components.length; place += 1) {
        const component = scan.components[place];
        for (let y = 0; component !== undefined && y < component.down; y += 1) {
          for (let x = 0; x < component.across; x += 1) {
            onBlock(component, place, column * component.across + x, row * component.down + y);
          }
        }
      }
    }
    column += 1;
    if (column === across) {
      [column, row] = [0, row + 1];
    }
  }
};

const needed = (codes: Codes | undefined, at: number): Codes => {
  if (codes === undefined) {
    throw damaged('jpeg/SOS', at, 'a scan uses a Huffman table that is not in the file');
  }
  return codes;
};

/** A sequential scan; each block of brightness is handed on as soon as it is read. */
export const readSequential = (
  bytes: Uint8Array,
  scan: Scan,
  luma: number,
  plane: LumaPlane,
  write: (column: number, row: number, coefficients: Int16Array, at: number) => void,
): void => {
  const bits = new ScanBits(bytes, scan.start);
  const predictions = new Int32Array(scan.components.length);
  const block = new Int16Array(64);
  const codes = scan.components.map(({ dc, ac }) => ({ dc: needed(dc, scan.start), ac: needed(ac, scan.start) }));
  forEachBlock(
    scan,
    luma,
    plane,
    (component, place, column, row) => {
      const tables = codes[place];
      if (tables === undefined) {
        return;
      }
      const isLuma = component.index === luma;
      predictions[place] = (predictions[place] ?? 0) + difference(bits, tables.dc);
      if (isLuma) {
        block.fill(0);
        block[0] = predictions[place] ?? 0;
      }
      for (let k = 1; k < 64; k += 1) {
        const symbol = bits.symbol(tables.ac);
        const size = symbol & 15;
        if (size === 0) {
          if (symbol !== 0xf0) {
            break;
          }
          k += 15;
          continue;
        }
        k += symbol >> 4;
        const value = bits.signed(size);
        if (k > 63) {
          throw damaged('jpeg/scan', scan.start, 'a block has more than 64 coefficients');
        }
        if (isLuma) {
          block[k] = value;
        }
      }
      if (isLuma && column < plane.blocksAcross && row < plane.blocksDown) {
        write(column, row, block, 0);
      }
    },
    (index) => {
      bits.restart(index);
      predictions.fill(0);
    },
  );
};

const difference = (bits: ScanBits, codes: Codes): number => {
  const size = bits.symbol(codes);
  if (size > 15) {
    throw damaged('jpeg/scan', 0, `a DC difference of ${size} bits`);
  }
  return bits.signed(size);
};

/** One scan of a progressive picture into the coefficients of brightness, 64 a block in zigzag order. */
export const readProgressive = (bytes: Uint8Array, scan: Scan, luma: number, plane: LumaPlane, coefficients: Int16Array): void => {
  const bits = new ScanBits(bytes, scan.start);
  const predictions = new Int32Array(scan.components.length);
  const run = { blocks: 0 };
  const isDc = scan.first === 0;
  const dc = scan.components.map((component) => (isDc && scan.high === 0 ? needed(component.dc, scan.start) : undefined));
  const ac = isDc ? undefined : needed(scan.components[0]?.ac, scan.start);
  forEachBlock(
    scan,
    luma,
    plane,
    (component, place, column, row) => {
      const at = (row * plane.stride + column) * 64;
      const isLuma = component.index === luma;
      const codes = dc[place];
      if (ac !== undefined) {
        if (scan.high === 0) {
          readBand(bits, ac, coefficients, at, scan, run);
        } else {
          refineBand(bits, ac, coefficients, at, scan, run);
        }
      } else if (codes !== undefined) {
        predictions[place] = (predictions[place] ?? 0) + difference(bits, codes);
        if (isLuma) {
          coefficients[at] = (predictions[place] ?? 0) << scan.low;
        }
      } else {
        const bit = bits.bits(1);
        if (isLuma) {
          coefficients[at] = (coefficients[at] ?? 0) | (bit << scan.low);
        }
      }
    },
    (index) => {
      bits.restart(index);
      predictions.fill(0);
      run.blocks = 0;
    },
  );
};

/** Blocks that have no more coefficients in this scan (G.1.2.2). */
interface Run {
  blocks: number;
}

const readBand = (bits: ScanBits, codes: Codes, coefficients: Int16Array, at: number, { first, last, low }: Scan, run: Run): void => {
  if (run.blocks > 0) {
    run.blocks -= 1;
    return;
  }
  for (let k = first; k <= last; k += 1) {
    const symbol = bits.symbol(codes);
    const [zeros, size] = [symbol >> 4, symbol & 15];
    if (size === 0) {
      if (zeros < 15) {
        run.blocks = (1 << zeros) + bits.bits(zeros) - 1;
        return;
      }
      k += 15;
      continue;
    }
    k += zeros;
    const value = bits.signed(size) * (1 << low);
    if (k > 63) {
      throw damaged('jpeg/scan', 0, 'a block has more than 64 coefficients');
    }
    coefficients[at + k] = value;
  }
};

/** G.1.2.3. */
const refineBand = (bits: ScanBits, codes: Codes, coefficients: Int16Array, at: number, { first, last, low }: Scan, run: Run): void => {
  const step = 1 << low;
  const refine = (place: number): void => {
    const value = coefficients[place] ?? 0;
    if (bits.bits(1) === 1 && (value & step) === 0) {
      coefficients[place] = value + (value > 0 ? step : -step);
    }
  };
  let k = first;
  while (run.blocks === 0 && k <= last) {
    const symbol = bits.symbol(codes);
    let zeros = symbol >> 4;
    let placed = 0;
    if ((symbol & 15) !== 0) {
      placed = bits.bits(1) === 1 ? step : -step;
    } else if (zeros < 15) {
      run.blocks = (1 << zeros) + bits.bits(zeros);
      break;
    }
    for (; k <= last; k += 1) {
      if ((coefficients[at + k] ?? 0) !== 0) {
        refine(at + k);
      } else if (zeros === 0) {
        break;
      } else {
        zeros -= 1;
      }
    }
    if (placed !== 0) {
      if (k > last) {
        throw damaged('jpeg/scan', 0, 'a block has more coefficients than its band');
      }
      coefficients[at + k] = placed;
    }
    k += 1;
  }
  if (run.blocks > 0) {
    for (; k <= last; k += 1) {
      if ((coefficients[at + k] ?? 0) !== 0) {
        refine(at + k);
      }
    }
    run.blocks -= 1;
  }
};
