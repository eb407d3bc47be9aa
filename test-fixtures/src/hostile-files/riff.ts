import { CONTRADICTION, LABEL, labelledPacket } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const le32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const le64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.from(value, 'latin1');
const chunk = (id: string, data: Uint8Array | string, size = data.length): Buffer =>
  Buffer.concat([text(id), le32(size), typeof data === 'string' ? text(data) : data, Buffer.alloc(data.length % 2)]);
const riff = (form: string, chunks: readonly Uint8Array[], size?: number, magic = 'RIFF'): Buffer => {
  const inside = Buffer.concat([text(form), ...chunks]);
  return Buffer.concat([text(magic), le32(size ?? inside.length), inside]);
};
const many = (count: number, piece: Uint8Array): Buffer => Buffer.alloc(count * piece.length, piece);

const FORMAT = chunk('fmt ', Buffer.from('01000100401f0000803e000002001000', 'hex'));
const SAMPLES = chunk('data', Buffer.alloc(64));
const AIGC = chunk('AIGC', LABEL);
const info = (...facts: readonly Uint8Array[]): Buffer => chunk('LIST', Buffer.concat([text('INFO'), ...facts]));
const nested = (depth: number): Buffer => Array.from({ length: depth }).reduce<Buffer>((inside) => info(inside), Buffer.alloc(0));
const wide = (chunks: readonly Uint8Array[], whole: bigint, samples: bigint): Buffer =>
  riff('WAVE', [chunk('ds64', Buffer.concat([le64(whole), le64(samples), le64(0n), le32(0)])), ...chunks], 0xffffffff, 'RF64');

const sound = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({
  name: `WAV: ${name}`,
  format: 'wav',
  bytes: () => new Uint8Array(bytes()),
  integrity,
});

/** WAV files that are made to do harm (spec/provenance.md §4.4). */
export const wavHostile: readonly HostileFile[] = [
  sound('an odd chunk with padding', () => riff('WAVE', [FORMAT, chunk('odd ', 'x'), AIGC, SAMPLES]), ['unsigned']),
  sound('an odd chunk without padding', () => riff('WAVE', [FORMAT, text('odd \x01\0\0\0x'), AIGC, SAMPLES]), ['unsigned']),
  sound('an odd chunk whose padding is no zero', () => riff('WAVE', [FORMAT, text('odd \x01\0\0\0x\xff'), AIGC, SAMPLES]), ['unsigned']),
  sound('a RIFF of size 0xFFFFFFFF', () => riff('WAVE', [FORMAT, AIGC, SAMPLES], 0xffffffff), ['unsigned']),
  sound('a RIFF of size 0', () => riff('WAVE', [FORMAT, AIGC, SAMPLES], 0), ['unsigned']),
  sound('a RIFF of size 1', () => riff('WAVE', [FORMAT, AIGC, SAMPLES], 1), UNCLEAR),
  sound('a RIFF that ends before its label', () => riff('WAVE', [FORMAT, SAMPLES, AIGC], 4 + FORMAT.length + SAMPLES.length), ['unsigned', 'absent']),
  sound('samples of size 0xFFFFFFFF, a label before them', () => riff('WAVE', [FORMAT, AIGC, chunk('data', Buffer.alloc(64), 0xffffffff)]), [
    'unsigned',
  ]),
  sound('samples of size 0xFFFFFFFF, a label behind them', () => riff('WAVE', [FORMAT, chunk('data', Buffer.alloc(64), 0xffffffff), AIGC]), [
    'absent',
    ...UNCLEAR,
  ]),
  sound('a label of size 0xFFFFFFFF', () => riff('WAVE', [FORMAT, SAMPLES, chunk('AIGC', LABEL, 0xffffffff)]), UNCLEAR),
  sound('a label of size 0', () => riff('WAVE', [FORMAT, chunk('AIGC', ''), SAMPLES]), UNCLEAR),
  sound('a label of 15 MB', () => riff('WAVE', [FORMAT, SAMPLES, chunk('AIGC', Buffer.alloc(15_000_000, 0x20))]), UNCLEAR),
  sound(
    'RF64 with a label',
    () => wide([FORMAT, AIGC, chunk('data', Buffer.alloc(64), 0xffffffff)], BigInt(4 + 36 + FORMAT.length + AIGC.length + 72), 64n),
    ['unsigned'],
  ),
  sound('RF64 of 2^64 - 1 bytes', () => wide([FORMAT, AIGC, chunk('data', Buffer.alloc(64), 0xffffffff)], 2n ** 64n - 1n, 2n ** 64n - 1n), [
    'unsigned',
    ...UNCLEAR,
  ]),
  sound('RF64 of 2^63 bytes, without a label', () => wide([FORMAT, chunk('data', Buffer.alloc(64), 0xffffffff)], 2n ** 63n, 2n ** 62n), [
    'absent',
    ...UNCLEAR,
  ]),
  sound('RF64 without ds64', () => riff('WAVE', [FORMAT, AIGC, SAMPLES], 0xffffffff, 'RF64'), ['unsigned', ...UNCLEAR]),
  sound('RF64 whose ds64 has no room', () => riff('WAVE', [chunk('ds64', 'x'), FORMAT, AIGC, SAMPLES], 0xffffffff, 'RF64'), ['unsigned', ...UNCLEAR]),
  sound('a list of size 0', () => riff('WAVE', [FORMAT, chunk('LIST', ''), AIGC, SAMPLES]), ['unsigned']),
  sound('facts of size 0', () => riff('WAVE', [FORMAT, info(many(10_000, chunk('AIGC', ''))), SAMPLES]), UNCLEAR),
  sound('facts that reach beyond their list', () => riff('WAVE', [FORMAT, info(chunk('AIGC', LABEL, 0x7fffffff)), SAMPLES]), UNCLEAR),
  sound('a list that is cut', () => riff('WAVE', [FORMAT, chunk('LIST', text('IN')), SAMPLES]), ['absent', ...UNCLEAR]),
  sound('1,000 lists inside one another', () => riff('WAVE', [FORMAT, nested(1_000), SAMPLES]), ['absent', ...UNCLEAR]),
  sound('a million empty chunks', () => riff('WAVE', [FORMAT, many(1_000_000, chunk('junk', '')), SAMPLES]), UNCLEAR),
  sound('200,000 labels', () => riff('WAVE', [FORMAT, many(60_000, chunk('AIGC', '{"Label":"1"}')), SAMPLES]), ['unsigned', ...UNCLEAR]),
  sound('200,000 lists of facts', () => riff('WAVE', [FORMAT, many(200_000, info(chunk('INAM', 'x'))), SAMPLES]), UNCLEAR),
  sound('two labels that differ', () => riff('WAVE', [FORMAT, AIGC, chunk('AIGC', CONTRADICTION), SAMPLES]), ['ambiguous']),
  sound('a label behind the end', () => Buffer.concat([riff('WAVE', [FORMAT, SAMPLES]), AIGC]), ['absent']),
  sound('ID3 inside, without a frame', () => riff('WAVE', [FORMAT, chunk('id3 ', 'ID3\x03\0\0\x7f\x7f\x7f\x7f'), SAMPLES]), UNCLEAR),
  sound('a header and nothing else', () => riff('WAVE', []), ['absent', ...UNCLEAR]),
];

