import type { Structure, StructureFinder } from '../structure.ts';

/** Windows bitmaps: the numbers of their headers, and the tail as an element. */
export const bmpStructure: StructureFinder = (bytes): Structure => {
  const fields = [2, 10, 14, 18, 22, 30, 34, 126, 130].map((at) => ({ at, size: 4 as const, isLittleEndian: true }));
  const start = Math.min(bytes.length, 78);
  return { fields: fields.filter(({ at }) => at + 4 <= bytes.length), elements: [{ start, end: bytes.length }] };
};

/** Icons: the numbers of the directory's first entries. */
export const icoStructure: StructureFinder = (bytes): Structure => {
  const fields = [8, 12, 24, 28].map((at) => ({ at: at + 6, size: 4 as const, isLittleEndian: true }));
  return {
    fields: [{ at: 4, size: 2 as const, isLittleEndian: true }, ...fields].filter(({ at, size }) => at + size <= bytes.length),
    elements: [{ start: 6, end: Math.min(22, bytes.length) }],
  };
};
