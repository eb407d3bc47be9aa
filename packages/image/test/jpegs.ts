import { ascii, concat, latin1, utf8 } from '@aigc-label/core';

export const XMP_SIGNATURE = 'http://ns.adobe.com/xap/1.0/\0';

/** A marker segment made by other means than the code that is tested. */
export const segment = (marker: number, ...data: readonly (Uint8Array | string)[]): Uint8Array => {
  const body = concat(...data.map((one) => (typeof one === 'string' ? utf8(one) : one)));
  return concat(Uint8Array.of(0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 0xff), body);
};

export const xmpSegment = (packet: Uint8Array): Uint8Array => segment(0xe1, XMP_SIGNATURE, packet);

/** Where each segment of a well-formed JPEG stands, down to SOS. */
export const segmentsOf = (
  jpeg: Uint8Array,
): readonly { readonly marker: number; readonly start: number; readonly data: number; readonly end: number }[] => {
  const segments: { marker: number; start: number; data: number; end: number }[] = [];
  for (let at = 2; at < jpeg.length && segments.at(-1)?.marker !== 0xda; ) {
    const start = at;
    while (jpeg[at + 1] === 0xff) {
      at += 1;
    }
    const end = at + 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
    segments.push({ marker: jpeg[at + 1] ?? 0, start, data: at + 4, end });
    at = end;
  }
  return segments;
};

/** The JPEG with more segments after SOI, or before its first one with a marker. */
export const insertSegments = (jpeg: Uint8Array, before: number | undefined, ...more: readonly Uint8Array[]): Uint8Array => {
  const at = before === undefined ? 2 : (segmentsOf(jpeg).find(({ marker }) => marker === before)?.start ?? 2);
  return concat(jpeg.subarray(0, at), ...more, jpeg.subarray(at));
};

/** Extended XMP in parts of 100 bytes. */
export const extendedXmp = (packet: Uint8Array, guid: string, full = packet.length, gap = 0): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(packet.length / 100) }, (_, index) => {
    const numbers = new Uint8Array(8);
    new DataView(numbers.buffer).setUint32(0, full);
    new DataView(numbers.buffer).setUint32(4, index * 100 + (index > 0 ? gap : 0));
    return segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', guid, numbers, packet.subarray(index * 100, index * 100 + 100));
  });

const numbers = (isLittle: boolean, ...values: readonly (readonly [2 | 4, number])[]): Uint8Array => {
  const bytes = new Uint8Array(values.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of values) {
    size === 2 ? view.setUint16(at, value, isLittle) : view.setUint32(at, value, isLittle);
    at += size;
  }
  return bytes;
};

/** An MPF segment with an index of two pictures; sizes and offsets are filled in by `multiPicture`. */
const mpfSegment = (isLittle: boolean, firstSize: number, secondSize: number, secondOffset: number): Uint8Array =>
  segment(
    0xe2,
    'MPF\0',
    isLittle ? 'II*\0' : 'MM\0*',
    numbers(isLittle, [4, 8], [2, 3]),
    numbers(isLittle, [2, 0xb000], [2, 7], [4, 4]),
    '0100',
    numbers(isLittle, [2, 0xb001], [2, 4], [4, 1], [4, 2]),
    numbers(isLittle, [2, 0xb002], [2, 7], [4, 32], [4, 50], [4, 0]),
    numbers(isLittle, [4, 0x20030000], [4, firstSize], [4, 0], [4, 0]),
    numbers(isLittle, [4, 0], [4, secondSize], [4, secondOffset], [4, 0]),
  );

/** Two pictures in one file (CIPA DC-007), with segments of the first before and after the index. */
export const multiPicture = (
  isLittle: boolean,
  jpeg: Uint8Array,
  second: Uint8Array,
  before: readonly Uint8Array[],
  after: readonly Uint8Array[],
): Uint8Array => {
  const head = concat(jpeg.subarray(0, 2), ...before);
  const tail = concat(...after, jpeg.subarray(2));
  const first = head.length + mpfSegment(isLittle, 0, 0, 0).length + tail.length;
  const index = mpfSegment(isLittle, first, second.length, first - (head.length + 8));
  return concat(head, index, tail, second);
};

/** What the MPF index says, followed: the two pictures. */
export const picturesOf = (jpeg: Uint8Array): readonly Uint8Array[] => {
  const mpf = segmentsOf(jpeg).find(({ marker, data }) => marker === 0xe2 && latin1(jpeg.subarray(data, data + 4)) === 'MPF\0');
  if (mpf === undefined) {
    return [];
  }
  const base = mpf.data + 4;
  const view = new DataView(jpeg.buffer, jpeg.byteOffset + base);
  const isLittle = jpeg[base] === 0x49;
  return [0, 1].map((index) => {
    const at = 50 + index * 16;
    const offset = view.getUint32(at + 8, isLittle);
    const start = offset === 0 ? 0 : base + offset;
    return jpeg.subarray(start, start + view.getUint32(at + 4, isLittle));
  });
};

/** Exif with a UserComment. */
export const exifSegment = (comment: string): Uint8Array =>
  segment(
    0xe1,
    'Exif\0\0II*\0',
    numbers(true, [4, 8], [2, 1], [2, 0x8769], [2, 4], [4, 1], [4, 26], [4, 0]),
    numbers(true, [2, 1], [2, 0x9286], [2, 7], [4, comment.length + 8], [4, 44], [4, 0]),
    'ASCII\0\0\0',
    comment,
  );

/** An AFCP trailer with one entry, whose offsets count from the start of the file. */
export const afcpTrailer = (at: number, mark: 'AXS!' | 'AXS*'): Uint8Array => {
  const isLittle = mark === 'AXS*';
  return concat(
    ascii(`${mark}`),
    numbers(isLittle, [2, 0x100], [2, 1], [4, 0]),
    ascii('TEXT'),
    numbers(isLittle, [4, 5], [4, at + 24]),
    ascii('hello'),
    ascii(mark),
    numbers(isLittle, [4, at], [4, 0]),
  );
};
