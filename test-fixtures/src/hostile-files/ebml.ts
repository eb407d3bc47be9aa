import type { HostileFile } from './hostile-file.ts';

const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'));
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const el = (id: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const data = joined(...content);
  return joined(hex(id), hex((BigInt(data.length) | (1n << 56n)).toString(16).padStart(16, '0')), data);
};
const open = (id: string, ...content: readonly Uint8Array[]): Uint8Array => joined(hex(id), hex('01ffffffffffffff'), ...content);
const repeated = (pattern: string, bytes: number): Uint8Array => new Uint8Array(Buffer.alloc(bytes, pattern, 'hex'));

const head = (docType = 'matroska'): Uint8Array => el('1a45dfa3', el('4282', text(docType)));
const info = el('1549a966', el('7ba9', text('title')));
const label = (id = 'x'): Uint8Array =>
  el('7373', el('63c0'), el('67c8', el('45a3', text('AIGC')), el('4487', text(`{"Label":"1","ContentProducer":"p","ProduceID":"${id}"}`))));
const nested = (depth: number): Uint8Array => {
  let inside: Uint8Array = el('67c8', el('45a3', text('AIGC')));
  for (let level = 0; level < depth; level += 1) {
    inside = joined(hex('67c8'), hex((BigInt(inside.length) | (1n << 28n)).toString(16).padStart(8, '0')), inside);
  }
  return inside;
};
const SIZE = 16 << 20;

/** EBML (spec/provenance.md §4.4): unknown sizes, floods, lies. */
export const ebmlHostile: readonly HostileFile[] = [
  {
    name: 'EBML unknown size of the Segment, a flood of Voids',
    format: 'mkv',
    bytes: () => joined(head(), open('18538067', info, repeated('ec80', SIZE))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'a Cluster of unknown size, a flood of frames',
    format: 'webm',
    bytes: () => joined(head('webm'), open('18538067', info, open('1f43b675', repeated('a380', SIZE)))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'a flood of empty Clusters',
    format: 'mkv',
    bytes: () => joined(head(), open('18538067', info, repeated('1f43b67580', SIZE))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'a flood of empty Tags',
    format: 'mkv',
    bytes: () => joined(head(), open('18538067', info, repeated('1254c36780', SIZE))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'a flood of SeekHeads',
    format: 'mkv',
    bytes: () => joined(head(), open('18538067', repeated('114d9b7480', SIZE))),
    integrity: ['malformed', 'unsupported'],
  },
  { name: 'a flood of Segments', format: 'mkv', bytes: () => joined(head(), repeated('1853806780', SIZE)), integrity: ['absent'] },
  {
    name: 'Tags of 16 MiB',
    format: 'mkv',
    bytes: () => joined(head(), el('18538067', info, el('1254c367', repeated('737380', SIZE)))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Tags of elements of no size',
    format: 'mkv',
    bytes: () => joined(head(), el('18538067', info, el('1254c367', repeated('737380', 380_000)))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'ten thousand labels',
    format: 'mkv',
    bytes: () => joined(head(), el('18538067', info, ...Array.from({ length: 10_000 }, (_, index) => el('1254c367', label(String(index)))))),
    integrity: ['ambiguous'],
  },
  {
    name: 'SimpleTags that nest ten thousand deep',
    format: 'mkv',
    bytes: () => joined(head(), el('18538067', info, el('1254c367', el('7373', nested(10_000))))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'a SeekHead of thousands of entries that lead into a frame',
    format: 'mkv',
    bytes: manyEntries,
    integrity: ['absent', 'ambiguous', 'unsigned'],
  },
  {
    name: 'the size of the Segment beyond 2^53',
    format: 'mkv',
    bytes: () => joined(head(), hex('18538067'), hex('01fffffffffffffe'), info, el('1254c367', label())),
    integrity: ['unsigned'],
  },
  {
    name: 'Tags of unknown size',
    format: 'mkv',
    bytes: () => joined(head(), el('18538067', info, open('1254c367', label()))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'Tags that lead beyond the Segment',
    format: 'mkv',
    bytes: () => joined(head(), hex('18538067'), hex('90'), joined(hex('1254c367'), hex('4fff'), label())),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'IDs of five bytes allowed',
    format: 'mkv',
    bytes: () => joined(el('1a45dfa3', el('4282', text('matroska')), el('42f2', hex('05'))), el('18538067', info)),
    integrity: ['unsupported'],
  },
  {
    name: 'an EBML header without end',
    format: 'mkv',
    bytes: () => joined(hex('1a45dfa3'), hex('01fffffffffffff0'), el('4282', text('matroska')), info),
    integrity: ['malformed', 'unsupported'],
  },
];

function manyEntries(): Uint8Array {
  const entry = joined(el('53ab', hex('1254c367')), el('53ac', hex('00000200')));
  const seekHead = el('114d9b74', ...Array.from({ length: 600 }, () => el('4dbb', entry)));
  return joined(head(), open('18538067', seekHead, info, el('1f43b675', el('a3', el('1254c367', label())))));
}
