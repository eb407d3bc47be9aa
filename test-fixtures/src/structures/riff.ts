import type { Structure, StructureField } from '../structure.ts';

const u32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 2 ** 8 + (bytes[at + 2] ?? 0) * 2 ** 16 + (bytes[at + 3] ?? 0) * 2 ** 24;

/** Sizes and chunks of a little-endian RIFF file, with the children of its lists (those of `movi` too) and further RIFFs. */
export const riffStructure = (bytes: Uint8Array): Structure => {
  const fields: StructureField[] = [];
  const elements: { start: number; end: number }[] = [];
  const waiting: { start: number; end: number }[] = [{ start: 0, end: bytes.length }];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (let at = level.start; at + 8 <= level.end && elements.length < 400; ) {
      const size = u32(bytes, at + 4);
      const end = Math.min(at + 8 + size + (size % 2), level.end);
      const id = String.fromCharCode(...bytes.subarray(at, at + 4));
      fields.push({ at: at + 4, size: 4, isLittleEndian: true });
      elements.push({ start: at, end });
      if ((id === 'RIFF' || id === 'LIST') && end - at >= 12) {
        waiting.push({ start: at + 12, end });
      }
      at = end;
    }
  }
  return { fields, elements };
};
