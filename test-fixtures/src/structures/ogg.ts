import type { StructureField, StructureFinder } from '../structure.ts';
import { commentListStructure } from './vorbis-comment.ts';

/** Where comment lists begin behind the magic of their packet. */
const LISTS: readonly (readonly [magic: string, bytes: number])[] = [
  ['\x03vorbis', 7],
  ['OpusTags', 8],
  ['\x81theora', 7],
];

/** Page headers, segment tables and comment lists of an Ogg file; pages are followed as far as they follow one another. */
export const oggStructure: StructureFinder = (bytes) => {
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const file = Buffer.from(bytes);
  let at = 0;
  while (file.toString('latin1', at, at + 4) === 'OggS' && at + 27 <= file.length && elements.length < 300) {
    const segments = file.readUInt8(at + 26);
    const lacing = file.subarray(at + 27, at + 27 + segments);
    const end = at + 27 + segments + lacing.reduce((total, length) => total + length, 0);
    fields.push({ at: at + 4, size: 1 }, { at: at + 5, size: 1 }, { at: at + 6, size: 8, isLittleEndian: true }, { at: at + 26, size: 1 });
    fields.push({ at: at + 14, size: 4, isLittleEndian: true }, { at: at + 18, size: 4, isLittleEndian: true });
    for (let index = 0; index < Math.min(segments, 8); index += 1) {
      fields.push({ at: at + 27 + index, size: 1 });
    }
    elements.push({ start: at, end: Math.min(end, file.length) });
    at = end;
  }
  for (const [magic, length] of LISTS) {
    const list = file.indexOf(Buffer.from(magic, 'latin1'));
    if (list >= 0) {
      const { fields: inside } = commentListStructure(bytes, list + length, bytes.length);
      fields.push(...inside);
    }
  }
  return { fields, elements };
};
