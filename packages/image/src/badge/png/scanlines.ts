/** The filtered lines of a PNG: read under a plate and everything that it depends on, written where something changed (PNG 3rd ed. §9.2). */
import { damaged } from '@aigc-label/core';

/** What the inflated data of a picture that is not interlaced are made of. */
export interface Scanlines {
  /** Each line has its filter's type before it. */
  readonly filtered: Uint8Array;
  /** Of a line without its filter's type. */
  readonly lineBytes: number;
  readonly pixelBytes: number;
  readonly lines: number;
}

/** `count` lines without their filters, as far as their first `bytes` bytes; what undoes them begins at the nearest line above that depends on none. @throws LabelError `FILE_DAMAGED`. */
export const plainLines = ({ filtered, lineBytes, pixelBytes }: Scanlines, first: number, count: number, bytes: number): Uint8Array => {
  let start = first;
  while (start > 0 && (filtered[start * (lineBytes + 1)] ?? 0) > 1) {
    start -= 1;
  }
  const out = new Uint8Array(count * lineBytes);
  const rest = [new Uint8Array(lineBytes), new Uint8Array(lineBytes)];
  let above = new Uint8Array(lineBytes);
  for (let line = start; line < first + count; line += 1) {
    const from = line * (lineBytes + 1);
    const plain = line < first ? (rest[line & 1] ?? above) : out.subarray((line - first) * lineBytes, (line - first + 1) * lineBytes);
    plain.set(filtered.subarray(from + 1, from + 1 + bytes));
    undoFilter(filtered[from] ?? 0, plain, above, pixelBytes, bytes);
    above = plain;
  }
  return out;
};

const undoFilter = (type: number, line: Uint8Array, above: Uint8Array, pixelBytes: number, bytes: number): void => {
  switch (type) {
    case 0:
      return;
    case 1:
      for (let at = pixelBytes; at < bytes; at += 1) {
        line[at] = (line[at] ?? 0) + (line[at - pixelBytes] ?? 0);
      }
      return;
    case 2:
      for (let at = 0; at < bytes; at += 1) {
        line[at] = (line[at] ?? 0) + (above[at] ?? 0);
      }
      return;
    case 3:
      for (let at = 0; at < pixelBytes; at += 1) {
        line[at] = (line[at] ?? 0) + ((above[at] ?? 0) >> 1);
      }
      for (let at = pixelBytes; at < bytes; at += 1) {
        line[at] = (line[at] ?? 0) + (((line[at - pixelBytes] ?? 0) + (above[at] ?? 0)) >> 1);
      }
      return;
    case 4:
      for (let at = 0; at < pixelBytes; at += 1) {
        line[at] = (line[at] ?? 0) + (above[at] ?? 0);
      }
      for (let at = pixelBytes; at < bytes; at += 1) {
        line[at] = (line[at] ?? 0) + paeth(line[at - pixelBytes] ?? 0, above[at] ?? 0, above[at - pixelBytes] ?? 0);
      }
      return;
    default:
      throw damaged('png/IDAT', 0, `filter type ${type} does not exist`);
  }
};

/** §9.4. */
const paeth = (left: number, above: number, corner: number): number => {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
};

/** Filters the bytes `from` to `until` of a line as its type says; what lies beside them is as it was. */
export const refilter = (
  { filtered, lineBytes, pixelBytes }: Scanlines,
  line: number,
  plain: Uint8Array,
  above: Uint8Array,
  from: number,
  until: number,
): void => {
  const start = line * (lineBytes + 1);
  const type = filtered[start] ?? 0;
  for (let at = from; at < until; at += 1) {
    const left = at >= pixelBytes ? (plain[at - pixelBytes] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= pixelBytes ? (above[at - pixelBytes] ?? 0) : 0;
    const predicted = type === 0 ? 0 : type === 1 ? left : type === 2 ? up : type === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    filtered[start + 1 + at] = (plain[at] ?? 0) - predicted;
  }
};
