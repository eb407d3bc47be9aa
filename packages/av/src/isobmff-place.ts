import { type Box, type BoxEdit, boxBytes, contentOf, itemIndex, type Meta, type MetaKey } from '@aigc-label/containers';
import { ascii, concat, damaged, type SlotText, u32be, utf8 } from '@aigc-label/core';
import type { Found, Survey } from './isobmff-labels.ts';
import { xmpEdit } from './isobmff-xmp.ts';

const NOTHING = new Uint8Array(0);

/** The content edits that leave `slot` in the guide's place (TC260-PG-20257A Annex E) and nowhere else; none where it already says so. */
export const placeEdits = (seen: Survey, movie: Box, slot: SlotText): readonly BoxEdit[] => {
  const target = targetOf(seen);
  const kept = seen.found.find(({ keyed }) => keyed !== undefined && keyed.meta === target && isNamed(keyed.key, slot));
  const removed = seen.found.filter((found) => found !== kept);
  if (kept !== undefined && removed.length === 0 && kept.isGuidePlace && kept.value === slot.value) {
    return [];
  }
  const first = target === undefined ? firstTable(seen) : undefined;
  const byMeta = new Map<Meta, Found[]>();
  for (const found of removed) {
    if (found.keyed !== undefined) {
      const group = byMeta.get(found.keyed.meta) ?? [];
      group.push(found);
      byMeta.set(found.keyed.meta, group);
    }
  }
  const putInto = target ?? (first !== undefined && standsBehind(seen, first) ? first : undefined);
  if (putInto !== undefined && !byMeta.has(putInto)) {
    byMeta.set(putInto, []);
  }
  const edits = [...byMeta].flatMap(([meta, gone]) =>
    metaEdits(meta, gone, meta === putInto ? { slot, kept, isNameOnly: target === undefined } : undefined),
  );
  const unkeyed = removed.filter(({ keyed, xmp }) => keyed === undefined && xmp === undefined);
  const packets = new Set(removed.flatMap(({ xmp }) => (xmp === undefined ? [] : [xmp])));
  return [
    ...unkeyed.map(({ box, parents }) => ({ at: box.offset, remove: box.size, insert: NOTHING, parents })),
    ...[...packets].map(xmpEdit),
    ...edits,
    ...(target === undefined ? [newMeta(seen, movie, first, removed, slot)] : []),
  ];
};

/** What comes into a `meta`: a key with its value in place of `kept`, or only the name of the key. */
interface Put {
  readonly slot: SlotText;
  readonly kept: Found | undefined;
  readonly isNameOnly: boolean;
}

const isNamed = ({ namespace, name }: Pick<MetaKey, 'namespace' | 'name'>, { key }: SlotText): boolean => namespace === 'mdta' && name === key;

/** The first list of keys in the guide's place; an iTunes list (`mdir`) there is somebody else's and stays as it is. */
const targetOf = (seen: Survey): Meta | undefined =>
  seen.metas.find(({ handler, isFullBox, parents }) => handler === 'mdta' && isFullBox && parents.length === 2);

/**
 * Removes items with their keys, renumbers what refers to later keys, and puts ours in or in place of what we had.
 * A key that another item still uses cannot occur: all items of our keys are ours.
 */
