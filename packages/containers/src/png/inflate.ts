import { concat } from '@aigc-label/core';

/**
 * A zlib stream as bytes; `'limit'` as soon as it gives more than `limitBytes` (486 KB of PNG can hold 500 MB of text: spec/provenance.md §4.4), `'damaged'` where
 * it is not one.
 */
export const inflateBounded = async (compressed: Uint8Array, limitBytes: number): Promise<Uint8Array | 'limit' | 'damaged'> => {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  // The same failure comes out at the reading side, where it is caught.
  writer.write(compressed.slice()).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return concat(...parts);
      }
      total += value.length;
      if (total > limitBytes) {
        await reader.cancel();
        return 'limit';
      }
      parts.push(value);
    }
  } catch {
    return 'damaged';
  }
};
