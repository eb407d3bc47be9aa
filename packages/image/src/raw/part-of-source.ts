import { assertInside, type ByteSource } from '@aigc-label/core';

/** A stretch of a source as a source of its own; what leaves the whole is cut off. */
export const partOfSource = (source: ByteSource, start: number, length: number): ByteSource => {
  const from = Math.min(start, source.size);
  const size = Math.min(length, source.size - from);
  return {
    size,
    ...(source.isInMemory === true ? { isInMemory: true } : {}),
    read: (offset, many) => {
      assertInside(size, offset, many);
      return source.read(from + offset, many);
    },
  };
};