const metaEdits = (meta: Meta, removed: readonly Found[], put: Put | undefined): readonly BoxEdit[] => {
  const { keys, list } = meta;
  if (meta.hasDuplicates || keys?.isSound === false) {
    throw damaged('meta', meta.box.offset, 'its keys contradict its entries');
  }
  const inside = [...meta.parents, meta.box];
  const keptKey = put?.kept?.keyed?.key ?? (put === undefined ? undefined : keys?.entries.find((key) => isNamed(key, put.slot)));
  const goneKeys = [...new Set(removed.flatMap(({ keyed }) => (keyed === undefined || keyed.key === keptKey ? [] : [keyed.key])))];
  const goneItems = new Set(removed.map(({ box }) => box));
  const count = keys?.entries.length ?? 0;
  const newIndex = renumbering(count, goneKeys);
  const edits: BoxEdit[] = [];

  if (keys !== undefined) {
    const parents = [...inside, keys.box];
    const isNew = put !== undefined && keptKey === undefined;
    edits.push(...goneKeys.map(({ offset, size }) => ({ at: offset, remove: size, insert: NOTHING, parents })));
    if (goneKeys.length > 0 || isNew) {
      edits.push({ at: contentOf(keys.box) + 4, remove: 4, insert: u32be(count - goneKeys.length + (isNew ? 1 : 0)), parents });
    }
    if (isNew) {
      edits.push({ at: keys.end, remove: 0, insert: keyEntry({ namespace: 'mdta', name: put.slot.key }), parents });
    }
  } else if (put !== undefined) {
    edits.push({ at: meta.end, remove: 0, insert: keysBox([{ namespace: 'mdta', name: put.slot.key }]), parents: inside });
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
  if (put !== undefined && !put.isNameOnly) {
    edits.push(itemEdit(meta, put.kept, itemBox(keptKey === undefined ? count - goneKeys.length + 1 : newIndex(keptKey.index), put.slot.value)));
  }
  return edits;
};

/** Where each index moves when keys go. */
const renumbering = (count: number, gone: readonly MetaKey[]): ((index: number) => number) => {
  const indexes = new Set(gone.map(({ index }) => index));
  const moved = [0];
  let next = 1;
  for (let index = 1; index <= count; index += 1) {
    moved.push(next);
    next += indexes.has(index) ? 0 : 1;
  }
  return (index) => moved[index] ?? index;
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

/** The first `keys` of the movie, which ffmpeg honours for every list in it: another one would hide our label there, or put it under a foreign name. */
const firstTable = ({ metas }: Survey): Meta | undefined => metas.find(({ keys }) => keys?.isSound === true);

/** Whether our place comes later in the file than a table of `moov.meta`; a second `udta` in front would hide the first one from others. */
const standsBehind = ({ userData: [udta] }: Survey, { box, parents }: Meta): boolean =>
  parents.length === 1 && udta !== undefined && udta.box.offset > box.offset;

/**
 * A `meta` at the end of the first `udta`: before the 32-bit zero with which QuickTime may end it, and behind an iTunes list, which others look for first;
 * or in a `udta` of its own. Where the movie has keys already (an iPhone's `moov.meta`), ours stands before them and repeats their names, so that either
 * table is right for both lists; where it must stand behind them, they get our name at the same index instead.
 */
const newMeta = (seen: Survey, movie: Box, first: Meta | undefined, removed: readonly Found[], slot: SlotText): BoxEdit => {
  const isBehind = first !== undefined && standsBehind(seen, first);
  const gone = new Set(removed.flatMap(({ keyed }) => (keyed === undefined || (isBehind && isNamed(keyed.key, slot)) ? [] : [keyed.key])));
  const names: Pick<MetaKey, 'namespace' | 'name'>[] = (first?.keys?.entries ?? []).filter((key) => !gone.has(key));
  if (!names.some((key) => isNamed(key, slot))) {
    names.push({ namespace: 'mdta', name: slot.key });
  }
  const insert = boxBytes(
    'meta',
    u32be(0),
    boxBytes('hdlr', new Uint8Array(8), ascii('mdta'), new Uint8Array(13)),
    keysBox(names),
    boxBytes('ilst', itemBox(names.findIndex((key) => isNamed(key, slot)) + 1, slot.value)),
  );
  const [udta] = seen.userData;
  if (first !== undefined && first.parents.length === 2) {
    return { at: first.box.offset, remove: 0, insert, parents: first.parents };
  }
  return udta === undefined
    ? { at: first?.box.offset ?? seen.movieEnd, remove: 0, insert: boxBytes('udta', insert), parents: [movie] }
    : { at: udta.end, remove: 0, insert, parents: [movie, udta.box] };
};

const keysBox = (names: readonly Pick<MetaKey, 'namespace' | 'name'>[]): Uint8Array =>
  boxBytes('keys', u32be(0), u32be(names.length), ...names.map(keyEntry));

const keyEntry = ({ namespace, name }: Pick<MetaKey, 'namespace' | 'name'>): Uint8Array =>
  boxBytes(
    namespace,
    Uint8Array.from(name, (character) => character.charCodeAt(0)),
  );

const itemBox = (index: number, value: string): Uint8Array => boxBytes(index, boxBytes('data', concat(u32be(1), u32be(0)), utf8(value)));
