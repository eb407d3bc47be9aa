import { fromUtf8, startsWith } from '@aigc-label/core';

/** A packet as text. `canBeWritten` where writing the text as UTF-8 gives the same bytes again. */
export interface XmpText {
  readonly text: string;
  readonly canBeWritten: boolean;
}

/**
 * A packet's bytes as text: UTF-8 strictly, UTF-16 for reading only; `undefined` where they are neither (UTF-32 is allowed by XMP part 1 §7.1, and was never
 * met). Strict UTF-8 goes to text and back without loss, which is what lets the packet be edited as text.
 */
export const decodeXmp = (packet: Uint8Array): XmpText | undefined => {
  const wide = wideEncoding(packet);
  if (wide === undefined) {
    const text = fromUtf8(packet);
    return text === undefined ? undefined : { text, canBeWritten: true };
  }
  try {
    return { text: new TextDecoder(wide, { fatal: true, ignoreBOM: true }).decode(packet), canBeWritten: false };
  } catch {
    return undefined;
  }
};

const wideEncoding = (packet: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  if (startsWith(packet, Uint8Array.of(0xff, 0xfe)) || (packet[0] === 0x3c && packet[1] === 0)) {
    return 'utf-16le';
  }
  if (startsWith(packet, Uint8Array.of(0xfe, 0xff)) || (packet[0] === 0 && packet[1] === 0x3c)) {
    return 'utf-16be';
  }
  return undefined;
};
