import type { Random } from './random.ts';
import type { Structure, StructureField } from './structure.ts';

/** One to three structural lies: a copy of the file in which a size, count or offset is false, or an element stands where it should not. */
export const mutateStructure = (bytes: Uint8Array, { fields, elements }: Structure, random: Random): Uint8Array => {
  let copy: Uint8Array = bytes.slice();
  for (let times = 1 + random(2); times > 0 && fields.length > 0; times -= 1) {
    falsify(copy, fields[random(fields.length)] as StructureField, random);
  }
  if (elements.length > 0 && (fields.length === 0 || random(2) === 0)) {
    copy = rearranged(copy, elements, random);
  }
  return copy;
};

const falsify = (copy: Uint8Array, { at, size, isLittleEndian = false, isDigits = false }: StructureField, random: Random): void => {
  if (at + size > copy.length) {
    return;
  }
  const maximum = isDigits ? 10 ** size - 1 : size === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * size) - 1;
  const present = isDigits ? 0 : numberAt(copy, at, size, isLittleEndian);
  const left = copy.length - at - size;
  const candidates = [
    0,
    1,
    2,
    7,
    8,
    9,
    maximum,
    maximum - 1,
    Math.ceil(maximum / 2),
    present + 1,
    present - 1,
    present * 2,
    present + 8,
    left,
    left + 1,
    left - 8,
    random(maximum),
  ];
  const value = Math.min(maximum, Math.max(0, Math.floor(candidates[random(candidates.length)] as number)));
  const raw = isDigits ? digits(value, size) : binary(size === 8 && random(4) === 0 ? 2 ** 64 - 2 ** 11 : value, size, isLittleEndian);
  copy.set(raw, at);
};

const digits = (value: number, size: number): Uint8Array => new TextEncoder().encode(String(value).padStart(size, '0').slice(-size));

const binary = (value: number, size: number, isLittleEndian: boolean): Uint8Array => {
  const raw = new Uint8Array(size);
  let rest = value;
  for (let index = 0; index < size; index += 1) {
    raw[isLittleEndian ? index : size - 1 - index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return raw;
};

const numberAt = (bytes: Uint8Array, at: number, size: number, isLittleEndian: boolean): number => {
  let value = 0;
  for (let index = 0; index < size; index += 1) {
    value = value * 256 + (bytes[isLittleEndian ? at + size - 1 - index : at + index] as number);
  }
  return value;
};

const rearranged = (bytes: Uint8Array, elements: Structure['elements'], random: Random): Uint8Array => {
  const one = elements[random(elements.length)] as Structure['elements'][number];
  const other = elements[random(elements.length)] as Structure['elements'][number];
  const part = bytes.subarray(one.start, one.end);
  const kind = random(4);
  const pieces =
    kind === 0
      ? [bytes.subarray(0, one.start), bytes.subarray(one.end)]
      : kind === 1
        ? [bytes.subarray(0, one.end), part, bytes.subarray(one.end)]
        : kind === 2
          ? [bytes.subarray(0, other.end), part, bytes.subarray(other.end)]
          : [
              bytes.subarray(0, other.start + Math.floor((other.end - other.start) / 2)),
              part,
              bytes.subarray(other.start + Math.floor((other.end - other.start) / 2)),
            ];
  return new Uint8Array(Buffer.concat(pieces));
};
