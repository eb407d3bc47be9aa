import type { HostileFile } from './hostile-file.ts';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
const box = (type: string, content: Uint8Array, size = 8 + content.length): Buffer =>
  Buffer.concat([u32(size), Buffer.from(type, 'latin1'), content]);
const styp = box('styp', Buffer.from('msdh\0\0\0\0msdh', 'latin1'));
const user = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const NO_LABEL: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity = NO_LABEL): HostileFile => ({ name, format: 'cmaf', bytes, integrity });

/** Media segments that are made to do harm. */
export const cmafHostile: readonly HostileFile[] = [
  file('a box of size 1 that ends the file', () => Buffer.concat([styp, box('moof', Buffer.alloc(4), 1)])),
  file('a box of size 7', () => Buffer.concat([styp, box('moof', Buffer.alloc(4), 7)])),
  file('a box of 2^64 - 1 bytes', () => Buffer.concat([styp, box('mdat', Buffer.alloc(16, 255), 1)])),
  file('XMP of 4 GB', () => Buffer.concat([styp, box('uuid', user, 0xffff_ffff)])),
  file('XMP of 15 MB', () => Buffer.concat([styp, box('uuid', Buffer.concat([user, Buffer.alloc(15 << 20, 0x20)]))])),
  file('600,000 boxes of XMP', () => Buffer.concat([styp, Buffer.alloc(600_000 * 24, box('uuid', user))])),
  file('two million empty boxes', () => Buffer.concat([styp, Buffer.alloc(2_000_000 * 8, box('free', Buffer.alloc(0)))])),
  file('a moof 10,000 deep', () => {
    const depth = 10_000;
    const all = Buffer.alloc(depth * 8);
    for (let index = 0; index < depth; index += 1) {
      box('moof', Buffer.alloc(0), (depth - index) * 8).copy(all, index * 8);
    }
    return Buffer.concat([styp, all]);
  }, ['absent']),
];
