import { ascii, concat, latin1, utf8 } from '@aigc-label/core';

/** Sub-blocks of at most `size` bytes, made by other means than the code that is tested. */
const subBlocks = (data: Uint8Array, size = 255): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += size) {
    const part = data.subarray(at, at + size);
    parts.push(Uint8Array.of(part.length), part);
  }
  return concat(...parts, Uint8Array.of(0));
};

export const comment = (text: string, size?: number): Uint8Array => concat(Uint8Array.of(0x21, 0xfe), subBlocks(utf8(text), size));

const MAGIC = [1, ...Array.from({ length: 256 }, (_, index) => 255 - index), 0];

export const gifXmp = (packet: Uint8Array): Uint8Array =>
  concat(
    ascii('!\u007f\u000bXMP DataXMP').map((byte) => (byte === 0x7f ? 0xff : byte)),
    packet,
    Uint8Array.from(MAGIC),
  );

/** XMP as some writers put it: in sub-blocks like any other data. */
export const blockedXmp = (packet: Uint8Array): Uint8Array => concat(gifXmp(packet).subarray(0, 14), subBlocks(packet));

export interface GifPart {
  readonly kind: 'header' | 'image' | 'comment' | 'xmp' | 'other' | 'end';
  readonly bytes: Uint8Array;
}

/** The blocks of a well-formed GIF. */
export const partsOf = (gif: Uint8Array): readonly GifPart[] => {
  const table = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const headerEnd = 13 + table(gif[10] ?? 0);
  const parts: GifPart[] = [{ kind: 'header', bytes: gif.subarray(0, headerEnd) }];
  let at = headerEnd;
  while (gif[at] !== 0x3b && at < gif.length) {
    const start = at;
    const isImage = gif[at] === 0x2c;
    at += isImage ? 11 + table(gif[at + 9] ?? 0) : 2;
    while ((gif[at] ?? 0) !== 0) {
      at += 1 + (gif[at] ?? 0);
    }
    at += 1;
    const bytes = gif.subarray(start, at);
    const isXmp = latin1(bytes.subarray(3, 14)) === 'XMP DataXMP';
    parts.push({ kind: isImage ? 'image' : isXmp ? 'xmp' : bytes[1] === 0xfe ? 'comment' : 'other', bytes });
  }
  return [...parts, { kind: 'end', bytes: gif.subarray(at) }];
};

/** The GIF with more blocks before its first picture (`image`), or before its trailer. */
export const insertBlocks = (gif: Uint8Array, before: 'image' | 'end', ...more: readonly Uint8Array[]): Uint8Array => {
  const parts = partsOf(gif);
  const at = parts.findIndex(({ kind }) => kind === before || (before === 'image' && kind === 'other'));
  return concat(...parts.slice(0, at).map(({ bytes }) => bytes), ...more, ...parts.slice(at).map(({ bytes }) => bytes));
};
