import { type BoxEdit, boxBytes, contentOf, itemIndex, type Meta } from '@aigc-label/containers';
import { ascii, concat, damaged, type SlotText, u32be, utf8 } from '@aigc-label/core';
import type { Found, Survey } from './isobmff-labels.ts';

const NOTHING = new Uint8Array(0);

/** The content edits that leave `slot` in the guide's place (TC260-PG-20257A Annex E) and nowhere else; none where it already says so. */
export const placeEdits = (seen: Survey, movie: BoxEdit['parents'][number], slot: SlotText): readonly BoxEdit[] => {
  const kept = seen.found.find(({ keyed, site }) => keyed !== undefined && keyed.meta === targetOf(seen) && site.endsWith(`[mdta:${slot.key}]`));
  const removed = seen.found.filter((found) => found !== kept);
  if (kept !== undefined && removed.length === 0 && kept.isGuidePlace && kept.value === slot.value) {
    return [];
  }
  const target = targetOf(seen);
  const metas = new Set([...removed.flatMap(({ keyed }) => (keyed === undefined ? [] : [keyed.meta])), ...(target === undefined ? [] : [target])]);
  const unkeyed = removed
    .filter(({ keyed }) => keyed === undefined)
    .map(({ box, parents }): BoxEdit => ({ at: box.offset, remove: box.size, insert: NOTHING, parents }));
  const keyed = [...metas].flatMap((meta) =>
    metaEdits(
      meta,
      removed.filter((found) => found.keyed?.meta === meta),
      meta === target ? { slot, kept } : undefined,
    ),
  );
  return [...unkeyed, ...keyed, ...(target === undefined ? [newMeta(seen, movie, slot)] : [])];
};

/** The first list of keys in the guide's place; an iTunes list (`mdir`) there is somebody else's and stays as it is. */
const targetOf = (seen: Survey): Meta | undefined =>
  seen.userData.flatMap(({ metas }) => metas).find(({ handler, isFullBox }) => handler === 'mdta' && isFullBox);

/**
 * Removes items with their keys, renumbers what refers to later keys, and puts ours in or in place of what we had.
 * A key that another item still uses cannot occur: all items of our keys are ours.
 */
const metaEdits = (
  meta: Meta,
  removed: readonly Found[],
  put: { readonly slot: SlotText; readonly kept: Found | undefined } | undefined,
): readonly BoxEdit[] => {
  const { keys, list } = meta;
  if (meta.hasDuplicates || keys?.isSound === false) {
    throw damaged('meta', meta.box.offset, 'its keys contradict its entries');
  }
  const inside = [...meta.parents, meta.box];
  const keptKey =
    put?.kept?.keyed?.key ??
    (put === undefined ? undefined : keys?.entries.find(({ namespace, name }) => namespace === 'mdta' && name === put.slot.key));
  const goneKeys = [...new Set(removed.flatMap(({ keyed }) => (keyed === undefined || keyed.key === keptKey ? [] : [keyed.key])))];
  const goneItems = new Set(removed.map(({ box }) => box));
  const newIndex = (index: number): number => index - goneKeys.filter((key) => key.index < index).length;
  const count = keys?.entries.length ?? 0;
  const edits: BoxEdit[] = [];

  if (keys !== undefined) {
    const parents = [...inside, keys.box];
    const isNew = put !== undefined && keptKey === undefined;
    edits.push(...goneKeys.map(({ offset, size }) => ({ at: offset, remove: size, insert: NOTHING, parents })));
    if (goneKeys.length > 0 || isNew) {
      edits.push({ at: contentOf(keys.box) + 4, remove: 4, insert: u32be(count - goneKeys.length + (isNew ? 1 : 0)), parents });
    }
    if (isNew) {
      edits.push({ at: keys.end, remove: 0, insert: keyEntry(put.slot.key), parents });
    }
  } else if (put !== undefined) {
    edits.push({ at: meta.end, remove: 0, insert: keysBox(put.slot.key), parents: inside });
  }
  for (const item of list?.items ?? []) {
    const index = itemIndex(item);
    const parents = list === undefined ? inside : [...inside, list.box];
    if (goneItems.has(item)) {
      edits.push({ at: item.offset, remove: item.size, insert: NOTHING, parents });
    } else if (item !== put?.kept?.box && index >= 1 && index <= count && newIndex(index) !== index) {
      edits.push({ at: item.offset + 4, remove: 4, insert: u32be(newIndex(index)), parents: [...parents, item] });
    } else if (put !== undefined && keptKey === undefined && index === count + 1) {
      throw damaged('ilst', item.offset, 'an item refers to a key that does not exist');
    }
  }
  if (put !== undefined) {
    edits.push(itemEdit(meta, put.kept, itemBox(keptKey === undefined ? count - goneKeys.length + 1 : newIndex(keptKey.index), put.slot.value)));
  }
  return edits;
};

const itemEdit = ({ list, parents, box, end }: Meta, kept: Found | undefined, insert: Uint8Array): BoxEdit => {
  if (list === undefined) {
    return { at: end, remove: 0, insert: boxBytes('ilst', insert), parents: [...parents, box] };
  }
  const inside = [...parents, box, list.box];
  return kept === undefined
    ? { at: list.end, remove: 0, insert, parents: inside }
    : { at: kept.box.offset, remove: kept.box.size, insert, parents: inside };
};

/** At the end of the first `udta`, before the 32-bit zero with which QuickTime may end it and behind an iTunes list that others look for first; or in a `udta` of its own. */
const newMeta = ({ userData, movieEnd }: Survey, movie: BoxEdit['parents'][number], slot: SlotText): BoxEdit => {
  const insert = boxBytes(
    'meta',
    u32be(0),
    boxBytes('hdlr', new Uint8Array(8), ascii('mdta'), new Uint8Array(13)),
    keysBox(slot.key),
    boxBytes('ilst', itemBox(1, slot.value)),
  );
  const [first] = userData;
  return first === undefined
    ? { at: movieEnd, remove: 0, insert: boxBytes('udta', insert), parents: [movie] }
    : { at: first.end, remove: 0, insert, parents: [movie, first.box] };
};

const keyEntry = (key: string): Uint8Array => boxBytes('mdta', ascii(key));

const keysBox = (key: string): Uint8Array => boxBytes('keys', u32be(0), u32be(1), keyEntry(key));

const itemBox = (index: number, value: string): Uint8Array => boxBytes(index, boxBytes('data', concat(u32be(1), u32be(0)), utf8(value)));
