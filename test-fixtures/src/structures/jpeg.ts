import type { StructureField, StructureFinder } from '../structure.ts';
import { tiffStructure } from './tiff.ts';

/** Lengths and segments of JPEG down to its first scan, the numbers of extended XMP, and the directories of Exif. */
export const jpegStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff && elements.length < 400; ) {
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length) {
      break;
    }
    fields.push({ at: at + 1, size: 1 }, { at: at + 2, size: 2 });
    elements.push({ start: at, end });
    if (file.toString('latin1', at + 4, at + 38) === 'http://ns.adobe.com/xmp/extension/') {
      fields.push({ at: at + 71, size: 4 }, { at: at + 75, size: 4 });
    }
    if (file.toString('latin1', at + 4, at + 8) === 'Exif' && end - at > 18) {
      const inside = tiffStructure(bytes.slice(at + 10, end));
      fields.push(...inside.fields.map((field) => ({ ...field, at: field.at + at + 10 })));
      elements.push(...inside.elements.map(({ start, end: until }) => ({ start: start + at + 10, end: until + at + 10 })));
    }
    if (file[at + 1] === 0xda) {
      break;
    }
    at = end;
  }
  return { fields, elements };
};
