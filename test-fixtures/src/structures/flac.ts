import type { StructureField, StructureFinder } from '../structure.ts';
import { commentListStructure } from './vorbis-comment.ts';

/** Block headers and comments of a FLAC, wherever its marker stands. */
export const flacStructure: StructureFinder = (bytes) => {
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const marker = Buffer.from(bytes).indexOf('fLaC');
  for (let at = marker + 4; marker >= 0 && at + 4 <= bytes.length && fields.length < 500; ) {
    const kind = bytes[at] as number;
    const next = at + 4 + (bytes[at + 1] as number) * 2 ** 16 + (bytes[at + 2] as number) * 2 ** 8 + (bytes[at + 3] as number);
    fields.push({ at, size: 1 }, { at: at + 1, size: 3 });
    elements.push({ start: at, end: Math.min(next, bytes.length) });
    if ((kind & 0x7f) === 4) {
      const list = commentListStructure(bytes, at + 4, Math.min(next, bytes.length));
      fields.push(...list.fields);
      elements.push(...list.elements);
    }
    if (kind >= 0x80) {
      break;
    }
    at = next;
  }
  return { fields, elements };
};
