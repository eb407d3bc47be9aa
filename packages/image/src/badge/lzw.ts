/** GIF's LZW (GIF89a appendix F), in sub-blocks. */
import { damaged } from '@aigc-label/core';

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

/**
 * Image data as colour indices; what follows the last pixel is ignored.
 * @throws LabelError `FILE_DAMAGED` where the data end before `length` pixels or hold an impossible code.
 */
export const decodeLzw = (bytes: Uint8Array, start: number, length: number): Uint8Array => {
  const bits = bytes[start] ?? 0;
  if (bits < 1 || bits > 8) {
    throw damaged('gif/LZW', start, `a code size of ${bits} bits`);
  }
  const clearCode = 1 << bits;
  const prefixes = new Uint16Array(MAXIMUM_CODES);
  const suffixes = new Uint8Array(MAXIMUM_CODES).map((_, code) => code & 0xff);
  const string = new Uint8Array(MAXIMUM_CODES + 1);
  // Every pixel costs at least a 4,096th of a code, so that no file can ask for more than it pays for.
  const indices = new Uint8Array(length);
  let [position, left, waiting, count] = [start + 1, 0, 0, 0];
  let [width, next, previous, written] = [bits + 1, clearCode + 2, -1, 0];
  while (written < length) {
    while (count < width) {
      if (left === 0) {
        left = bytes[position] ?? 0;
        position += 1;
        if (left === 0) {
          throw damaged('gif/LZW', position, 'the compressed picture ends too early');
        }
      }
      waiting |= (bytes[position] ?? 0) << count;
      count += 8;
      position += 1;
      left -= 1;
    }
    const code = waiting & ((1 << width) - 1);
    waiting >>>= width;
    count -= width;
    if (code === clearCode) {
      [width, next, previous] = [bits + 1, clearCode + 2, -1];
      continue;
    }
    if (code === clearCode + 1 || code > next || (code === next && (previous < 0 || next === MAXIMUM_CODES)) || (previous < 0 && code > clearCode)) {
      throw damaged('gif/LZW', position, code === clearCode + 1 ? 'the compressed picture ends too early' : 'a code that was never defined');
    }
    let size = 0;
    let link = code === next ? previous : code;
    for (; link >= clearCode + 2; link = prefixes[link] ?? 0) {
      string[size] = suffixes[link] ?? 0;
      size += 1;
    }
    string[size] = link;
    size += 1;
    const first = link;
    for (let at = size - 1; at >= 0 && written < length; at -= 1, written += 1) {
      indices[written] = string[at] ?? 0;
    }
    if (code === next && written < length) {
      indices[written] = first;
      written += 1;
    }
    if (previous >= 0 && next < MAXIMUM_CODES) {
      prefixes[next] = previous;
      suffixes[next] = first;
      next += 1;
      if (next === 1 << width && width < 12) {
        width += 1;
      }
    }
    previous = code;
  }
  return indices;
};
