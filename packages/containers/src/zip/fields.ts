import { viewOf } from '@aigc-label/core';

/** The 64-bit unsigned number at `offset`, least significant byte first; `undefined` above 2^53, where nothing can stand, and beyond the end. */
export const u64le = (bytes: Uint8Array, offset: number): number | undefined => {
  if (offset < 0 || offset + 8 > bytes.length) {
    return undefined;
  }
  const view = viewOf(bytes);
  const value = view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Writes a 64-bit unsigned number, least significant byte first. */
export const setU64le = (bytes: Uint8Array, offset: number, value: number): void => {
  const view = viewOf(bytes);
  view.setUint32(offset, value % 2 ** 32, true);
  view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
};

/** A field of the extra data of a header (APPNOTE §4.5): where its data stands in `extra`. */
export interface ExtraField {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** The extra fields as far as they can be followed: some writers pad with zeros that are no field. */
export const extraFields = (extra: Uint8Array): readonly ExtraField[] => {
  const view = viewOf(extra);
  const fields: ExtraField[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) {
      break;
    }
    fields.push({ id: view.getUint16(at, true), start: at + 4, end });
    at = end;
  }
  return fields;
};

/** The extra field of 64-bit sizes and offsets (APPNOTE §4.5.3). */
export const ZIP64_FIELD = 0x0001;

/** The extra data without its 64-bit field: what is written instead fits into 32 bits. */
export const withoutZip64 = (extra: Uint8Array): Uint8Array => {
  const field = extraFields(extra).find(({ id }) => id === ZIP64_FIELD);
  return field === undefined ? extra : Uint8Array.from([...extra.subarray(0, field.start - 4), ...extra.subarray(field.end)]);
};
