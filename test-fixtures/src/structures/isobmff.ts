import type { StructureField, StructureFinder } from '../structure.ts';

const CONTAINERS = new Set('moov trak mdia minf stbl dinf udta moof traf mfra ilst edts mvex meta'.split(' '));
/** Tables whose every 32-bit number is a count, a size or an offset. */
const TABLES = new Set('stco co64 stsz stsc tfhd tfra trun saio sidx iloc keys data mfro dref stsd'.split(' '));
const MAXIMUM_BOXES = 300;
const MAXIMUM_NUMBERS = 24; // of one table

/** Boxes of MP4 and QuickTime, and the numbers in tables of offsets and of metadata. */
export const isobmffStructure: StructureFinder = (bytes) => {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const levels: { at: number; end: number; isList: boolean }[] = [{ at: 0, end: file.length, isList: false }];
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    let { at } = level;
    while (at + 8 <= level.end && elements.length < MAXIMUM_BOXES) {
      const size32 = file.readUInt32BE(at);
      const type = file.toString('latin1', at + 4, at + 8);
      const isWide = size32 === 1 && at + 16 <= level.end;
      const size = isWide ? Number(file.readBigUInt64BE(at + 8)) : size32 === 0 ? level.end - at : size32;
      const inside = at + (isWide ? 16 : 8);
      if (size < inside - at || at + size > level.end) {
        break;
      }
      fields.push({ at, size: 4 }, ...(isWide ? [{ at: at + 8, size: 8 } as const] : []));
      elements.push({ start: at, end: at + size });
      if (level.isList) {
        fields.push({ at: at + 4, size: 4 });
      }
      if (CONTAINERS.has(type) || level.isList) {
        const isFull = type === 'meta' && size >= 12 && file.readUInt32BE(inside) === 0;
        levels.push({ at: inside + (isFull ? 4 : 0), end: at + size, isList: type === 'ilst' });
      }
      if (TABLES.has(type)) {
        for (let number = inside; number + 4 <= at + size && number < inside + MAXIMUM_NUMBERS * 4; number += 4) {
          fields.push({ at: number, size: 4 });
        }
      }
      at += size;
    }
  }
  return { fields, elements };
};
