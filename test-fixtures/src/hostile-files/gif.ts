import { CONTRADICTION, LABEL, labelledPacket } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({
  name,
  format: 'gif',
  bytes: () => new Uint8Array(bytes()),
  integrity,
});
const HEAD = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
const PICTURE = Buffer.from(',\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0', 'latin1');
const TRAILER = Buffer.from(';');
const gif = (...blocks: readonly Uint8Array[]): Buffer => Buffer.concat([HEAD, ...blocks, PICTURE, TRAILER]);
const subBlocks = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    parts.push(Buffer.of(part.length), part);
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
};
const comment = (text: string): Buffer => Buffer.concat([Buffer.of(0x21, 0xfe), subBlocks(text)]);
/** The bytes after the packet lead every skipping reader to the terminator (XMP part 3 §1.1.2). */
const MAGIC = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index)), Buffer.of(0)]);
const xmp = (packet: string, tail: Uint8Array = Buffer.concat([Buffer.of(1), MAGIC])): Buffer =>
  Buffer.concat([Buffer.from('!\xff\x0bXMP DataXMP', 'latin1'), Buffer.from(packet), tail]);
const many = (count: number, piece: Uint8Array): Buffer => Buffer.alloc(count * piece.length, piece);

/** GIF files that are made to do harm (spec/provenance.md §4.4). */
export const gifHostile: readonly HostileFile[] = [
  file(
    'a sub-block that never ends',
    () => Buffer.concat([HEAD, Buffer.of(0x21, 0xfe), many(20_000, Buffer.alloc(256, 0xff)).subarray(0, 5_000_000)]),
    UNCLEAR,
  ),
  file('sub-blocks of one byte that never end', () => Buffer.concat([HEAD, Buffer.of(0x21, 0xfe), many(8_000_000, Buffer.of(1, 1))]), UNCLEAR),
  file(
    'sub-blocks of one byte that never end, in XMP',
    () => Buffer.concat([HEAD, Buffer.from('!\xff\x0bXMP DataXMP', 'latin1'), many(8_000_000, Buffer.of(1, 1))]),
    UNCLEAR,
  ),
  file('a picture that never ends', () => Buffer.concat([HEAD, PICTURE.subarray(0, -1), many(60_000, Buffer.alloc(256, 0xff))]), UNCLEAR),
  file(
    'a label before a picture that never ends',
    () => Buffer.concat([HEAD, xmp(labelledPacket()), PICTURE.subarray(0, -1), many(60_000, Buffer.alloc(256, 0xff))]),
    ['unsigned'],
  ),
  file('the end in a colour table', () => HEAD.subarray(0, 15), UNCLEAR),
  file('a header and nothing else', () => HEAD.subarray(0, 13), UNCLEAR),
  file('a block of no kind', () => gif(Buffer.of(0x55)), UNCLEAR),
  file('no trailer', () => gif(xmp(labelledPacket())).subarray(0, -1), ['unsigned']),
  file('no trailer and no label', () => gif().subarray(0, -1), UNCLEAR),
  file('XMP without its magic end', () => gif(xmp(labelledPacket(), Buffer.of(0))), ['unsigned', ...UNCLEAR]),
  file(
    'XMP in sub-blocks, as it must not be',
    () => gif(Buffer.concat([Buffer.from('!\xff\x0bXMP DataXMP', 'latin1'), subBlocks(labelledPacket())])),
    ['unsigned'],
  ),
  file('a label behind the trailer', () => Buffer.concat([gif(), xmp(labelledPacket()), TRAILER]), ['absent']),
  file('two packets that differ', () => gif(xmp(labelledPacket()), xmp(labelledPacket(CONTRADICTION))), ['ambiguous']),
  file('a comment and a packet that differ', () => gif(xmp(labelledPacket()), comment(`{"AIGC":${CONTRADICTION}}`)), ['ambiguous']),
  file('a million comments', () => gif(many(1_000_000, comment('x'))), UNCLEAR),
  file('a thousand comments with a label', () => gif(many(1_000, comment(`{"AIGC":${LABEL}}`))), ['unsigned', ...UNCLEAR]),
  file('a comment of 15 MB that begins like a label', () => gif(comment(`{"AIGC":"${'x'.repeat(15_000_000)}"}`)), UNCLEAR),
  file('XMP of 15 MB', () => gif(xmp(' '.repeat(15_000_000))), UNCLEAR),
  file('five million graphic controls', () => gif(many(2_000_000, Buffer.from('!\xf9\x04\0\0\0\0\0', 'latin1'))), ['absent', ...UNCLEAR]),
  file('XMP depth bomb', () => gif(xmp('<a>'.repeat(20_000))), UNCLEAR),
];
