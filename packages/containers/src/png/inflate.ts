import { concat } from '@aigc-label/core';

/** How a stretch was compressed: `deflate` with the header and checksum of zlib (RFC 1950), `deflate-raw` without (RFC 1951). */
export type Compression = 'deflate' | 'deflate-raw';

/**
 * A zlib stream (or, for ZIP, a raw one) as bytes; `'limit'` as soon as it gives more than `limitBytes` (486 KB of PNG can hold 500 MB of text: spec/provenance.md §4.4), `'damaged'` where
 * it is not one.
 */
export const inflateBounded = async (
  compressed: Uint8Array,
  limitBytes: number,
  compression: Compression = 'deflate',
): Promise<Uint8Array | 'limit' | 'damaged'> => {
  const stream = new DecompressionStream(compression);
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
