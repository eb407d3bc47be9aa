import { fromUtf8, startsWith, utf8 } from '@aigc-label/core';

/** A packet as text, and the way back: encoding an unchanged text gives the same bytes again, which is what lets a packet be edited as text. */
export interface XmpText {
  readonly text: string;
  encode(text: string): Uint8Array;
}

/**
 * A packet's bytes as text, strictly: UTF-8 or UTF-16; `undefined` where they are neither (UTF-32 is allowed by XMP part 1 §7.1, and was never met).
 */
export const decodeXmp = (packet: Uint8Array): XmpText | undefined => {
  const order = wideOrder(packet);
  if (order === undefined) {
    const text = fromUtf8(packet);
    return text === undefined ? undefined : { text, encode: utf8 };
  }
  try {
    const text = new TextDecoder(order === 'little' ? 'utf-16le' : 'utf-16be', { fatal: true, ignoreBOM: true }).decode(packet);
    return { text, encode: (edited) => utf16(edited, order) };
  } catch {
    return undefined;
  }
};

const wideOrder = (packet: Uint8Array): 'little' | 'big' | undefined => {
  if (startsWith(packet, Uint8Array.of(0xff, 0xfe)) || startsWith(packet, Uint8Array.of(0x3c, 0))) {
    return 'little';
  }
  return startsWith(packet, Uint8Array.of(0xfe, 0xff)) || startsWith(packet, Uint8Array.of(0, 0x3c)) ? 'big' : undefined;
};

const utf16 = (text: string, order: 'little' | 'big'): Uint8Array => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1) {
    view.setUint16(index * 2, text.charCodeAt(index), order === 'little');
  }
  return bytes;
};
