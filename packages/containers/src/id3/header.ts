// ID3v2 headers: id3v2-00 §3.1 (2.2), id3v2.3.0 §3.1, id3v2.4.0-structure §3.1, §3.4, §6.2.

/** The size in bytes of an ID3v2 header, and of a footer. */
export const ID3_HEADER_BYTES: number = 10;

/** The largest size a tag can announce: 28 bits. */
export const ID3_MAXIMUM_SIZE: number = 2 ** 28 - 1;

const UNDEFINED_FLAGS: Readonly<Record<2 | 3 | 4, number>> = { 2: 0x7f, 3: 0x1f, 4: 0x0f };

/** The first ten bytes of an ID3v2 tag. */
export interface Id3Header {
  readonly version: 2 | 3 | 4;
  readonly flags: number;
  /** Bytes between the header and the footer or the end. */
  readonly sizeBytes: number;
  /** Whether the frames are unsynchronised: the whole tag in 2.2 and 2.3, each frame in 2.4. */
  readonly isUnsynchronised: boolean;
  readonly hasExtendedHeader: boolean;
  readonly hasFooter: boolean;
  /** Set where a flag says that this tag cannot be read by a reader of these versions. */
  readonly unknownFlags: boolean;
}

/** Header with footer, in bytes, of the whole tag. */
export const id3TotalBytes = (header: Id3Header): number => ID3_HEADER_BYTES + header.sizeBytes + (header.hasFooter ? ID3_HEADER_BYTES : 0);

/** The header at `offset` of `bytes`, or `undefined` where there is none of a known version. */
export const parseId3Header = (bytes: Uint8Array, offset = 0): Id3Header | undefined => {
  if (!isId3(bytes, offset) || offset + ID3_HEADER_BYTES > bytes.length) {
    return undefined;
  }
  const version = bytes[offset + 3];
  const flags = bytes[offset + 5] ?? 0;
  const sizeBytes = fromSyncsafe(bytes.subarray(offset + 6, offset + 10));
  if ((version !== 2 && version !== 3 && version !== 4) || bytes[offset + 4] === 0xff || sizeBytes === undefined) {
    return undefined;
  }
  return {
    version,
    flags,
    sizeBytes,
    isUnsynchronised: (flags & 0x80) !== 0,
    hasExtendedHeader: version > 2 && (flags & 0x40) !== 0,
    hasFooter: version === 4 && (flags & 0x10) !== 0,
    // 2.2 §3.1: bit 6 is a compression that was never defined, and the tag is to be ignored.
    unknownFlags: (flags & UNDEFINED_FLAGS[version]) !== 0,
  };
};

/** Whether `bytes` says `ID3` at `offset`, of whatever version. */
export const isId3 = (bytes: Uint8Array, offset = 0): boolean => bytes[offset] === 0x49 && bytes[offset + 1] === 0x44 && bytes[offset + 2] === 0x33;

/** Seven bits a byte, most significant first; `undefined` where a top bit is set. */
export const fromSyncsafe = (bytes: Uint8Array): number | undefined => {
  let value = 0;
  for (const byte of bytes) {
    if (byte > 0x7f) {
      return undefined;
    }
    value = value * 128 + byte;
  }
  return value;
};

/** A number below 2^28 as four bytes of seven bits. */
export const toSyncsafe = (value: number): Uint8Array =>
  Uint8Array.of((value >>> 21) & 0x7f, (value >>> 14) & 0x7f, (value >>> 7) & 0x7f, value & 0x7f);
