import type { Structure, StructureField, StructureFinder } from '../structure.ts';

/** RTF: every group, every control word, and the digits behind one. */
export const rtfStructure: StructureFinder = (bytes): Structure => {
  const elements: { start: number; end: number }[] = [];
  const fields: StructureField[] = [];
  const open: number[] = [];
  const text = new TextDecoder('latin1').decode(bytes);
  for (const { 0: piece, index } of text.matchAll(/\\[a-z]+(-?\d*)|\\.|[{}]/g)) {
    if (piece === '{') {
      open.push(index);
    } else if (piece === '}') {
      elements.push({ start: open.pop() ?? 0, end: index + 1 });
    } else {
      elements.push({ start: index, end: index + piece.length });
      const digits = /\d+$/.exec(piece)?.[0].length ?? 0;
      const size = ([8, 4, 3, 2, 1] as const).find((one) => one <= digits);
      if (size !== undefined) {
        fields.push({ at: index + piece.length - size, size, isDigits: true });
      }
    }
    if (elements.length > 2000) {
      break;
    }
  }
  return { fields, elements };
};
