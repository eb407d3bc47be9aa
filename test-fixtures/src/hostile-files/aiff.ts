import type { HostileFile } from './hostile-file.ts';

const LABEL =
  '{"Label":"1","ContentProducer":"001191110000MA0000000H10001","ProduceID":"1","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';

const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const chunk = (id: string, data: Buffer, size: number = data.length): Buffer =>
  Buffer.concat([Buffer.from(id), be32(size), data, Buffer.alloc(data.length % 2)]);
const form = (chunks: readonly Buffer[], size?: number): Uint8Array => {
  const inside = Buffer.concat([Buffer.from('AIFF'), ...chunks]);
  return new Uint8Array(Buffer.concat([Buffer.from('FORM'), be32(size ?? inside.length), inside]));
};
const sound = chunk('SSND', Buffer.alloc(100));
const xmp = (inside: string): Buffer => chunk('APPL', Buffer.from(`XMP ${inside}`));
const packet = (namespace: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:q="${namespace}"><q:AIGC>${LABEL}</q:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** AIFF files that are made to do harm. */
export const aiffHostile: readonly HostileFile[] = [
  { name: 'AIFF size 0xFFFFFFFF', format: 'aiff', bytes: () => form([sound], 0xffff_ffff), integrity: ['absent'] },
  {
    name: 'AIFF chunk of 4 GB',
    format: 'aiff',
    bytes: () => form([chunk('APPL', Buffer.from('XMP '), 0xffff_ffff)]),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'AIFF million of empty chunks',
    format: 'aiff',
    bytes: () => form([Buffer.alloc(8 << 20, chunk('JUNK', Buffer.alloc(0)))]),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'AIFF thousand packets of XMP',
    format: 'aiff',
    bytes: () => form(Array.from({ length: 1000 }, () => xmp(' '.repeat(10_000)))),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'AIFF XMP of 8 MB',
    format: 'aiff',
    bytes: () => form([xmp(' '.repeat(8 << 20)), sound]),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'AIFF billion laughs in XMP',
    format: 'aiff',
    bytes: () => form([xmp('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x:xmpmeta xmlns:x="adobe:ns:meta/">&b;</x:xmpmeta>')]),
    integrity: ['malformed', 'unsupported'],
  },
  { name: 'AIFF XMP depth bomb', format: 'aiff', bytes: () => form([xmp('<a>'.repeat(300_000))]), integrity: ['malformed', 'unsupported'] },
  {
    name: 'AIFF XMP with a prefix of its own',
    format: 'aiff',
    bytes: () => form([xmp(packet('http://www.tc260.org.cn/ns/AIGC/1.0/')), sound]),
    integrity: ['unsigned'],
  },
  {
    name: 'AIFF odd chunk without its padding',
    format: 'aiff',
    bytes: () =>
      form([Buffer.concat([Buffer.from('NAME'), be32(3), Buffer.from('abc')]), xmp(packet('http://www.tc260.org.cn/ns/AIGC/1.0/')), sound]),
    integrity: ['unsigned', 'malformed'],
  },
  {
    name: 'AIFF tag of 256 MB',
    format: 'aiff',
    bytes: () => form([chunk('ID3 ', Buffer.from('ID3\x03\0\0\x7f\x7f\x7f\x7fTXXX', 'latin1')), sound]),
    integrity: ['malformed', 'unsupported'],
  },
];