const EXTENDED = chunk('VP8X', Buffer.of(4, 0, 0, 0, 0, 0, 0, 0, 0, 0));
/** One pixel, lossless. */
const PIXEL = chunk('VP8L', Buffer.from('2f00000000072801000000000000', 'hex'));
const XMP = chunk('XMP ', labelledPacket());
const picture = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({
  name: `WebP: ${name}`,
  format: 'webp',
  bytes: () => new Uint8Array(bytes()),
  integrity,
});

/** WebP files that are made to do harm (spec/provenance.md §4.4). */
export const webpHostile: readonly HostileFile[] = [
  picture('a RIFF of size 0xFFFFFFFF', () => riff('WEBP', [EXTENDED, PIXEL, XMP], 0xffffffff), ['unsigned']),
  picture('a RIFF of size 0', () => riff('WEBP', [EXTENDED, PIXEL, XMP], 0), ['unsigned']),
  picture('a RIFF of size 3', () => riff('WEBP', [EXTENDED, PIXEL, XMP], 3), UNCLEAR),
  picture('an odd chunk without padding', () => riff('WEBP', [EXTENDED, PIXEL, text('odd \x01\0\0\0x'), XMP]), ['unsigned']),
  picture('XMP of size 0xFFFFFFFF', () => riff('WEBP', [EXTENDED, PIXEL, chunk('XMP ', labelledPacket(), 0xffffffff)]), UNCLEAR),
  picture('XMP without its flag', () => riff('WEBP', [PIXEL, XMP]), ['unsigned']),
  picture('XMP of 15 MB', () => riff('WEBP', [EXTENDED, PIXEL, chunk('XMP ', Buffer.alloc(15_000_000, 0x20))]), UNCLEAR),
  picture('XMP depth bomb', () => riff('WEBP', [EXTENDED, PIXEL, chunk('XMP ', '<a>'.repeat(20_000))]), UNCLEAR),
  picture('two packets that differ', () => riff('WEBP', [EXTENDED, PIXEL, XMP, chunk('XMP ', labelledPacket(CONTRADICTION))]), ['ambiguous']),
  picture('60,000 packets', () => riff('WEBP', [EXTENDED, PIXEL, many(60_000, chunk('XMP ', '<a/>'))]), ['absent', ...UNCLEAR]),
  picture('a million empty chunks', () => riff('WEBP', [EXTENDED, many(1_000_000, chunk('junk', '')), XMP]), UNCLEAR),
  picture('frames inside frames', () => riff('WEBP', [EXTENDED, many(1_000, chunk('ANMF', Buffer.alloc(24))), XMP]), ['unsigned']),
  picture(
    'Exif of 15 MB',
    () => riff('WEBP', [EXTENDED, PIXEL, chunk('EXIF', Buffer.concat([text('MM\0*\0\0\0\x08'), Buffer.alloc(15_000_000)]))]),
    UNCLEAR,
  ),
  picture('two EXIF chunks', () => riff('WEBP', [EXTENDED, PIXEL, ...[1, 2].map(() => chunk('EXIF', 'MM\0*\0\0\0\x08\0\0'))]), UNCLEAR),
  picture('VP8X of size 0', () => riff('WEBP', [chunk('VP8X', ''), PIXEL, XMP]), ['unsigned']),
  // RFC 9649 §2.3 knows no sizes of 64 bits.
  { ...picture('RF64', () => riff('WEBP', [EXTENDED, PIXEL, XMP], 0xffffffff, 'RF64'), ['unsupported']), format: null },
  picture('a header and nothing else', () => riff('WEBP', []), ['absent', ...UNCLEAR]),
];
