/** The blocks of a JPEG that a plate may change, and where each scan codes them. */
import type { PlacedPlate } from '@aigc-label/badge';
import type { JpegComponent, JpegFrame, JpegScan } from './jpeg-frame.ts';

/** A rectangle of a component's blocks with their coefficients, rows one after the other. */
export interface BlockStore {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly rows: number;
  readonly columns: number;
  readonly coefficients: Int16Array;
}

/** Every block of a component. */
export const wholeComponent = ({ stride, coefficients }: JpegComponent): BlockStore => ({
  firstRow: 0,
  firstColumn: 0,
  rows: coefficients.length / 64 / stride,
  columns: stride,
  coefficients,
});

/** All blocks of the MCUs under the plate, by component, no coefficient known yet. */
export const storesUnder = (frame: JpegFrame, { plate, left, top }: PlacedPlate): ReadonlyMap<JpegComponent, BlockStore> => {
  const [mcuWidth, mcuHeight] = [8 * frame.maximumAcross, 8 * frame.maximumDown];
  const firstColumn = Math.floor(left / mcuWidth);
  const firstRow = Math.floor(top / mcuHeight);
  const across = Math.min(frame.mcusAcross, Math.ceil((left + plate.width) / mcuWidth)) - firstColumn;
  const down = Math.min(frame.mcusDown, Math.ceil((top + plate.height) / mcuHeight)) - firstRow;
  return new Map(
    frame.components.map((component) => {
      const rows = down * component.down;
      const columns = across * component.across;
      return [
        component,
        {
          firstRow: firstRow * component.down,
          firstColumn: firstColumn * component.across,
          rows,
          columns,
          coefficients: new Int16Array(rows * columns * 64),
        },
      ];
    }),
  );
};

/** Where a block of the component stands among the store's coefficients. */
export const placeIn = ({ firstRow, firstColumn, columns }: BlockStore, row: number, column: number): number =>
  ((row - firstRow) * columns + column - firstColumn) * 64;

/** Units of a scan (MCUs, or blocks where it has one component, A.2) that follow each other in one restart interval and are coded anew. */
export interface UnitRun {
  readonly interval: number;
  readonly from: number;
  /** One behind the last. */
  readonly until: number;
}

/** What a scan codes, in its order. */
export interface ScanUnits {
  readonly total: number;
  /** Units of each interval but the last. */
  readonly perInterval: number;
  /** For each block of a unit, which of the scan's components it belongs to. */
  readonly order: readonly number[];
  readonly runs: readonly UnitRun[];
  /** Calls back with the place of each block of a unit in its component's store. */
  forEachBlock(unit: number, block: (store: BlockStore, at: number, index: number) => void): void;
}

/** The units of a scan, and those that hold blocks of the stores. */
export const scanUnits = (frame: JpegFrame, scan: JpegScan, stores: ReadonlyMap<JpegComponent, BlockStore>): ScanUnits => {
  const parts = scan.components.map(({ component }) => {
    const isAlone = scan.components.length === 1;
    const store = stores.get(component) ?? wholeComponent(component);
    return { component, store, across: isAlone ? 1 : component.across, down: isAlone ? 1 : component.down, isAlone };
  });
  const [first] = parts;
  if (first === undefined) {
    throw new TypeError('a scan has no component');
  }
  const across = first.isAlone ? first.component.blocksAcross : frame.mcusAcross;
  const down = first.isAlone ? first.component.blocksDown : frame.mcusDown;
  const total = across * down;
  const perInterval = scan.restartInterval > 0 ? scan.restartInterval : total;
  const { store } = first;
  const [fromColumn, fromRow] = [store.firstColumn / first.across, store.firstRow / first.down];
  const untilColumn = Math.min(across, fromColumn + store.columns / first.across);
  const untilRow = Math.min(down, fromRow + store.rows / first.down);
  return {
    total,
    perInterval,
    order: parts.flatMap((part, index) => new Array<number>(part.across * part.down).fill(index)),
    runs: runsOf({ across, fromColumn, untilColumn, fromRow, untilRow }, perInterval),
    forEachBlock: (unit, block) => {
      const column = unit % across;
      const row = (unit - column) / across;
      parts.forEach((part, index) => {
        for (let y = 0; y < part.down; y += 1) {
          for (let x = 0; x < part.across; x += 1) {
            block(part.store, placeIn(part.store, row * part.down + y, column * part.across + x), index);
          }
        }
      });
    },
  };
};

interface UnitRectangle {
  readonly across: number;
  readonly fromColumn: number;
  readonly untilColumn: number;
  readonly fromRow: number;
  readonly untilRow: number;
}

const runsOf = ({ across, fromColumn, untilColumn, fromRow, untilRow }: UnitRectangle, perInterval: number): readonly UnitRun[] => {
  const runs: { interval: number; from: number; until: number }[] = [];
  for (let row = fromRow; row < untilRow; row += 1) {
    const until = row * across + untilColumn;
    for (let from = row * across + fromColumn; from < until; ) {
      const interval = Math.floor(from / perInterval);
      const end = Math.min(until, (interval + 1) * perInterval);
      const last = runs.at(-1);
      if (last?.until === from && last.interval === interval) {
        last.until = end;
      } else {
        runs.push({ interval, from, until: end });
      }
      from = end;
    }
  }
  return runs;
};
