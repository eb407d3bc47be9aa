import type { Structure, StructureField, StructureFinder } from '../structure.ts';

const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
const POINTERS: readonly number[] = [0x014a, 0x8769, 0x8825, 0xa005];
const MAXIMUM_TABLES = 32;

/** Directories, entries and values of TIFF, BigTIFF and what is shaped like them. */
export const tiffStructure: StructureFinder = (bytes) => {
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittleEndian = bytes[0] === 0x49;
  const isBig = bytes.length >= 16 && view.getUint16(2, isLittleEndian) === 43;
  const word = isBig ? 8 : 4;
  const number = (at: number, size: number): number =>
    at + size > bytes.length
      ? 0
      : size === 2
        ? view.getUint16(at, isLittleEndian)
        : size === 4
          ? view.getUint32(at, isLittleEndian)
          : Number(view.getBigUint64(at, isLittleEndian));
  const field = (at: number, size: 2 | 4 | 8): void => {
    if (at + size <= bytes.length) {
      fields.push({ at, size, isLittleEndian });
    }
  };
  const queue = [number(word, word)];
  const seen = new Set<number>();
  field(word, word);
  for (let at = queue.shift(); at !== undefined && seen.size < MAXIMUM_TABLES; at = queue.shift()) {
    if (at === 0 || at >= bytes.length || seen.has(at)) {
      continue;
    }
    seen.add(at);
    const countBytes = isBig ? 8 : 2;
    const entryBytes = isBig ? 20 : 12;
    const count = Math.min(number(at, countBytes), 500);
    const end = at + countBytes + count * entryBytes + word;
    field(at, countBytes);
    field(end - word, word);
    elements.push({ start: at, end });
    queue.push(number(end - word, word));
    for (let index = 0; index < count; index += 1) {
      const entry = at + countBytes + index * entryBytes;
      const size = (SIZES[number(entry + 2, 2)] ?? 0) * number(entry + 4, word);
      const value = number(entry + 4 + word, word);
      field(entry + 2, 2);
      field(entry + 4, word);
      field(entry + 4 + word, word);
      elements.push({ start: entry, end: entry + entryBytes });
      if (size > word && value + size <= bytes.length) {
        elements.push({ start: value, end: value + size });
      }
      if (POINTERS.includes(number(entry, 2))) {
        queue.push(size > word ? number(value, 4) : value);
      }
    }
  }
  return { fields, elements } satisfies Structure;
};
