import type { StructureField, StructureFinder } from '../structure.ts';

/** Sizes and chunks of an AIFF, and of an ID3 tag inside. */
export const aiffStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes);
  const fields: StructureField[] = [{ at: 4, size: 4 }];
  const elements: { start: number; end: number }[] = [];
  for (let at = 12; at + 8 <= file.length && elements.length < 300; ) {
    const size = file.readUInt32BE(at + 4);
    const end = Math.min(at + 8 + size + (size % 2), file.length);
    fields.push({ at: at + 4, size: 4 });
    elements.push({ start: at, end });
    if (file.toString('latin1', at + 8, at + 11) === 'ID3') {
      fields.push({ at: at + 14, size: 4 }, { at: at + 22, size: 4 });
    }
    at = end;
  }
  return { fields, elements };
};
