import type { Structure, StructureField, StructureFinder } from '../structure.ts';

/** Photoshop: the lengths of its sections, and each image resource with its identifier, name length and size. */
export const psdStructure: StructureFinder = (bytes): Structure => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number): number => (at + 4 <= bytes.length ? view.getUint32(at) : 0);
  const fields: StructureField[] = [
    { at: 4, size: 2 },
    { at: 26, size: 4 },
  ];
  const elements: { start: number; end: number }[] = [];
  const lengthAt = 30 + u32(26);
  const end = Math.min(bytes.length, lengthAt + 4 + u32(lengthAt));
  fields.push({ at: lengthAt, size: 4 });
  for (let at = lengthAt + 4; at + 12 <= end && elements.length < 1000; ) {
    const sizeAt = at + 6 + (((bytes[at + 6] ?? 0) + 2) & ~1);
    const size = u32(sizeAt);
    fields.push({ at: at + 4, size: 2 }, { at: at + 6, size: 1 }, { at: sizeAt, size: 4 });
    const next = Math.min(end, sizeAt + 4 + size + (size & 1));
    elements.push({ start: at, end: next });
    at = next;
  }
  return { fields: fields.filter(({ at, size }) => at + size <= bytes.length), elements };
};
