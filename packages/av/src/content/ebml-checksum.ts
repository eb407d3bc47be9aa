import { crcOf } from '@aigc-label/containers';
import { u32le } from '@aigc-label/core';

/** CRC-32 as EBML stores it: four bytes, least significant first (RFC 8794 §11.3.1). */
export const crc32Of = (bytes: Uint8Array): Uint8Array => {
  const crc = crcOf();
  crc.add(bytes);
  return u32le(crc.value());
};
