/** A CRC-32 over bytes that come in parts. */
export interface RunningCrc {
  add(bytes: Uint8Array): void;
  value(): number;
}

/** The CRC-32 of PNG (PNG 3rd ed. §5.5, annex D), which is EBML's, too, part by part. */
export const crcOf = (): RunningCrc => {
  let crc = 0xffffffff;
  return {
    add(bytes) {
      let running = crc;
      for (const byte of bytes) {
        running = (TABLE[(running ^ byte) & 0xff] ?? 0) ^ (running >>> 8);
      }
      crc = running;
    },
    value: () => (crc ^ 0xffffffff) >>> 0,
  };
};

/** The same over parts at hand. */
export const crc32 = (...parts: readonly Uint8Array[]): number => {
  const crc = crcOf();
  for (const part of parts) {
    crc.add(part);
  }
  return crc.value();
};

const TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});
