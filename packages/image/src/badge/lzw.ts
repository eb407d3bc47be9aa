/** GIF's LZW (GIF89a appendix F), in sub-blocks: writing only, reading is sharp's. */

/** Codes have at most 12 bits. */
const MAXIMUM_CODES = 4096;

/** Colour indices as the image data of a GIF: minimum code size, sub-blocks, terminator. `bits` is 2 to 8. */
export const encodeLzw = (indices: Uint8Array, bits: number): Uint8Array => {
  const clearCode = 1 << bits;
  // For each known string and next index, the code of both together; 0 where there is none (0 is a root and never the result of joining).
  const joined = new Uint16Array(MAXIMUM_CODES << 8);
  const out: number[] = [bits];
  let block: number[] = [];
  let waiting = 0;
  let count = 0;
  let width = bits + 1;
  let next = clearCode + 2;
  const emit = (code: number): void => {
    waiting |= code << count;
    count += width;
    while (count >= 8) {
      block.push(waiting & 0xff);
      waiting >>>= 8;
      count -= 8;
      if (block.length === 255) {
        out.push(255, ...block);
        block = [];
      }
    }
  };
  emit(clearCode);
  let prefix = indices[0] ?? 0;
  for (let position = 1; position < indices.length; position += 1) {
    const index = indices[position] ?? 0;
    const known = joined[(prefix << 8) | index] ?? 0;
    if (known !== 0) {
      prefix = known;
      continue;
    }
    emit(prefix);
    if (next < MAXIMUM_CODES) {
      joined[(prefix << 8) | index] = next;
      // The reader learns each string one code later than we do, so the width grows when the next free code would no longer fit.
      if (next === 1 << width && width < 12) {
        width += 1;
      }
      next += 1;
    } else {
      emit(clearCode);
      joined.fill(0);
      width = bits + 1;
      next = clearCode + 2;
    }
    prefix = index;
  }
  emit(prefix);
  if (next === 1 << width && width < 12) {
    width += 1;
  }
  emit(clearCode + 1);
  if (count > 0) {
    block.push(waiting & 0xff);
  }
  if (block.length > 0) {
    out.push(block.length, ...block);
  }
  out.push(0);
  return Uint8Array.from(out);
};
