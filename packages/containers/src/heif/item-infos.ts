import { latin1, viewOf } from '@aigc-label/core';
import type { Box } from '../isobmff/box.ts';
import { damagedTable, need } from '../isobmff/offset-table.ts';

/** One entry of `iinf` (ISO/IEC 14496-12 §8.11.6). */
export interface ItemInfo {
  readonly id: number;
  /** Four characters: `hvc1`, `Exif`, `mime`; `mime` for the old entries without a type that name a content type. */
  readonly type: string;
  /** Lower case, only with `mime`: `application/rdf+xml`. */
  readonly contentType: string;
  /** Empty where the bytes are the content itself. */
  readonly contentEncoding: string;
  /** Whether the data is encrypted. */
  readonly isProtected: boolean;
}

/** An `iinf` with what is needed to add an entry. */
export interface ItemInfos {
  readonly items: readonly ItemInfo[];
  /** Where the number of entries stands in the content of the box, and how wide it is, in bytes. */
  readonly countWidth: 2 | 4;
}

/** Where the number of entries stands, in the content of an `iinf`. */
export const ITEM_COUNT_AT = 4;

/** The content of an `iinf`. Throws `LabelError` `FILE_DAMAGED` where it contradicts itself. */
export const parseItemInfos = (box: Box, bytes: Uint8Array): ItemInfos => {
  const countWidth = bytes[0] === 0 ? 2 : 4;
  need(box, bytes, ITEM_COUNT_AT, countWidth);
  const view = viewOf(bytes);
  const count = countWidth === 2 ? view.getUint16(ITEM_COUNT_AT) : view.getUint32(ITEM_COUNT_AT);
  const items: ItemInfo[] = [];
  let at = ITEM_COUNT_AT + countWidth;
  while (at < bytes.length) {
    need(box, bytes, at, 8);
    const size = view.getUint32(at);
    if (size < 8 || at + size > bytes.length) {
      throw damagedTable(box, 'an entry leaves the list');
    }
    if (latin1(bytes.subarray(at + 4, at + 8)) === 'infe') {
      items.push(parseInfo(box, bytes.subarray(at + 8, at + size)));
    }
    at += size;
  }
  if (items.length !== count) {
    throw damagedTable(box, `it announces ${count} entries and has ${items.length}`);
  }
  if (new Set(items.map(({ id }) => id)).size !== count) {
    throw damagedTable(box, 'two entries have the same number');
  }
  return { items, countWidth };
};

const parseInfo = (box: Box, bytes: Uint8Array): ItemInfo => {
  need(box, bytes, 0, 8);
  const view = viewOf(bytes);
  const version = view.getUint8(0);
  if (version > 3) {
    throw damagedTable(box, `an entry of version ${version} is not known`);
  }
  const idWidth = version === 3 ? 4 : 2;
  need(box, bytes, 4, idWidth + 2 + (version >= 2 ? 4 : 0));
  const id = idWidth === 4 ? view.getUint32(4) : view.getUint16(4);
  const isProtected = view.getUint16(4 + idWidth) !== 0;
  let at = 6 + idWidth;
  const type = version >= 2 ? latin1(bytes.subarray(at, at + 4)) : 'mime';
  if (type !== 'mime') {
    return { id, type, contentType: '', contentEncoding: '', isProtected };
  }
  at += version >= 2 ? 4 : 0;
  const [, contentType = '', contentEncoding = ''] = texts(bytes.subarray(at), 3);
  return { id, type, contentType: contentType.trim().toLowerCase(), contentEncoding: contentEncoding.trim(), isProtected };
};

/** No real one is longer; a longer one is nothing that is looked for. */
const MAXIMUM_TEXT_BYTES = 256;

/** The first texts that end with NUL; the last one may end with its box. */
const texts = (bytes: Uint8Array, count: number): readonly string[] => {
  const found: string[] = [];
  for (let at = 0; found.length < count && at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const stop = end < 0 ? bytes.length : end;
    found.push(latin1(bytes.subarray(at, Math.min(stop, at + MAXIMUM_TEXT_BYTES))));
    at = stop + 1;
  }
  return found;
};
