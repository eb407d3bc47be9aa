import { type ByteSource, latin1, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, type BoxRest, contentOf, contentSize, listBoxes } from './box.ts';
import { readMeta } from './meta.ts';

const PADDING: ReadonlySet<string> = new Set(['free', 'skip', 'wide']);

/** User data of 3GPP (TS 26.244 §8) and QuickTime that says something about the work and steers nothing. */
const USER_DATA: ReadonlySet<string> = new Set('titl dscp cprt perf auth gnre rtng clsf kywd loci albm yrrc name AIGC'.split(' '));

/** The longest text in one piece of user data, in bytes: what is longer is covered. */
const MAXIMUM_TEXT_BYTES = 1 << 16;

/** A `hdlr` with a name that is no hiding place, in bytes. */
const MAXIMUM_HANDLER_BYTES = 256;

const WINDOW_BYTES = 1 << 20;

/** Whether a box is to hold nothing. */
export const isPaddingType = ({ type }: Box): boolean => PADDING.has(type);

/** Whether a box is padding: nothing but zeros. What stands in padding otherwise is covered. */
export const isPadding = async (source: ByteSource, box: Box): Promise<boolean> =>
  isPaddingType(box) && (await isZero(source, contentOf(box), box.end));

/** Whether all bytes from `start` to `end` are zero. */
export const isZero = async (source: ByteSource, start: number, end: number): Promise<boolean> => {
  for (let position = start; position < end; position += WINDOW_BYTES) {
    const bytes = await source.read(position, Math.min(WINDOW_BYTES, end - position));
    if (bytes.some((byte) => byte !== 0)) {
      return false;
    }
  }
  return true;
};

/** Whether a child of `udta` is text about the work in a form that is known. */
export const isUserData = async (source: ByteSource, box: Box): Promise<boolean> => {
  if (contentSize(box) > MAXIMUM_TEXT_BYTES) {
    return false;
  }
  if (box.type.startsWith('\u00a9')) {
    return isInternationalText(await source.read(contentOf(box), contentSize(box)));
  }
  return USER_DATA.has(box.type) && isText(await source.read(contentOf(box), contentSize(box)));
};

/** QuickTime's international text: pieces of a length, a language and so many bytes; or one `data` box as iTunes has it. */
const isInternationalText = (bytes: Uint8Array): boolean => {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 4 <= bytes.length && at + 4 + view.getUint16(at) <= bytes.length) {
    at += 4 + view.getUint16(at);
  }
  return bytes.length > 0 && bytes.subarray(at).every((byte) => byte === 0);
};

/** No piece of media and no archive: text in any encoding holds few control characters, and 3GPP's boxes begin with some. */
const isText = (bytes: Uint8Array): boolean => bytes.every((byte, index) => byte >= 0x20 || index < 8 || byte === 0 || (byte >= 9 && byte <= 13));

/** What of a list of metadata is covered all the same: boxes of other kinds, items that steer rendering or do not parse, and what is no box; ascending. */
export interface KeptMetadata {
  readonly boxes: readonly Box[];
  readonly rests: readonly { readonly start: number; readonly end: number }[];
}

/**
 * What is kept of a `meta` box that is a list of metadata: items with their keys (`mdir`, `mdta`, or none that says what they are). `undefined` for one that is not, or that
 * contradicts itself.
 */
export const keptMetadata = async (source: ByteSource, box: Box, budget: BoxBudget): Promise<KeptMetadata | undefined> => {
  const meta = await readMeta(source, box, [], budget);
  if (!['mdir', 'mdta', ''].includes(meta.handler) || meta.hasDuplicates || meta.keys?.isSound === false) {
    return undefined;
  }
  const boxes: Box[] = [];
  const rests: { start: number; end: number }[] = [];
  const keepRest = async (rest: BoxRest | undefined, end: number): Promise<void> => {
    if (rest !== undefined && !(await isZero(source, rest.offset, end))) {
      rests.push({ start: rest.offset, end });
    }
  };
  for (const child of (await listBoxes(source, contentOf(box) + (meta.isFullBox ? 4 : 0), box.end, budget)).boxes) {
    if (child.type === 'ilst') {
      for (const item of meta.list?.items ?? []) {
        if (!(await isPadding(source, item)) && !(await isPlainItem(source, item, budget))) {
          boxes.push(item);
        }
      }
      await keepRest(meta.list?.rest, child.end);
    } else if (
      child.type !== 'keys' &&
      !(child.type === 'hdlr' && contentSize(child) <= MAXIMUM_HANDLER_BYTES) &&
      !(await isPadding(source, child))
    ) {
      boxes.push(child);
    }
  }
  await keepRest(meta.rest, box.end);
  return { boxes, rests };
};

/** An item of `data` boxes that no player heeds: no cover (`covr`), and not what iTunes says of gaps (`iTunSMPB`). */
const isPlainItem = async (source: ByteSource, item: Box, budget: BoxBudget): Promise<boolean> => {
  if (item.type === 'covr' || item.type === 'pgap') {
    return false;
  }
  const { boxes, rest } = await listBoxes(source, contentOf(item), item.end, budget);
  if (rest !== undefined || boxes.length === 0) {
    return false;
  }
  for (const part of boxes) {
    const isPart = part.type === 'data' ? contentSize(part) >= 8 : ['mean', 'name', 'itif'].includes(part.type) && contentSize(part) <= 1024;
    const isGap =
      part.type === 'name' && latin1(await readBounded(source, contentOf(part), Math.min(contentSize(part), 64), 64, 'name')).includes('iTunSMPB');
    if (!isPart || isGap) {
      return false;
    }
  }
  return true;
};
