import { type ByteSource, latin1, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, type BoxRest, contentOf, contentSize, listBoxes } from './box.ts';

/** A `keys` table is read whole up to this size, and counts as unsound above it: 64 KiB holds thousands of names. */
export const MAXIMUM_KEYS_BYTES: number = 1 << 16;

/** A name in a `keys` table (QuickTime File Format, "Metadata item keys atom"). */
export interface MetaKey {
  /** From 1, as items refer to it. */
  readonly index: number;
  /** `mdta` for reverse-DNS and free names, `udta` for user data types. */
  readonly namespace: string;
  /** One character a byte. */
  readonly name: string;
  /** Of the whole entry in the file. */
  readonly offset: number;
  readonly size: number;
}

/** A `keys` box with its entries. */
export interface MetaKeys {
  readonly box: Box;
  readonly entries: readonly MetaKey[];
  /** Where the last entry ends. */
  readonly end: number;
  /** Whether count, entries and box agree. */
  readonly isSound: boolean;
}

/** An `ilst` box with its items; the type of an item is an index into `keys` or four characters of its own. */
export interface MetaItems {
  readonly box: Box;
  readonly items: readonly Box[];
  readonly end: number;
  readonly rest?: BoxRest;
}

/** A `meta` box, of ISO (a FullBox, ISO/IEC 14496-12 §8.11.1) or of QuickTime (a plain box). */
export interface Meta {
  readonly box: Box;
  readonly parents: readonly Box[];
  readonly isFullBox: boolean;
  /** `mdta`, `mdir`, `pict`; empty where there is none. */
  readonly handler: string;
  readonly keys?: MetaKeys;
  readonly list?: MetaItems;
  /** Where its last whole child ends. */
  readonly end: number;
  readonly rest?: BoxRest;
  /** Whether `hdlr`, `keys` or `ilst` stands twice. */
  readonly hasDuplicates: boolean;
}

/** Where the children of a `meta` box begin: after version and flags, unless the content begins with a box at once. */
export const metaContentOffset = async (source: ByteSource, box: Box): Promise<number> => {
  const start = contentOf(box);
  const length = contentSize(box);
  if (length < 4) {
    return start;
  }
  const head = await source.read(start, Math.min(8, length));
  // A first child of size 0 cannot be, and version and flags of a FullBox are 0; a child's size never is below 8.
  return viewOf(head).getUint32(0) < 8 ? start + 4 : start;
};

/** Reads a `meta` box: headers, its `hdlr` and its `keys`; never a value. Throws `LabelError` `LIMIT_EXCEEDED`. */
export const readMeta = async (source: ByteSource, box: Box, parents: readonly Box[], budget: BoxBudget): Promise<Meta> => {
  const start = await metaContentOffset(source, box);
  const { boxes, end, rest } = await listBoxes(source, start, box.end, budget);
  const [hdlr, secondHdlr] = boxes.filter(({ type }) => type === 'hdlr');
  const [keys, secondKeys] = boxes.filter(({ type }) => type === 'keys');
  const [list, secondList] = boxes.filter(({ type }) => type === 'ilst');
  const handler = hdlr !== undefined && contentSize(hdlr) >= 12 ? latin1(await source.read(contentOf(hdlr) + 8, 4)) : '';
  return {
    box,
    parents,
    isFullBox: start > contentOf(box),
    handler,
    end,
    hasDuplicates: [secondHdlr, secondKeys, secondList].some((second) => second !== undefined),
    ...(rest === undefined ? {} : { rest }),
    ...(keys === undefined ? {} : { keys: await readKeys(source, keys) }),
    ...(list === undefined ? {} : { list: await readItems(source, list, budget) }),
  };
};

const readItems = async (source: ByteSource, box: Box, budget: BoxBudget): Promise<MetaItems> => {
  const { boxes, end, rest } = await listBoxes(source, contentOf(box), box.end, budget);
  return { box, items: boxes, end, ...(rest === undefined ? {} : { rest }) };
};

const readKeys = async (source: ByteSource, box: Box): Promise<MetaKeys> => {
  if (contentSize(box) < 8 || contentSize(box) > MAXIMUM_KEYS_BYTES) {
    return { box, entries: [], end: box.end, isSound: false };
  }
  const bytes = await source.read(contentOf(box), contentSize(box));
  const view = viewOf(bytes);
  const count = view.getUint32(4);
  const entries: MetaKey[] = [];
  let at = 8;
  while (entries.length < count && at + 8 <= bytes.length) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > bytes.length) {
      break;
    }
    entries.push({
      index: entries.length + 1,
      namespace: latin1(bytes.subarray(at + 4, at + 8)),
      name: latin1(bytes.subarray(at + 8, at + size)),
      offset: contentOf(box) + at,
      size,
    });
    at += size;
  }
  return { box, entries, end: contentOf(box) + at, isSound: entries.length === count && at === bytes.length };
};

/** The number that an item's type is, where the list refers to `keys`. */
export const itemIndex = (item: Box): number => viewOf(Uint8Array.from(item.type, (character) => character.charCodeAt(0))).getUint32(0);

/** A value of a metadata item: its `data` box. */
export interface MetaValue {
  /** QuickTime's well-known type: 1 UTF-8, 2 UTF-16. */
  readonly type: number;
  /** Country and language, 0 for all. */
  readonly locale: number;
  readonly bytes: Uint8Array;
}

/** Reads the content of a `data` box; `undefined` where it has no head or more than `limitBytes` of value. */
export const readMetaValue = async (source: ByteSource, data: Box, limitBytes: number): Promise<MetaValue | undefined> => {
  const size = contentSize(data);
  if (size < 8 || size - 8 > limitBytes) {
    return undefined;
  }
  const bytes = await source.read(contentOf(data), size);
  const view = viewOf(bytes);
  return { type: view.getUint32(0), locale: view.getUint32(4), bytes: bytes.subarray(8) };
};
