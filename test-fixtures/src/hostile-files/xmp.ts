import { withChunks, xmpChunk } from '../build/png.ts';
import { CONTRADICTION, element, escaped, LABEL, labelledPacket, NAMESPACE, packetAround } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const LABELLED: HostileFile['integrity'] = ['unsigned'];

/** A packet in a PNG, where nothing else stands in the way. */
const file = (name: string, packet: () => Uint8Array | string, integrity: HostileFile['integrity']): HostileFile => ({
  name: `XMP: ${name}`,
  format: 'png',
  bytes: () => withChunks(xmpChunk(packet())),
  integrity,
});
const PI = '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>';
const entities = (declarations: string): string => `<!DOCTYPE x [${declarations}]>`;
const LAUGHS = Array.from({ length: 10 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('');
const around = (inside: string, before = ''): string => packetAround({ before, inside });
const utf16 = (text: string, isBig: boolean): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const utf32 = (text: string): Uint8Array => {
  const bytes = Buffer.alloc((text.length + 1) * 4);
  bytes.writeUInt32BE(0xfeff);
  for (let index = 0; index < text.length; index += 1) {
    bytes.writeUInt32BE(text.charCodeAt(index), (index + 1) * 4);
  }
  return bytes;
};
const packetWith = (byte: number): Uint8Array => {
  const bytes = Buffer.from(labelledPacket(), 'latin1');
  bytes[bytes.indexOf('ContentProducer') + 4] = byte;
  return bytes;
};

/** Packets that are made to do harm (spec/provenance.md §4.4), and forms that only look as if they were. */
export const xmpHostile: readonly HostileFile[] = [
  file('billion laughs', () => around('<TC260:AIGC>&l10;</TC260:AIGC>', entities(`<!ENTITY l0 "ha">${LAUGHS}`)), UNCLEAR),
  file(
    'quadratic blow-up',
    () => around(`<TC260:AIGC>${'&a;'.repeat(50_000)}</TC260:AIGC>`, entities(`<!ENTITY a "${'a'.repeat(50_000)}">`)),
    UNCLEAR,
  ),
  file('an external entity', () => around('<TC260:AIGC>&x;</TC260:AIGC>', entities('<!ENTITY x SYSTEM "file:///etc/passwd">')), UNCLEAR),
  file('a parameter entity', () => around(element(), entities('<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;')), UNCLEAR),
  file('numeric references, 300,000', () => around(`<TC260:AIGC>${'&#x41;'.repeat(100_000)}</TC260:AIGC>`), UNCLEAR),
  file('an entity that nobody declared', () => around('<TC260:AIGC>&label;</TC260:AIGC>'), UNCLEAR),
  file('depth bomb of 70 KB', () => around('<a>'.repeat(23_000)), UNCLEAR),
  file('depth bomb of 1 MB', () => around('<a>'.repeat(340_000)), UNCLEAR),
  file('depth bomb with a namespace each', () => around(Array.from({ length: 20_000 }, (_, index) => `<a xmlns:n${index}="u">`).join('')), UNCLEAR),
  file(
    '100,000 attributes',
    () => packetAround({ attributes: Array.from({ length: 60_000 }, (_, index) => ` b${index}="x"`).join(''), inside: element() }),
    ['unsigned', ...UNCLEAR],
  ),
  file('100,000 elements', () => around(`${'<a/>'.repeat(200_000)}${element()}`), ['unsigned', ...UNCLEAR]),
  file('comments that never close', () => around('<!--'.repeat(200_000)), UNCLEAR),
  file('tags that never close', () => around(`<a b='"`.repeat(100_000)), UNCLEAR),
  // Larger than other readers take, smaller than ours does.
  file('300 KB of padding', () => `${labelledPacket()}${' '.repeat(300_000)}`, LABELLED),
  file('300 KB inside', () => around(`<a>${'x'.repeat(300_000)}</a>${element()}`), LABELLED),
  file('more than 1 MiB', () => `${labelledPacket()}${' '.repeat(1 << 20)}`, UNCLEAR),
  {
    name: 'XMP: two packets that differ',
    format: 'png',
    bytes: () => withChunks(xmpChunk(labelledPacket()), xmpChunk(labelledPacket(CONTRADICTION))),
    integrity: ['ambiguous'],
  },
  file('two packets in one chunk', () => labelledPacket() + labelledPacket(CONTRADICTION), ['ambiguous', ...UNCLEAR]),
  file('two properties that differ', () => around(element() + element(CONTRADICTION)), ['ambiguous']),
  file('attribute and element that differ', () => packetAround({ attributes: ` TC260:AIGC="${escaped(CONTRADICTION)}"`, inside: element() }), [
    'ambiguous',
  ]),
  file('a field twice, one property a field', () => around('<TC260:Label>1</TC260:Label><TC260:Label>2</TC260:Label>'), ['malformed']),
  file('a field twice, element and attribute', () => packetAround({ attributes: ' TC260:Label="1"', inside: '<TC260:Label>2</TC260:Label>' }), [
    'malformed',
  ]),
  file('UTF-16, little endian', () => utf16(labelledPacket(), false), LABELLED),
  file('UTF-16, big endian', () => utf16(labelledPacket(), true), LABELLED),
  file('UTF-16 that ends in half a character', () => utf16(labelledPacket(), true).subarray(0, -1), UNCLEAR),
  file('UTF-32', () => utf32(labelledPacket()), UNCLEAR),
  file('a byte order mark of UTF-8', () => `\uFEFF${labelledPacket()}`, LABELLED),
  file('bytes that are not UTF-8', () => packetWith(0xff), UNCLEAR),
  file('a NUL inside the label', () => packetWith(0), UNCLEAR),
  file('NULs behind the packet', () => `${labelledPacket()}${'\0'.repeat(1_000)}`, LABELLED),
  file('CDATA', () => around(`<TC260:AIGC><![CDATA[${LABEL}]]></TC260:AIGC>`), LABELLED),
  file('a comment inside the label', () => around(element().replace('&quot;Label', '<!-- x -->&quot;Label')), LABELLED),
  file('an attribute', () => packetAround({ attributes: ` TC260:AIGC="${escaped(LABEL)}"` }), LABELLED),
  file('another prefix', () => packetAround({ attributes: ` xmlns:x="${NAMESPACE}"`, inside: element().replaceAll('TC260', 'x') }), LABELLED),
  file('our prefix, bound to something else', () => labelledPacket().replace(NAMESPACE, 'http://example.org/'), ['absent']),
  file('our prefix, bound anew around the label', () => around(element().replace('AIGC', 'AIGC xmlns:TC260="http://example.org/"')), ['absent']),
  file('our prefix, bound to nothing', () => labelledPacket().replace(` xmlns:TC260="${NAMESPACE}"`, ''), ['absent', ...UNCLEAR]),
  file('a namespace in other letters', () => labelledPacket().replace(NAMESPACE, NAMESPACE.toUpperCase()), ['absent']),
  file('the label in rdf:Bag', () => around(`<TC260:AIGC><rdf:Bag><rdf:li>${escaped(LABEL)}</rdf:li></rdf:Bag></TC260:AIGC>`), [
    'unsigned',
    ...UNCLEAR,
  ]),
  file('the label in a structure of somebody else', () => around(`<a><b>${element()}</b></a>`), ['absent']),
  file('an end of a wrapper that nobody began', () => `${PI}${labelledPacket()}<?xpacket end="w"?></x>`, ['unsigned', ...UNCLEAR]),
  file('cut in the label', () => labelledPacket().slice(0, 400), UNCLEAR),
  file('nothing but a wrapper', () => `${PI}<?xpacket end="w"?>`, ['absent', ...UNCLEAR]),
  file('a label of nothing', () => around('<TC260:AIGC/>'), UNCLEAR),
];
