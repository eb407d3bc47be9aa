import type { ByteSource } from './source.ts';

/** What is remembered in all; beyond it, reads go through. */
const MAXIMUM_REMEMBERED_BYTES = 16 << 20;

/**
 * A source that fetches each stretch once: reading and then planning walk the same structure, and the second walk costs nothing.
 * What is remembered is bounded, and views stay valid.
 */
export const rememberingSource = (source: ByteSource): ByteSource => {
  if (source.isInMemory === true) {
    return source;
  }
  const known = new Map<number, Uint8Array>();
  let rememberedBytes = 0;
  const remember = (offset: number, bytes: Uint8Array): Uint8Array => {
    if (rememberedBytes + bytes.length <= MAXIMUM_REMEMBERED_BYTES) {
      rememberedBytes += bytes.length;
      known.set(offset, bytes);
    }
    return bytes;
  };
  return {
    size: source.size,
    read(offset, length) {
      const bytes = known.get(offset);
      if (bytes !== undefined && bytes.length >= length) {
        return bytes.subarray(0, length);
      }
      const read = source.read(offset, length);
      return read instanceof Uint8Array ? remember(offset, read) : read.then((fetched) => remember(offset, fetched));
    },
  };
};
