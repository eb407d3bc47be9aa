/** The CRC-32 of PNG (PNG 3rd ed. §5.5, annex D). */
export const crc32 = (...parts: readonly Uint8Array[]): number => {
  let crc = 0xffffffff;
  for (const part of parts) {
    for (const byte of part) {
      crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
};

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});
