import { checksumShift } from '../shifted-checksum.ts';

/** The checksum of LAME's tag: polynomial 0x8005, least significant bit first, beginning with 0; `before` is that of what stood in front. */
export const crc16 = (bytes: Uint8Array, before = 0): number => {
  let value = before;
  for (let index = 0; index < bytes.length; index += 1) {
    value = (value >>> 8) ^ (TABLE[(value ^ (bytes[index] as number)) & 0xff] as number);
  }
  return value;
};

const TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = (value & 1) === 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  }
  return value;
});

/** The checksum after `zeroBytes` zeros more. */
export const crc16Shift: (value: number, zeroBytes: number) => number = checksumShift((value) => (value >>> 8) ^ (TABLE[value & 0xff] as number), 16);
