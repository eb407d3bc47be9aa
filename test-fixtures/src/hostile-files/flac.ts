import type { HostileFile } from './hostile-file.ts';

const LABEL =
  '{"Label":"1","ContentProducer":"001191110000MA0000000H10001","ProduceID":"1","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';
const OTHER = LABEL.replace('"1"', '"2"');

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([u32(value.length), Buffer.from(value, 'latin1')]);
const list = (comments: readonly string[], { count = comments.length, vendorBytes = 6 } = {}): Buffer =>
  Buffer.concat([u32(vendorBytes), Buffer.from('nobody'), u32(count), ...comments.map(text)]);
const block = (type: number, data: Buffer, { isLast = false, size = data.length } = {}): Buffer =>
  Buffer.concat([Buffer.of(type | (isLast ? 0x80 : 0), size >>> 16, (size >>> 8) & 255, size & 255), data]);
const info = block(0, Buffer.alloc(34));
const file = (...parts: readonly Buffer[]): Uint8Array => new Uint8Array(Buffer.concat([Buffer.from('fLaC'), info, ...parts]));
const comments = (data: Buffer): Uint8Array => file(block(4, data, { isLast: true }));

/** FLAC files that are made to do harm. */
export const flacHostile: readonly HostileFile[] = [
  {
    name: 'FLAC block larger than the file',
    format: 'flac',
    bytes: () => file(block(4, list([]), { isLast: true, size: 0xff_ffff })),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC label in front of a block larger than the file',
    format: 'flac',
    bytes: () => file(block(4, list([`AIGC=${LABEL}`])), block(6, Buffer.alloc(9), { size: 0xff_ffff })),
    integrity: ['unsigned', 'malformed'],
  },
  {
    name: 'FLAC million of empty blocks',
    format: 'flac',
    bytes: () => file(Buffer.alloc(4 << 20, block(1, Buffer.alloc(0)))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC million of empty comments',
    format: 'flac',
    bytes: () => comments(Buffer.concat([list([], { count: 4_000_000 }), Buffer.alloc(16 << 20).subarray(0, (16 << 20) - 100)])),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC 4 billion comments',
    format: 'flac',
    bytes: () => comments(list(['A=b'], { count: 0xffff_ffff })),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC vendor of 4 GB',
    format: 'flac',
    bytes: () => comments(list([], { vendorBytes: 0xffff_ffff })),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC label of 8 MB',
    format: 'flac',
    bytes: () => comments(list([`AIGC=${'x'.repeat(8 << 20)}`])),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLAC thousands of labels',
    format: 'flac',
    bytes: () => comments(list(Array.from({ length: 9000 }, () => `AIGC=${LABEL}`))),
    integrity: ['unsigned', 'ambiguous', 'malformed'],
  },
  {
    name: 'FLAC two lists that disagree',
    format: 'flac',
    bytes: () => file(block(4, list([`AIGC=${LABEL}`])), block(4, list([`AIGC=${OTHER}`]), { isLast: true })),
    integrity: ['ambiguous'],
  },
  {
    name: 'FLAC that never leaves its metadata',
    format: 'flac',
    bytes: () => file(block(1, Buffer.alloc(100))),
    integrity: ['malformed', 'unsupported'],
  },
];
