import type { HostileFile } from './hostile-file.ts';

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const be = (value: number, width: number): Uint8Array => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return new Uint8Array(bytes);
};
const START = joined(text('FLV'), Uint8Array.of(1, 5, 0, 0, 0, 9, 0, 0, 0, 0));
const tag = (type: number, data: Uint8Array): Uint8Array =>
  joined(Uint8Array.of(type), be(data.length, 3), new Uint8Array(7), data, be(11 + data.length, 4));
const NAME = joined(Uint8Array.of(2), be(10, 2), text('onMetaData'));
const metadata = (...values: readonly Uint8Array[]): Uint8Array => tag(18, joined(NAME, ...values));
const LABEL = '{"Label":"1","ContentProducer":"p","ProduceID":"x"}';
const label = joined(be(4, 2), text('AIGC'), Uint8Array.of(2), be(LABEL.length, 2), text(LABEL));
const repeated = (pattern: Uint8Array, bytes: number): Uint8Array => new Uint8Array(Buffer.alloc(bytes, pattern));

/** FLV: floods and lies; not in the catalogue of spec/provenance.md §4.4 by name, but of the same kinds. */
export const flvHostile: readonly HostileFile[] = [
  {
    name: 'FLV: a flood of empty tags',
    format: 'flv',
    bytes: () => joined(START, repeated(tag(9, new Uint8Array(0)), 16 << 20)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: a flood of onMetaData',
    format: 'flv',
    bytes: () => joined(START, repeated(metadata(Uint8Array.of(3, 0, 0, 9)), 16 << 20)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: objects that nest a hundred thousand deep',
    format: 'flv',
    bytes: () => joined(START, metadata(repeated(Uint8Array.of(3, 0, 1, 65), 400_000))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: an array of four billion',
    format: 'flv',
    bytes: () => joined(START, metadata(Uint8Array.of(0x0a, 255, 255, 255, 255), new Uint8Array(440_000).fill(5))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: onMetaData of 16 MiB',
    format: 'flv',
    bytes: () => joined(START, metadata(new Uint8Array(0xfffff0 - 13))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: two labels',
    format: 'flv',
    bytes: () => joined(START, metadata(Uint8Array.of(3), label, label, Uint8Array.of(0, 0, 9))),
    integrity: ['unsigned', 'ambiguous'],
  },
  {
    name: 'FLV: a string beyond its script',
    format: 'flv',
    bytes: () => joined(START, metadata(Uint8Array.of(3), label.slice(0, -9))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: a tag beyond the file',
    format: 'flv',
    bytes: () => joined(START, Uint8Array.of(18, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0), NAME),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: a header of four billion bytes',
    format: 'flv',
    bytes: () => joined(text('FLV'), Uint8Array.of(1, 5, 255, 255, 255, 255), label),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'FLV: a label of 32 MiB in a long string',
    format: 'flv',
    bytes: () => joined(START, metadata(Uint8Array.of(3), be(4, 2), text('AIGC'), Uint8Array.of(0x0c, 2, 0, 0, 0), text(LABEL))),
    integrity: ['malformed', 'unsupported'],
  },
];
