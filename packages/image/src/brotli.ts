/**
 * A Brotli stream (RFC 7932) as bytes; `'limit'` where it gives more than `limitBytes`, `'damaged'` where it is not one, `'missing'` where this JavaScript engine has no
 * decoder: Node has one, browsers have none that a page may call.
 */
export const inflateBrotli = async (compressed: Uint8Array, limitBytes: number): Promise<Uint8Array | 'limit' | 'damaged' | 'missing'> => {
  const zlib = await import('node:zlib').catch(() => undefined);
  if (zlib?.brotliDecompressSync === undefined) {
    return 'missing';
  }
  try {
    return new Uint8Array(zlib.brotliDecompressSync(compressed, { maxOutputLength: Math.max(1, limitBytes) }));
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'limit' : 'damaged';
  }
};
