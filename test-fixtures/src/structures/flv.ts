import type { Structure, StructureField, StructureFinder } from '../structure.ts';

/** Tags of FLV with the sizes in front of and behind them, and in the scripts everything that looks like a property: a short name of letters behind its length. */
export const flvStructure: StructureFinder = (bytes): Structure => {
  const file = Buffer.from(bytes);
  const fields: StructureField[] = [{ at: 5, size: 4 }];
  const elements: { start: number; end: number }[] = [];
  let at = 13;
  while (at + 15 <= file.length) {
    const size = file.readUIntBE(at + 1, 3);
    const end = at + 11 + size + 4;
    fields.push({ at, size: 1 }, { at: at + 1, size: 3 }, { at: at + 8, size: 3 });
    if (end > file.length) {
      break;
    }
    fields.push({ at: end - 4, size: 4 });
    elements.push({ start: at, end });
    if (file[at] === 18) {
      let last: number | undefined;
      for (let position = at + 11; position + 3 < end - 4; position += 1) {
        const length = file.readUInt16BE(position);
        const name = file.toString('latin1', position + 2, Math.min(end - 4, position + 2 + length));
        if (length > 3 && name.length === length && /^[A-Za-z0-9]+$/.test(name)) {
          fields.push(
            { at: position, size: 2 },
            { at: position + 2 + length, size: 1 },
            { at: position + 3 + length, size: 2 },
            { at: position + 3 + length, size: 4 },
          );
          if (last !== undefined) {
            elements.push({ start: last, end: position });
          }
          last = position;
        }
      }
    }
    at = end;
  }
  return { fields, elements };
};
