import type { HostileFile } from './hostile-file.ts';

const LABEL =
  '{"Label":"1","ContentProducer":"001191110000MA0000000H10001","ProduceID":"1","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';
const OTHER = LABEL.replace('"1"', '"2"');

const checksum = (bytes: Uint8Array): number => {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
    }
  }
  return value >>> 0;
};

interface PageOptions {
  readonly serial?: number;
  readonly sequence?: number;
  readonly flags?: number;
  readonly isWrong?: boolean;
}

const page = (lacing: readonly number[], body: Uint8Array, { serial = 1, sequence = 0, flags = 0, isWrong = false }: PageOptions = {}): Buffer => {
  const bytes = Buffer.alloc(27 + lacing.length + body.length);
  bytes.write('OggS', 'latin1');
  bytes[5] = flags;
  bytes.writeUInt32LE(serial, 14);
  bytes.writeUInt32LE(sequence, 18);
  bytes[26] = lacing.length;
  bytes.set(lacing, 27);
  bytes.set(body, 27 + lacing.length);
  bytes.writeUInt32LE(isWrong ? 1 : checksum(bytes), 22);
  return bytes;
};

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value, 'latin1');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const lacingOf = (length: number): number[] => [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
const head = (serial = 1): Buffer => page([19], Buffer.from('OpusHead\x01\x01\0\0\0\0\0\0\0\0\0', 'latin1'), { serial, flags: 2 });
const tags = (comments: readonly string[], { count = comments.length, vendorBytes = 6 } = {}): Buffer =>
  Buffer.concat([Buffer.from('OpusTags'), u32(vendorBytes), Buffer.from('nobody'), u32(count), ...comments.map(text)]);
const headers = (packet: Buffer, options: PageOptions = {}): Buffer => page(lacingOf(packet.length), packet, { sequence: 1, ...options });
const link = (serial: number, ...comments: readonly string[]): Buffer => Buffer.concat([head(serial), headers(tags(comments), { serial })]);
const repeated = (unit: Buffer, sizeBytes: number): Buffer => Buffer.alloc(sizeBytes, unit);
const file = (...parts: readonly Buffer[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const SIZE_BYTES = 16 << 20;

/** Ogg files that are made to do harm. */
export const oggHostile: readonly HostileFile[] = [
  {
    name: 'Ogg wrong checksum',
    format: 'opus',
    bytes: () => file(head(), headers(tags([`AIGC=${LABEL}`]), { isWrong: true })),
    integrity: ['unsigned', 'malformed'],
  },
  {
    name: 'Ogg lacing that leads beyond the file',
    format: 'opus',
    bytes: () => file(head(), page(new Array<number>(255).fill(255), tags([`AIGC=${LABEL}`]), { sequence: 1 })),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg comment header that never ends',
    format: 'opus',
    bytes: () => file(head(), repeated(page([255], Buffer.alloc(255), { sequence: 1 }), SIZE_BYTES)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg label over many pages',
    format: 'opus',
    bytes: () => {
      const packet = tags([`A=${'x'.repeat(200_000)}`, `AIGC=${LABEL}`]);
      const lacing = lacingOf(packet.length);
      const pages: Buffer[] = [];
      for (let at = 0; at < lacing.length; at += 7) {
        const part = lacing.slice(at, at + 7);
        const start = at * 255;
        pages.push(
          page(part, packet.subarray(start, start + part.reduce((total, length) => total + length, 0)), {
            sequence: 1 + at / 7,
            flags: at === 0 ? 0 : 1,
          }),
        );
      }
      return file(head(), ...pages);
    },
    integrity: ['unsigned'],
  },
  {
    name: 'Ogg chained labels that disagree',
    format: 'opus',
    bytes: () => file(link(1, `AIGC=${LABEL}`), link(2, `AIGC=${OTHER}`)),
    integrity: ['ambiguous'],
  },
  {
    name: 'Ogg chain of thousands',
    format: 'opus',
    bytes: () => file(...Array.from({ length: 20_000 }, (_, serial) => link(serial))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg page flood without segments',
    format: 'opus',
    bytes: () => file(head(), repeated(page([], Buffer.alloc(0), { sequence: 1 }), SIZE_BYTES)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg first pages without end',
    format: 'opus',
    bytes: () => file(head(), repeated(head(2), SIZE_BYTES)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg capture patterns without pages',
    format: 'opus',
    bytes: () => file(link(1), repeated(Buffer.from('OggS\0'), SIZE_BYTES)),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg vendor of 4 GB',
    format: 'opus',
    bytes: () => file(head(), headers(tags([], { vendorBytes: 0xffff_ffff }))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Ogg 4 billion comments',
    format: 'opus',
    bytes: () => file(head(), headers(tags([`AIGC=${LABEL}`], { count: 0xffff_ffff }))),
    integrity: ['unsigned', 'malformed'],
  },
  { name: 'Ogg cut inside its first page', format: 'opus', bytes: () => file(head().subarray(0, 40)), integrity: ['malformed', 'unsupported'] },
];
