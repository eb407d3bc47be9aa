/** Reads a bit string, most significant bit first; bits that are not there are 0. */
export interface BitReader {
  /** Bits read so far. */
  readonly position: number;
  /** An unsigned number of up to 32 bits. */
  read(bits: number): number;
  /** An Exp-Golomb number, ue(v) of ITU-T H.264 §9.1; at most 32 bits long. */
  readGolomb(): number;
  skip(bits: number): void;
}

/** A reader at the first bit. */
export const bitReader = (bytes: Uint8Array): BitReader => {
  let position = 0;
  const bit = (): number => {
    const value = ((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1;
    position += 1;
    return value;
  };
  const read = (bits: number): number => {
    let value = 0;
    for (let index = 0; index < bits; index += 1) {
      value = value * 2 + bit();
    }
    return value;
  };
  return {
    get position() {
      return position;
    },
    read,
    readGolomb() {
      let zeros = 0;
      while (zeros < 31 && bit() === 0) {
        zeros += 1;
      }
      return 2 ** zeros - 1 + read(zeros);
    },
    skip(bits) {
      position += bits;
    },
  };
};

/** Bits as text of `0` and `1`, for parameter sets, which are small. */
export const bitText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');

/** The bytes of a text of bits, filled up with zeros. */
export const bitBytes = (bits: string): Uint8Array =>
  Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8).padEnd(8, '0'), 2));

/** The ue(v) code of a number. */
export const golombText = (value: number): string => {
  const code = (value + 1).toString(2);
  return '0'.repeat(code.length - 1) + code;
};

/** A NAL unit without its emulation prevention bytes (H.264 §7.3.1, H.265 §7.3.1.1). */
export const withoutEmulation = (nal: Uint8Array): Uint8Array => {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
    } else {
      bytes.push(byte);
      zeros = byte === 0 ? zeros + 1 : 0;
    }
  }
  return Uint8Array.from(bytes);
};

/** The same with them. */
export const withEmulation = (nal: Uint8Array): Uint8Array => {
  const bytes: number[] = [];
  let zeros = 0;
  for (const byte of nal) {
    if (zeros >= 2 && byte <= 3) {
      bytes.push(3);
      zeros = 0;
    }
    bytes.push(byte);
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Uint8Array.from(bytes);
};
