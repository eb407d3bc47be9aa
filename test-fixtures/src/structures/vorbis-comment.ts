import type { StructureField } from '../structure.ts';

const le32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 2 ** 8 + (bytes[at + 2] ?? 0) * 2 ** 16 + (bytes[at + 3] ?? 0) * 2 ** 24;

/** Lengths and comments of a list at `start`, as far as it goes within `end`. */
export const commentListStructure = (
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly fields: readonly StructureField[]; readonly elements: readonly { readonly start: number; readonly end: number }[] } => {
  const field = (at: number): StructureField => ({ at, size: 4, isLittleEndian: true });
  const countAt = start + 4 + le32(bytes, start);
  const fields = [field(start), field(countAt)];
  const elements: { start: number; end: number }[] = [];
  for (let at = countAt + 4; at + 4 <= end && elements.length < 100; ) {
    const next = at + 4 + le32(bytes, at);
    if (next > end) {
      break;
    }
    fields.push(field(at));
    elements.push({ start: at, end: next });
    at = next;
  }
  return { fields: fields.filter(({ at }) => at + 4 <= end), elements };
};
