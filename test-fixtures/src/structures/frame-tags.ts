import type { StructureField, StructureFinder } from '../structure.ts';

/** Sizes of the ID3v2 tags and APE tags that stand anywhere, of their frames and items, and ADTS frames. */
export const frameTagsStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const hits = (text: string): readonly number[] =>
    [...file.toString('latin1').matchAll(new RegExp(text, 'g'))].map(({ index }) => index).slice(0, 50);
  for (const at of hits('ID3')) {
    const size = [6, 7, 8, 9].reduce((total, index) => total * 128 + ((file[at + index] ?? 0) & 127), 0);
    fields.push({ at: at + 3, size: 1 }, { at: at + 5, size: 1 }, { at: at + 6, size: 4 });
    elements.push({ start: at, end: Math.min(file.length, at + 10 + size) });
    for (let frame = at + 10; frame + 10 <= Math.min(file.length, at + 10 + size) && file[frame] !== 0; ) {
      const end = frame + 10 + file.readUInt32BE(frame + 4);
      fields.push({ at: frame + 4, size: 4 }, { at: frame + 9, size: 1 });
      elements.push({ start: frame, end: Math.min(file.length, end) });
      frame = end;
    }
  }
  for (const at of hits('APETAGEX')) {
    fields.push(...[8, 12, 16, 20].map((offset): StructureField => ({ at: at + offset, size: 4, isLittleEndian: true })));
  }
  return { fields: fields.filter(({ at, size }) => at + size <= file.length), elements };
};
