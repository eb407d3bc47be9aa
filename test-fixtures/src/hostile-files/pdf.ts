import { deflateSync } from 'node:zlib';
import { flate, header, open, page, revision } from '../build/pdf.ts';
import { anotherSlotText, sampleSlotText } from '../slot-text.ts';
import type { HostileFile } from './hostile-file.ts';

const literal = (text: string): string => `(${text.replace(/[\\()]/g, '\\$&')})`;
const info = (text: string): string => `<</AIGC ${literal(text)}>>`;
const TRAILER = '/Root 1 0 R/Info 4 0 R';
const labelled = (text: string = sampleSlotText.value): Uint8Array => revision(header(), { objects: { ...page(), 4: info(text) }, trailer: TRAILER });
const joined = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
const tailOf = (bytes: Uint8Array, change: (text: string) => string): Uint8Array => joined(change(Buffer.from(bytes).toString('latin1')));
/** 64 MiB of zeros in 64 KiB: four times what is ever unpacked here, and made once. */
const BOMB_BYTES = 64 << 20;
let packedZeros: Buffer | undefined;
const bomb = (): Buffer => {
  packedZeros ??= deflateSync(new Uint8Array(BOMB_BYTES));
  return packedZeros;
};
const NONE: HostileFile['integrity'] = ['malformed', 'unsupported'];

