import { damaged, LabelError } from '../errors.ts';

/**
 * Where bytes are read from: memory, a file, a Blob, a range request.
 *
 * `read` returns exactly `length` bytes that the caller must not change, or throws `LabelError` `FILE_DAMAGED` where the range
 * leaves the source. Small neighbouring reads may be assumed to be cheap; a read is never larger than what the caller has bounded.
 */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** Set where all bytes are at hand, so that reading a stretch again costs nothing. */
  readonly isInMemory?: true;
  /** Set where exactly these bytes are a file on this machine's disk, for tools that want to open it themselves. */
  readonly path?: string;
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A source over bytes in memory; reads are views, not copies. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  isInMemory: true,
  read(offset, length) {
    assertInside(bytes.length, offset, length);
    return bytes.subarray(offset, offset + length);
  },
});

/** Throws `LabelError` `FILE_DAMAGED` unless `offset` and `length` are whole numbers that lie inside `size` bytes. */
export const assertInside = (size: number, offset: number, length: number): void => {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0 || offset + length > size) {
    throw damaged('file', Math.max(0, Math.min(Number(offset) || 0, size)), `${length} bytes are announced but the file has ${size}`);
  }
};

/**
 * Reads a range whose length comes from the file itself.
 *
 * @param limitBytes the most that may be held in memory for this structure.
 * @throws LabelError `LIMIT_EXCEEDED` above the limit, `FILE_DAMAGED` beyond the end of the source.
 */
export const readBounded = async (source: ByteSource, offset: number, length: number, limitBytes: number, site: string): Promise<Uint8Array> => {
  if (length > limitBytes) {
    throw new LabelError('LIMIT_EXCEEDED', `${site} at byte ${offset} holds ${length} bytes; at most ${limitBytes} are read.`, {
      data: { site, offset, length, limitBytes },
    });
  }
  if (offset + length > source.size) {
    throw damaged(site, offset, `${length} bytes are announced but the file ends after ${Math.max(0, source.size - offset)}`);
  }
  return source.read(offset, length);
};
