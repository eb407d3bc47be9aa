import type { HostileFile } from './hostile-file.ts';

const text = (value: string): readonly number[] => [...value].map((character) => character.charCodeAt(0));
const u32 = (value: number): readonly number[] => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
const bmp = (width: number, height: number, tail: readonly number[], bits = 24, compression = 0): Uint8Array => {
  const dib = [...u32(40), ...u32(width), ...u32(height), 1, 0, bits, 0, ...u32(compression), ...u32(0), ...u32(0), ...u32(0), ...u32(0), ...u32(0)];
  return Uint8Array.from([...text('BM'), ...u32(54 + tail.length), ...u32(0), ...u32(54), ...dib, ...tail]);
};
const ANY = ['malformed', 'unsupported'] as const;
const repeated = (head: Uint8Array, piece: string, count: number): Uint8Array => {
  const tail = new TextEncoder().encode(piece.repeat(count));
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
};
const PIXEL = [0, 0, 0, 0];

/** Bitmaps and icons that are made to do harm. */
export const bitmapHostile: readonly HostileFile[] = [
  { name: 'two thousand million pixels a side', format: 'bmp', bytes: () => bmp(0x7fff_ffff, 0x7fff_ffff, PIXEL), integrity: ANY },
  { name: 'a height of minus two thousand million', format: 'bmp', bytes: () => bmp(1, 0x8000_0000, PIXEL), integrity: ANY },
  { name: 'no pixels', format: 'bmp', bytes: () => bmp(0, 0, PIXEL), integrity: ANY },
  { name: 'a compression that nobody knows', format: 'bmp', bytes: () => bmp(1, 1, PIXEL, 24, 99), integrity: ANY },
  { name: 'packets that never end', format: 'bmp', bytes: () => repeated(bmp(1, 1, PIXEL), '<?xpacket begin', 1_000_000), integrity: ANY },
  {
    name: 'white space that does not end',
    format: 'bmp',
    bytes: () => repeated(bmp(1, 1, [...PIXEL, 0x78, ...Array.from({ length: 250_000 }, () => 32)]), 'x', 1),
    integrity: ['absent'],
  },
  { name: 'a million markers', format: 'bmp', bytes: () => repeated(bmp(1, 1, PIXEL), 'AIGC{', 3_000_000), integrity: ANY },
  {
    name: 'an icon of 65,535 pictures',
    format: null,
    bytes: () => Uint8Array.from([0, 0, 1, 0, 0xff, 0xff, ...Array.from({ length: 64 }, () => 1)]),
    integrity: ANY,
  },
  {
    name: 'an icon whose picture has 4 GB',
    format: 'ico',
    bytes: () => Uint8Array.from([0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 24, 0, ...u32(0xffff_ffff), ...u32(0xffff_ffff)]),
    integrity: ANY,
  },
];
