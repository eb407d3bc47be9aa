/** Powers of two of zero bytes that are prepared: any length of a file. */
const POWERS = 48;

/**
 * Checksums without inversion are linear: that of `a` followed by `n` bytes is that of `a` followed by `n` zeros, with that of the `n` bytes added. This gives the first part, in time that
 * hardly grows with `n`.
 *
 * @param zero the checksum after one more zero byte. @param bits of the checksum, up to 32.
 */
export const checksumShift = (zero: (value: number) => number, bits: number): ((value: number, zeroBytes: number) => number) => {
  const powers: Uint32Array[] = [Uint32Array.from({ length: bits }, (_, bit) => zero((1 << bit) >>> 0) >>> 0)];
  const power = (index: number): Uint32Array => {
    for (let next = powers.length; next <= index; next += 1) {
      const half = powers[next - 1] as Uint32Array;
      powers.push(half.map((value) => times(half, value)));
    }
    return powers[index] as Uint32Array;
  };
  return (value, zeroBytes) => {
    let shifted = value >>> 0;
    for (let index = 0, left = zeroBytes; left > 0 && index < POWERS; index += 1, left = Math.floor(left / 2)) {
      if (left % 2 === 1) {
        shifted = times(power(index), shifted);
      }
    }
    return shifted;
  };
};

const times = (matrix: Uint32Array, value: number): number => {
  let product = 0;
  for (let bit = 0, left = value; left !== 0; bit += 1, left >>>= 1) {
    if ((left & 1) === 1) {
      product ^= matrix[bit] as number;
    }
  }
  return product >>> 0;
};
