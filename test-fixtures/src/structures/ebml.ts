import type { Structure, StructureField, StructureFinder } from '../structure.ts';

/** Masters of Matroska, by their IDs as hexadecimal digits. */
const MASTERS = new Set(
  '1a45dfa3 18538067 114d9b74 4dbb 1549a966 1654ae6b ae e0 e1 1f43b675 a0 1c53bb6b bb b7 1254c367 7373 63c0 67c8 1043a770 45b9 b6'.split(' '),
);

/** Elements whose data is a number. */
const NUMBERS = new Set('4286 42f7 42f2 42f3 4287 4285 53ac a7 ab e7 f1 f0 f7 b3 68ca 63c5 63c9 63c4 63c6 bf'.split(' '));

/** Elements of EBML, their sizes and numbers; found by recursion over the whole file in memory. */
export const ebmlStructure: StructureFinder = (bytes): Structure => {
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const field = (at: number, size: number): void => {
    if (size === 1 || size === 2 || size === 3 || size === 4 || size === 8) {
      fields.push({ at, size });
    } else if (size > 4) {
      fields.push({ at: at + size - 4, size: 4 });
    }
  };
  const walk = (from: number, to: number, depth: number): void => {
    let at = from;
    while (at < to && elements.length < 2000) {
      const idLength = Math.clz32(bytes[at] ?? 0) - 23;
      const sizeAt = at + idLength;
      const sizeLength = Math.clz32(bytes[sizeAt] ?? 0) - 23;
      if (idLength > 4 || sizeLength > 8 || sizeAt + sizeLength > to) {
        return;
      }
      const hex = (start: number, length: number): string => Buffer.from(bytes.subarray(start, start + length)).toString('hex');
      const data = BigInt(`0x${hex(sizeAt, sizeLength)}`) - (1n << BigInt(7 * sizeLength));
      const isOpen = data === (1n << BigInt(7 * sizeLength)) - 1n;
      const start = sizeAt + sizeLength;
      const end = isOpen ? to : Math.min(to, start + Number(data));
      const id = hex(at, idLength);
      field(sizeAt, sizeLength);
      elements.push({ start: at, end });
      if (MASTERS.has(id) && depth < 8) {
        walk(start, end, depth + 1);
      } else if (NUMBERS.has(id)) {
        field(start, end - start);
      }
      at = end;
    }
  };
  walk(0, bytes.length, 0);
  return { fields, elements };
};
