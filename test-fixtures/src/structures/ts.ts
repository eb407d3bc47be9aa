import type { Structure, StructureField } from '../structure.ts';

/** Packets of a transport stream, with their headers, adaptation lengths, and what stands where sections and PES packets have their lengths. */
export const tsStructure = (bytes: Uint8Array): Structure => {
  const [start, stride] = bytes[0] === 0x47 && bytes[188] === 0x47 ? [0, 188] : bytes[4] === 0x47 ? [4, 192] : [0, 204];
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  for (let at = start; at + 188 <= bytes.length && elements.length < 100; at += stride) {
    elements.push({ start: at - start, end: at - start + stride });
    fields.push({ at: at + 1, size: 2 }, { at: at + 3, size: 1 }, { at: at + 4, size: 1 });
    fields.push(...[6, 8, 12, 15, 18, 20].map((offset): StructureField => ({ at: at + offset, size: 2 })));
  }
  return { fields, elements };
};
