import type { StructureField, StructureFinder } from '../structure.ts';

const CONTAINERS = new Set(['meta', 'moov', 'iprp', 'ipco', 'dinf', 'trak', 'mdia', 'minf', 'stbl', 'iinf', 'iref', 'jp2h']);
const FULL = new Set(['meta', 'iref']);
const MAXIMUM_BOXES = 300;

/** Boxes of HEIF, AVIF, JPEG XL and JPEG 2000, with the numbers in the tables of items. */
export const heifStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const stretches: { at: number; end: number }[] = [{ at: 0, end: file.length }];
  for (let stretch = stretches.pop(); stretch !== undefined; stretch = stretches.pop()) {
    let { at } = stretch;
    while (at + 8 <= stretch.end && elements.length < MAXIMUM_BOXES) {
      const size = file.readUInt32BE(at);
      const type = file.toString('latin1', at + 4, at + 8);
      const end = size === 0 ? stretch.end : at + size;
      if ((size !== 0 && size < 8) || end > stretch.end) {
        break;
      }
      fields.push({ at, size: 4 });
      elements.push({ start: at, end });
      if (CONTAINERS.has(type)) {
        const head = type === 'iinf' ? (file[at + 8] === 0 ? 6 : 8) : FULL.has(type) ? 4 : 0;
        stretches.push({ at: at + 8 + head, end });
      }
      fields.push(...numbersOf(file, type, at + 8, end));
      at = end;
    }
  }
  return { fields, elements };
};

/** Every number of the tables that say what and where items are; two bytes are their smallest unit. */
const numbersOf = (file: Buffer, type: string, start: number, end: number): readonly StructureField[] => {
  const fields: StructureField[] = [];
  if (['iloc', 'iinf', 'infe', 'pitm', 'cdsc', 'thmb', 'auxl', 'iref', 'stco', 'stsz', 'brob', 'Exif'].includes(type)) {
    for (let at = start; at + 2 <= end && fields.length < 60; at += 2) {
      fields.push({ at, size: 2 });
    }
  }
  if (type === 'iloc' && start + 6 <= end) {
    fields.push({ at: start, size: 1 }, { at: start + 4, size: 1 }, { at: start + 5, size: 1 });
    for (let at = start + 6; at + 4 <= end && fields.length < 120; at += 2) {
      fields.push({ at, size: 4 });
    }
  }
  return type === 'idat' || file.length === 0 ? [] : fields;
};
