import type { Structure, StructureField } from '../structure.ts';

const CONTAINERS = new Set(['moof', 'traf', 'moov', 'mvex']);
const TABLES = new Set(['sidx', 'tfhd', 'trun', 'tfdt']);

/** Boxes of a media segment, with every number of the tables that say where its samples lie. */
export const cmafStructure = (bytes: Uint8Array): Structure => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const waiting: { at: number; end: number }[] = [{ at: 0, end: file.length }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (let { at } = level; at + 8 <= level.end && elements.length < 200; ) {
      const end = at + file.readUInt32BE(at);
      const type = file.toString('latin1', at + 4, at + 8);
      if (end < at + 8 || end > level.end) {
        break;
      }
      fields.push({ at, size: 4 });
      elements.push({ start: at, end });
      if (CONTAINERS.has(type)) {
        waiting.push({ at: at + 8, end });
      }
      for (let number = at + 8; TABLES.has(type) && number + 4 <= end && number < at + 80; number += 4) {
        fields.push({ at: number, size: 4 });
      }
      at = end;
    }
  }
  return { fields, elements };
};
