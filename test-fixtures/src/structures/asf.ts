import type { Structure, StructureField } from '../structure.ts';

const HEADER = '3026b275';
const EXTENSION = 'b503bf5f';
const LISTS = new Set(['40a4d0d2', 'eacbf8c5', '941c2344']);

/** Sizes of ASF objects, counts of the header and of lists of values, and the size of the file. */
export const asfStructure = (bytes: Uint8Array): Structure => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const waiting: { start: number; end: number }[] = [{ start: 0, end: bytes.length }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (let at = level.start; at + 24 <= level.end && elements.length < 200; ) {
      const end = at + Number(view.readBigUInt64LE(at + 16));
      if (end < at + 24 || end > level.end) {
        break;
      }
      const type = view.toString('hex', at, at + 4);
      fields.push({ at: at + 16, size: 8, isLittleEndian: true });
      elements.push({ start: at, end });
      if (type === HEADER && end - at >= 30) {
        fields.push({ at: at + 24, size: 4, isLittleEndian: true });
        waiting.push({ start: at + 30, end });
      } else if (type === EXTENSION && end - at >= 46) {
        fields.push({ at: at + 42, size: 4, isLittleEndian: true });
        waiting.push({ start: at + 46, end });
      } else if (LISTS.has(type) && end - at >= 32) {
        fields.push(...[24, 26, 28, 30].map((offset): StructureField => ({ at: at + offset, size: 2, isLittleEndian: true })));
      } else if (type === 'a1dcab8c' && end - at >= 48) {
        fields.push({ at: at + 40, size: 8, isLittleEndian: true });
      }
      at = end;
    }
  }
  return { fields, elements };
};
