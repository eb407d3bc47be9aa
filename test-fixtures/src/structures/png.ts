import type { StructureField, StructureFinder } from '../structure.ts';

/** Lengths, checksums and chunks of PNG, with where the keyword and the text of textual chunks begin. */
export const pngStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  for (let at = 8; at + 12 <= file.length && elements.length < 400; ) {
    const end = at + 12 + file.readUInt32BE(at);
    if (end > file.length) {
      break;
    }
    fields.push({ at, size: 4 });
    elements.push({ start: at, end }, { start: at + 8, end: end - 4 });
    if (/^[tzi](?:EXt|TXt)$/.test(file.toString('latin1', at + 4, at + 8))) {
      const keywordEnd = file.indexOf(0, at + 8);
      fields.push({ at: at + 8, size: 1 }, { at: Math.max(at + 8, keywordEnd), size: 1 }, { at: keywordEnd + 1, size: 2 });
    }
    at = end;
  }
  return { fields, elements };
};
