import type { StructureField, StructureFinder } from '../structure.ts';

const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));

/** Blocks and sub-blocks of GIF, their sizes, and the flags that say how large colour tables are. */
export const gifStructure: StructureFinder = (bytes) => {
  const fields: StructureField[] = [{ at: 4, size: 1 }];
  const elements: { start: number; end: number }[] = [];
  let at = 13 + tableBytes(bytes[10] ?? 0);
  fields.push({ at: 10, size: 1 });
  while (at < bytes.length && elements.length < 400) {
    const start = at;
    if (bytes[at] !== 0x21 && bytes[at] !== 0x2c) {
      break;
    }
    fields.push({ at, size: 1 }, { at: at + 1, size: 1 });
    if (bytes[at] === 0x2c) {
      fields.push({ at: at + 9, size: 1 });
      at += 11 + tableBytes(bytes[at + 9] ?? 0);
    } else {
      at += 2;
    }
    for (let size = bytes[at]; size !== undefined; size = bytes[at]) {
      if (fields.length < 600) {
        fields.push({ at, size: 1 });
        elements.push({ start: at, end: at + 1 + size });
      }
      at += 1 + size;
      if (size === 0) {
        break;
      }
    }
    elements.push({ start, end: Math.min(at, bytes.length) });
  }
  return { fields: fields.filter((field) => field.at < bytes.length), elements: elements.filter(({ end }) => end <= bytes.length) };
};