/** PDFs that are made to do harm (spec/provenance.md §4.4). */
export const pdfHostile: readonly HostileFile[] = [
  {
    name: 'cross-reference table whose /Prev is itself',
    format: 'pdf',
    bytes: () => {
      const bytes = Buffer.from(labelled());
      const at = bytes.lastIndexOf('xref\n0');
      return tailOf(bytes, (text) => text.replace('/Root', `/Prev ${String(at)}/Root`));
    },
    integrity: ['unsigned'],
  },
  {
    name: 'two sections whose /Prev are each other',
    format: 'pdf',
    bytes: () => {
      const once = revision(header(), { objects: { ...page(), 4: '<<>>' }, trailer: `${TRAILER}/Prev 000000` });
      const twice = revision(once, { objects: { 4: info(sampleSlotText.value) }, trailer: TRAILER });
      const second = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(twice).toString('latin1'))?.[1] ?? '';
      return tailOf(twice, (text) => text.replace('/Prev 000000', `/Prev ${second.padStart(6, '0')}`));
    },
    integrity: ['unsigned'],
  },
  {
    name: 'table of 10^9 entries',
    format: 'pdf',
    bytes: () => tailOf(labelled(), (text) => text.replace('xref\n0 1\n', 'xref\n0 1000000000\n')),
    integrity: ['unsigned', ...NONE],
  },
  {
    name: 'table of a million sections',
    format: 'pdf',
    bytes: () => {
      const rows = '9 0\n'.repeat(1_000_000);
      const bytes = joined(header(), 'xref\n', rows, `trailer\n<<${TRAILER}/Size 5>>\nstartxref\n15\n%%EOF\n`);
      return bytes;
    },
    integrity: NONE,
  },
  {
    name: 'chain of ten thousand revisions',
    format: 'pdf',
    bytes: () => {
      const parts: Uint8Array[] = [labelled()];
      let at = parts[0]?.length ?? 0;
      let previous = /startxref\s+(\d+)/.exec(Buffer.from(parts[0] as Uint8Array).toString('latin1'))?.[1] ?? '0';
      for (let index = 0; index < 10_000; index += 1) {
        const part = Buffer.from(`xref\n0 0\ntrailer\n<<${TRAILER}/Size 5/Prev ${previous}>>\nstartxref\n${at}\n%%EOF\n`);
        previous = String(at);
        at += part.length;
        parts.push(part);
      }
      return joined(...parts);
    },
    integrity: ['unsigned', ...NONE],
  },
  {
    name: 'sixty tables of 20,000 sections',
    format: 'pdf',
    bytes: () => {
      const rows = '9 0\n'.repeat(20_000);
      const parts: (string | Uint8Array)[] = [header()];
      let at = header().length;
      let prev = '';
      for (let index = 0; index < 60; index += 1) {
        const part = `xref\n${rows}trailer\n<<${TRAILER}/Size 5${prev}>>\n`;
        prev = `/Prev ${at}`;
        parts.push(part);
        at += part.length;
      }
      return joined(...parts, `startxref\n${prev.slice(6)}\n%%EOF\n`);
    },
    integrity: NONE,
  },
  {
    name: 'chain of five hundred cross-reference stream bombs',
    format: 'pdf',
    bytes: () => {
      const packed = deflateSync(new Uint8Array(15 << 20));
      const parts: (string | Uint8Array)[] = [header()];
      let at = header().length;
      let prev = '';
      for (let index = 0; index < 500; index += 1) {
        const head = `9 0 obj\n<</Type/XRef/W[1 3 1]/Index[50 9]/Size 10${prev}${TRAILER}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`;
        prev = `/Prev ${at}`;
        parts.push(head, packed, '\nendstream\nendobj\n');
        at += head.length + packed.length + 18;
      }
      return joined(...parts, `startxref\n${prev.slice(6)}\n%%EOF\n`);
    },
    integrity: NONE,
  },
  {
    name: 'object stream of 1,000,000 objects',
    format: 'pdf',
    bytes: () => bombed('<</Type/ObjStm/N 1000000/First 4000000/Filter/FlateDecode', deflateSync(Buffer.from('9 9 '.repeat(1_000_000)))),
    integrity: NONE,
  },
  {
    name: 'object stream bomb',
    format: 'pdf',
    bytes: () => {
      const packed = bomb();
      const stream = `<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length ${packed.length}>>\nstream\n${packed.toString('latin1')}\nendstream`;
      const before = revision(header(), {
        objects: { ...page(), 5: stream },
        trailer: TRAILER,
        kind: 'stream',
        packed: { 4: info(sampleSlotText.value) },
        size: 6,
      });
      return tailOf(before, (text) => text);
    },
    integrity: ['unsigned', ...NONE],
  },
  {
    name: 'Info in an object stream bomb',
    format: 'pdf',
    bytes: () => bombed(`<</Type/ObjStm/N 1/First 5/Filter/FlateDecode`, bomb()),
    integrity: NONE,
  },
  {
    name: 'Info in an object stream that says it is in itself',
    format: 'pdf',
    bytes: () => {
      const data = Buffer.from([2, 0, 0, 4, 0]);
      return xrefStreamOnly(header(), data, '/Index[4 1]');
    },
    integrity: NONE,
  },
  {
    name: 'cross-reference stream bomb',
    format: 'pdf',
    bytes: () => xrefStreamPacked(bomb(), '/W[1 3 1]/Index[0 999999999]'),
    integrity: NONE,
  },
  {
    name: 'predictor of 2^40 columns',
    format: 'pdf',
    bytes: () => xrefStreamPacked(deflateSync(new Uint8Array(4000)), '/W[1 3 1]/DecodeParms<</Predictor 12/Columns 1099511627776>>'),
    integrity: NONE,
  },
  {
    name: 'XMP bomb',
    format: 'pdf',
    bytes: () => {
      const packed = bomb();
      const stream = `<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length ${packed.length}>>\nstream\n${packed.toString('latin1')}\nendstream`;
      return revision(header(), { objects: { ...page('/Metadata 4 0 R'), 4: stream }, trailer: '/Root 1 0 R' });
    },
    integrity: NONE,
  },
  {
    name: 'dictionary of 200,000 nested arrays',
    format: 'pdf',
    bytes: () =>
      revision(header(), { objects: { ...page(), 4: `<</A ${'['.repeat(200_000)}${']'.repeat(200_000)}${info('x').slice(2)}` }, trailer: TRAILER }),
    integrity: NONE,
  },
  {
    name: 'dictionary that never ends',
    format: 'pdf',
    bytes: () => revision(header(), { objects: { ...page(), 4: `<</A (${'('.repeat(19_000_000)}` }, trailer: TRAILER }),
    integrity: NONE,
  },
  {
    name: 'encrypted',
    format: 'pdf',
    bytes: () =>
      revision(header(), {
        objects: { ...page(), 4: info('\x93\x01\xff'), 5: '<</Filter/Standard/V 1/R 2/O(x)/U(y)/P -4>>' },
        trailer: `${TRAILER}/Encrypt 5 0 R`,
      }),
    integrity: ['unsupported'],
  },
  {
    name: 'Info shadowed by an update that has no label',
    format: 'pdf',
    bytes: () => revision(labelled(), { objects: { 3: page()[3] as string, 4: '<</Title(x)>>', 5: '[]' }, trailer: TRAILER }),
    integrity: ['unsigned', 'ambiguous'],
  },
  {
    name: 'Info shadowed by an update with another label',
    format: 'pdf',
    bytes: () => revision(labelled(), { objects: { 3: page()[3] as string, 4: info(anotherSlotText.value), 5: '[]' }, trailer: TRAILER }),
    integrity: ['unsigned', 'ambiguous'],
  },
  {
    name: '/AIGC twice, each other',
    format: 'pdf',
    bytes: () =>
      revision(header(), {
        objects: { ...page(), 4: `<</AIGC ${literal(sampleSlotText.value)}/AIGC ${literal(anotherSlotText.value)}>>` },
        trailer: TRAILER,
      }),
    integrity: ['ambiguous'],
  },
  {
    name: '/AIGC of a megabyte',
    format: 'pdf',
    bytes: () => labelled('x'.repeat(1 << 20)),
    integrity: NONE,
  },
  {
    name: 'twenty megabytes of trailing data',
    format: 'pdf',
    bytes: () => joined(labelled(), Buffer.alloc(20_000_000, 'startxref\n')),
    integrity: ['unsigned', ...NONE],
  },
  { name: 'header alone', format: 'pdf', bytes: () => header(), integrity: NONE },
  {
    name: 'open stream of XMP with a length of its own',
    format: 'pdf',
    bytes: () =>
      revision(header(), { objects: { ...page('/Metadata 4 0 R'), 4: open('x').replace('/Length 1', '/Length 4 0 R') }, trailer: '/Root 1 0 R' }),
    integrity: NONE,
  },
  {
    name: 'XMP that is not XML',
    format: 'pdf',
    bytes: () => revision(header(), { objects: { ...page('/Metadata 4 0 R'), 4: flate('<x') }, trailer: '/Root 1 0 R' }),
    integrity: NONE,
  },
];

/** A file with nothing but a cross-reference stream. */
function xrefStreamOnly(before: Uint8Array, data: Uint8Array, entries: string): Uint8Array {
  const at = before.length;
  return joined(
    before,
    `9 0 obj\n<</Type/XRef/Size 10/W[1 3 1]${entries}${TRAILER}/Length ${data.length}>>\nstream\n`,
    data,
    `\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`,
  );
}

function xrefStreamPacked(packed: Uint8Array, entries: string): Uint8Array {
  return joined(
    header(),
    `9 0 obj\n<</Type/XRef/Size 10${entries}${TRAILER}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`,
    packed,
    `\nendstream\nendobj\nstartxref\n15\n%%EOF\n`,
  );
}

/** A file whose object 4 stands in object stream 5. */
function bombed(entries: string, packed: Uint8Array): Uint8Array {
  const at = header().length;
  const object = joined(`5 0 obj\n${entries}/Length ${packed.length}>>\nstream\n`, packed, '\nendstream\nendobj\n');
  return xrefStreamOnly(joined(header(), object), Uint8Array.from([2, 0, 0, 5, 0, 1, 0, 0, at, 0]), '/Index[4 2]');
}
