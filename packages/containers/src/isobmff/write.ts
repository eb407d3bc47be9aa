import { concat, u32be } from '@aigc-label/core';

/** A box with a 32-bit size around its content; the type is four characters, one a byte, or a number. */
export const boxBytes = (type: string | number, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...content);
  const name = typeof type === 'number' ? u32be(type) : Uint8Array.from(type, (character) => character.charCodeAt(0));
  return concat(u32be(8 + body.length), name, body);
};
