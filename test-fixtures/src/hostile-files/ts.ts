import type { HostileFile } from './hostile-file.ts';

const packet = (pid: number, isStart: boolean, payload: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(188, 0xff);
  bytes.set([0x47, (isStart ? 0x40 : 0) | (pid >> 8), pid & 255, 0x10, ...payload]);
  return bytes;
};
const pat = packet(0, true, [0, 0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1, 0xe1, 0, 1, 2, 3, 4]);
const pmt = packet(0x100, true, [0, 2, 0xb0, 18, 0, 1, 0xc1, 0, 0, 0xe1, 1, 0xf0, 0, 0x15, 0xe1, 2, 0xf0, 0, 1, 2, 3, 4]);
const tag = packet(0x102, true, [0, 0, 1, 0xbd, 0, 0, 0x84, 0, 0, 0x49, 0x44, 0x33, 4, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]);
const NO_LABEL: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity = NO_LABEL): HostileFile => ({ name, format: 'ts', bytes, integrity });
const filler = Buffer.alloc(188 * 5, packet(0x1fff, false, []));

/** Transport streams that are made to do harm. */
export const tsHostile: readonly HostileFile[] = [
  file('an adaptation field that is longer than its packet', () => {
    const long = packet(0, true, [255]);
    long[3] = 0x30;
    return Buffer.concat([pat, long, filler]);
  }, ['absent']),
  file('a table that is longer than its packet', () => Buffer.concat([pat, packet(0x100, true, [200, 2, 0xbf, 255, 255]), filler]), ['absent']),
  file('100,000 tags of 256 MB', () => Buffer.concat([pat, pmt, Buffer.alloc(188 * 100_000, tag)])),
  file('100,000 tables', () => Buffer.concat([Buffer.alloc(188 * 100_000, pat)]), ['absent']),
  file('packets that stop', () => Buffer.concat([pat, pmt, tag, Buffer.alloc(188 * 30, packet(0x1fff, false, [])), Buffer.alloc(1 << 20)])),
];
