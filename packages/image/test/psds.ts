import { ascii, concat, u16be, u32be } from '@aigc-label/core';

/** One image resource block with a Pascal name. */
export const resource = (id: number, data: Uint8Array, name = '', signature = '8BIM'): Uint8Array => {
  const pascal = concat(Uint8Array.of(name.length), ascii(name), new Uint8Array((name.length + 1) % 2));
  return concat(ascii(signature), u16be(id), pascal, u32be(data.length), data, new Uint8Array(data.length % 2));
};

/** A 2 × 2 picture in raw RGB with these resources; `version` 2 is PSB, whose layer section has a 64-bit length. */
export const psdFile = (resources: readonly Uint8Array[], version: 1 | 2 = 1, palette: Uint8Array = new Uint8Array()): Uint8Array => {
  const header = concat(ascii('8BPS'), u16be(version), new Uint8Array(6), u16be(3), u32be(2), u32be(2), u16be(8), u16be(3));
  const section = concat(...resources);
  const pixels = Uint8Array.from({ length: 12 }, (_, index) => index * 20);
  return concat(header, u32be(palette.length), palette, u32be(section.length), section, new Uint8Array(version === 1 ? 4 : 8), u16be(0), pixels);
};

/** A PSD taken apart by a walk of its own: everything but the XMP resources and the length of the section. */
export const restOfPsd = (bytes: Uint8Array): { readonly rest: readonly string[]; readonly packets: readonly string[] } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const text = (from: number, to: number): string => new TextDecoder('latin1').decode(bytes.subarray(from, to));
  const lengthAt = 30 + view.getUint32(26);
  const end = lengthAt + 4 + view.getUint32(lengthAt);
  const rest = [text(0, lengthAt), text(end, bytes.length)];
  const packets: string[] = [];
  for (let at = lengthAt + 4; at < end; ) {
    const name = (bytes[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + name + (name % 2);
    const size = view.getUint32(sizeAt);
    const next = sizeAt + 4 + size + (size % 2);
    if (view.getUint16(at + 4) === 1060) {
      packets.push(new TextDecoder().decode(bytes.subarray(sizeAt + 4, sizeAt + 4 + size)));
    } else {
      rest.push(text(at, next));
    }
    at = next;
  }
  return { rest, packets };
};
