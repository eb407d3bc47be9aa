import type { HostileFile } from './hostile-file.ts';

const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const chunk = (id: string, data: Uint8Array, size = data.length): Buffer =>
  Buffer.concat([Buffer.from(id, 'latin1'), le32(size), data, Buffer.alloc(data.length % 2)]);
const list = (type: string, ...children: readonly Uint8Array[]): Buffer => chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...children]));
const avi = (...chunks: readonly Uint8Array[]): Buffer => chunk('RIFF', Buffer.concat([Buffer.from('AVI ', 'latin1'), ...chunks]));
const head = list('hdrl', chunk('avih', Buffer.alloc(56)));
const movie = list('movi', chunk('00dc', Buffer.alloc(40)));
const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const many = (count: number, piece: Buffer): Buffer => Buffer.alloc(count * piece.length, piece);

const nested = (depth: number): Buffer => {
  let inside: Buffer = Buffer.alloc(0);
  for (let index = 0; index < depth; index += 1) {
    inside = list('INFO', inside);
  }
  return inside;
};

const NO_LABEL: HostileFile['integrity'] = ['malformed', 'unsupported'];

/** AVI files that are made to do harm. */
export const aviHostile: readonly HostileFile[] = [
  { name: 'a list of facts of size 0', format: 'avi', bytes: () => avi(head, chunk('LIST', Buffer.alloc(0)), movie), integrity: ['absent'] },
  { name: 'a list without room for its type', format: 'avi', bytes: () => avi(head, chunk('LIST', Buffer.alloc(2)), movie), integrity: ['absent'] },
  {
    name: 'a label of 4 GB',
    format: 'avi',
    bytes: () => avi(head, list('INFO', chunk('AIGC', text('{}'), 0xffff_ffff)), movie),
    integrity: NO_LABEL,
  },
  {
    name: 'a RIFF of size 0xFFFFFFFF',
    format: 'avi',
    bytes: () => Buffer.concat([text('RIFF'), le32(0xffff_ffff), text('AVI '), head, movie]),
    integrity: ['absent'],
  },
  { name: 'a RIFF of size 0', format: 'avi', bytes: () => Buffer.concat([text('RIFF'), le32(0), text('AVI '), head, movie]), integrity: ['absent'] },
  { name: 'an odd chunk without padding', format: 'avi', bytes: () => avi(head, text('odd \x01\0\0\0x'), movie), integrity: ['absent'] },
  { name: '1,000 lists inside one another', format: 'avi', bytes: () => avi(nested(1000), movie), integrity: ['absent'] },
  { name: 'a million empty chunks', format: 'avi', bytes: () => avi(head, many(1_000_000, chunk('AIGC', Buffer.alloc(0)))), integrity: NO_LABEL },
  {
    name: '500,000 lists of facts',
    format: 'avi',
    bytes: () => avi(head, many(500_000, list('INFO', chunk('AIGC', text('{}'))))),
    integrity: NO_LABEL,
  },
  {
    name: 'a million parts of OpenDML',
    format: 'avi',
    bytes: () => Buffer.concat([avi(head, movie), many(1_000_000, chunk('RIFF', text('AVIX')))]),
    integrity: ['absent'],
  },
  {
    name: 'a part of OpenDML of 4 GB',
    format: 'avi',
    bytes: () => Buffer.concat([avi(head, movie), chunk('RIFF', text('AVIX'), 0xffff_ffff)]),
    integrity: NO_LABEL,
  },
  { name: '19 MB of padding', format: 'avi', bytes: () => avi(head, many(300, chunk('JUNK', Buffer.alloc(64 << 10))), movie), integrity: ['absent'] },
  { name: 'XMP of 15 MB', format: 'avi', bytes: () => avi(head, movie, chunk('_PMX', Buffer.alloc(15 << 20, 0x20))), integrity: NO_LABEL },
  {
    name: 'a label that is twice there, and differs',
    format: 'avi',
    bytes: () => avi(head, list('INFO', chunk('AIGC', text('{"Label":"1"}')), chunk('AIGC', text('{"Label":"2"}'))), movie),
    integrity: ['ambiguous', 'malformed', 'unsupported'],
  },
];
