/** Look-up tables that step over codes whose values nobody needs, several at a time. */
import { LOOKAHEAD_BITS } from './huffman.ts';

/** A step over the next codes of a block: how many coefficients it passes (0 to 64), whether it ends the block, how many bits it has; 0 where one code alone is too long. */
export const PASSED_MASK = 0x7f;
export const END_OF_BLOCK = 0x80;
export const STEP_BITS_SHIFT = 8;

/** Steps over AC codes of a sequential block, indexed by the next `LOOKAHEAD_BITS` bits. Their extra bits may reach beyond those, for only their number counts. */
export const stepsOver = (lookahead: Uint16Array): Int32Array => {
  const mask = lookahead.length - 1;
  return Int32Array.from(lookahead, (_, prefix) => {
    let [used, passed] = [0, 0];
    while (used < LOOKAHEAD_BITS) {
      const entry = lookahead[(prefix << used) & mask] ?? 0;
      const length = entry >> 8;
      const [run, size] = [(entry >> 4) & 15, entry & 15];
      if (entry === 0 || used + length > LOOKAHEAD_BITS) {
        break;
      }
      if (size === 0 && run < 15) {
        return ((used + length) << STEP_BITS_SHIFT) | END_OF_BLOCK | passed;
      }
      if (passed + run + 1 > 64) {
        break;
      }
      used += length + size;
      passed += run + 1;
    }
    return (used << STEP_BITS_SHIFT) | passed;
  });
};

/** A DC difference as `DIFFERENCE_SHIFT`ed value over its number of bits. */
export const DIFFERENCE_SHIFT = 6;
export const DIFFERENCE_BITS_MASK = 63;

/** DC differences, indexed by the next `LOOKAHEAD_BITS` bits; 0 where the code with its extra bits is longer. */
export const differences = (lookahead: Uint16Array): Int32Array =>
  Int32Array.from(lookahead, (entry, prefix) => {
    const [length, size] = [entry >> 8, entry & 0xff];
    if (entry === 0 || length + size > LOOKAHEAD_BITS) {
      return 0;
    }
    const extra = (prefix >> (LOOKAHEAD_BITS - length - size)) & ((1 << size) - 1);
    const value = size > 0 && extra < 1 << (size - 1) ? extra - (1 << size) + 1 : extra;
    return (value << DIFFERENCE_SHIFT) | (length + size);
  });
