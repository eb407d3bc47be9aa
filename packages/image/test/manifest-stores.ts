import { ascii, concat, u32be } from '@aigc-label/core';

const box = (type: string, ...data: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...data);
  return concat(u32be(body.length + 8), ascii(type), body);
};

/** A JUMBF superbox as C2PA has it, made by other means than the code that is tested. `more` stands inside behind everything else. */
export const manifestStore = (more: Uint8Array = new Uint8Array(), type = 'c2pa'): Uint8Array => {
  const description = (name: string): Uint8Array =>
    box('jumd', ascii(name), Uint8Array.of(0, 0x11, 0, 0x10, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71, 3), ascii(`${name}\0`));
  return box('jumb', description(type), box('jumb', description('c2ma'), box('cbor', ascii('an assertion'))), more);
};
