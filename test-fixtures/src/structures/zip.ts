import type { Structure, StructureField, StructureFinder } from '../structure.ts';

const LOCAL: readonly (readonly [number, StructureField['size']])[] = [
  [6, 2],
  [8, 2],
  [14, 4],
  [18, 4],
  [22, 4],
  [26, 2],
  [28, 2],
];
const RECORD: readonly (readonly [number, StructureField['size']])[] = [
  [8, 2],
  [10, 2],
  [16, 4],
  [20, 4],
  [24, 4],
  [28, 2],
  [30, 2],
  [32, 2],
  [42, 4],
];
const END: readonly (readonly [number, StructureField['size']])[] = [
  [4, 2],
  [8, 2],
  [10, 2],
  [12, 4],
  [16, 4],
  [20, 2],
];

/** ZIP: the numbers of local headers, of the records of the directory and of the end, wherever their signatures stand. */
export const zipStructure: StructureFinder = (bytes): Structure => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  let start: number | undefined;
  for (let at = 0; at + 22 <= bytes.length && fields.length < 10_000; at += 1) {
    const signature = view.getUint32(at, true);
    const kind = signature === 0x04034b50 ? LOCAL : signature === 0x02014b50 ? RECORD : signature === 0x06054b50 ? END : undefined;
    if (kind === undefined) {
      continue;
    }
    if (start !== undefined) {
      elements.push({ start, end: at });
    }
    start = at;
    fields.push(...kind.map(([offset, size]) => ({ at: at + offset, size, isLittleEndian: true })));
  }
  return { fields: fields.filter(({ at, size }) => at + size <= bytes.length), elements };
};
