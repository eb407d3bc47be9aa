import {
  type Box,
  type BoxBudget,
  type BoxFile,
  type BoxRest,
  contentOf,
  contentSize,
  isTopType,
  itemIndex,
  listBoxes,
  type Meta,
  type MetaKey,
  readMeta,
  XMP_LIMIT_BYTES,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, latin1 } from '@aigc-label/core';
import { isLabelText, itemText, MAXIMUM_VALUE_BYTES, userDataText } from './isobmff-values.ts';
import { holdsXmp, readBoxXmp, type XmpCarrier } from './isobmff-xmp.ts';

/** A film with more labels than this was made to keep us busy. */
export const MAXIMUM_LABELS = 1_000;

const KEY = 'AIGC';
const MAXIMUM_NAME_BYTES = 256; // of a freeform item

/** One carrier of our key in a movie. */
export interface Found {
  readonly site: string;
  readonly isGuidePlace: boolean;
  /** `undefined` where it cannot be decoded. */
  readonly value: string | undefined;
  /** The box that holds it, with all boxes around it: the item of a list, or a child of `udta`. */
  readonly box: Box;
  readonly parents: readonly Box[];
  /** Set where the value was spread over fields. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Set where it stands in XMP: the packet stays, without it. */
  readonly xmp?: XmpCarrier;
  /** Set where the item refers to a key of this `meta`. */
  readonly keyed?: { readonly meta: Meta; readonly key: MetaKey };
}

/** What was seen of a file: everything that reading and planning need. */
export interface Survey {
  readonly found: readonly Found[];
  readonly anomalies: readonly Anomaly[];
  /** The `udta` boxes of the first `moov`, with where their last whole child ends. */
  readonly userData: readonly { readonly box: Box; readonly end: number }[];
  /** Every `meta` of the first `moov` and its `udta`, in file order. */
  readonly metas: readonly Meta[];
  /** Where the last whole child of the first `moov` ends. */
  readonly movieEnd: number;
}

/** Looks at every place of a movie where our key can stand (labels.md §5.1, 15–18). Throws `LabelError` `LIMIT_EXCEEDED`. */
export const survey = async (source: ByteSource, file: BoxFile, budget: BoxBudget): Promise<Survey> => {
  const search: Search = {
    source,
    budget,
    found: [],
    anomalies: [...topAnomalies(file, source.size)],
    xmpBytesLeft: XMP_LIMIT_BYTES,
    textsLeft: MAXIMUM_LABELS,
  };
  const cut = file.rest?.kind === 'overrun' && file.rest.box?.type === 'moov' ? [file.rest.box] : [];
  for (const box of file.boxes.filter(holdsXmp)) {
    await searchXmp(search, box, []);
  }
  const parts: Omit<Survey, 'found' | 'anomalies'>[] = [];
  for (const movie of [...file.movies, ...cut]) {
    parts.push(await searchMovie(search, movie));
  }
  const [first = { userData: [], metas: [], movieEnd: 0 }] = parts;
  return { found: search.found, anomalies: search.anomalies, ...first };
};

interface Search {
  readonly source: ByteSource;
  readonly budget: BoxBudget;
  readonly found: Found[];
  readonly anomalies: Anomaly[];
  /** For all packets of the file together. */
  xmpBytesLeft: number;
  /** Texts under foreign names that may still be looked at: each costs a parse. */
  textsLeft: number;
}

const searchXmp = async (search: Search, box: Box, parents: readonly Box[]): Promise<void> => {
  const { carrier, properties, anomalies } = await readBoxXmp(search.source, box, parents, search.xmpBytesLeft);
  search.xmpBytesLeft = Math.max(0, search.xmpBytesLeft - contentSize(box));
  search.anomalies.push(...anomalies);
  if (carrier !== undefined) {
    search.found.push(...properties.map((property) => ({ ...property, isGuidePlace: false, box, parents, xmp: carrier })));
  }
};

const topAnomalies = (file: BoxFile, sizeBytes: number): readonly Anomaly[] => {
  const { rest } = file;
  const anomalies: Anomaly[] = [];
  if (rest !== undefined) {
    const isCut = rest.kind === 'overrun' && rest.box !== undefined && isTopType(rest.box.type);
    const isTooSmall = rest.kind === 'tooSmall' && isTopType(rest.type ?? '');
    anomalies.push(
      isTooSmall
        ? { code: 'damaged', site: rest.type ?? '', offset: rest.offset, detail: 'the box is announced smaller than its header' }
        : isCut
          ? {
              code: 'truncated',
              site: rest.box?.type ?? '',
              offset: rest.offset,
              detail: `the box is announced beyond the end of the file (${sizeBytes})`,
            }
          : { code: 'trailing_data', site: 'file', offset: rest.offset, detail: `${rest.length} bytes follow the last box` },
    );
  }
  if (file.movies.length === 0) {
    anomalies.push({ code: 'damaged', site: 'moov', detail: 'there is no moov box' });
  }
  for (const movie of file.movies.slice(1)) {
    anomalies.push({ code: 'duplicate_structure', site: 'moov', offset: movie.offset, detail: 'a second moov box' });
  }
  return anomalies;
};

const searchMovie = async (search: Search, movie: Box): Promise<Omit<Survey, 'found' | 'anomalies'>> => {
  const { source, budget } = search;
  const { boxes, end, rest } = await listBoxes(source, contentOf(movie), movie.end, budget);
  noteRest(search, 'moov', rest);
  const userData: { box: Box; end: number }[] = [];
  const metas: Meta[] = [];
  for (const child of boxes) {
    if (child.type === 'meta') {
      metas.push(await searchMeta(search, child, [movie], 'moov.meta', false));
    } else if (holdsXmp(child)) {
      await searchXmp(search, child, [movie]);
    } else if (child.type === 'udta') {
      const list = await listBoxes(source, contentOf(child), child.end, budget);
      noteRest(search, 'moov.udta', list.rest);
      for (const box of list.boxes) {
        if (box.type === 'meta') {
          metas.push(await searchMeta(search, box, [movie, child], 'moov.udta.meta', true));
        } else if (holdsXmp(box)) {
          await searchXmp(search, box, [movie, child]);
        } else if (box.type === KEY && search.found.length < MAXIMUM_LABELS) {
          const value = await userDataText(source, box);
          search.found.push({ site: 'isobmff/moov.udta/AIGC', isGuidePlace: false, value, box, parents: [movie, child] });
        }
      }
      userData.push({ box: child, end: list.end });
    }
  }
  return { userData, metas, movieEnd: end };
};

const noteRest = (search: Search, site: string, rest: BoxRest | undefined): void => {
  if (rest !== undefined && !rest.isZero && rest.kind !== 'short') {
    search.anomalies.push({ code: 'damaged', site, offset: rest.offset, detail: `${rest.length} bytes that are no box` });
  }
};

const searchMeta = async (search: Search, box: Box, parents: readonly Box[], path: string, isGuidePath: boolean): Promise<Meta> => {
  const meta = await readMeta(search.source, box, parents, search.budget);
  noteRest(search, path, meta.rest);
  if (meta.hasDuplicates) {
    search.anomalies.push({ code: 'duplicate_structure', site: path, offset: box.offset, detail: 'hdlr, keys or ilst stands twice' });
  }
  if (meta.keys?.isSound === false) {
    search.anomalies.push({ code: 'damaged', site: `${path}.keys`, offset: meta.keys.box.offset, detail: 'its count and its entries differ' });
  }
  if (meta.list === undefined) {
    return meta;
  }
  noteRest(search, `${path}.ilst`, meta.list.rest);
  const inside = [...parents, box, meta.list.box];
  const counts = new Map<string, number>();
  for (const { type } of meta.list.items) {
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  for (const item of meta.list.items) {
    if (search.found.length >= MAXIMUM_LABELS) {
      search.anomalies.push({ code: 'limit', site: path, offset: item.offset, detail: `more than ${MAXIMUM_LABELS} labels` });
      return meta;
    }
    const index = itemIndex(item);
    const key = meta.keys?.entries[index - 1];
    if (key !== undefined) {
      if (isOurs(key.name)) {
        const { value, isCanonical } = await itemText(search.source, item, search.budget);
        const isOnly = counts.get(item.type) === 1;
        const isGuideKey = key.namespace === 'mdta' && key.name === KEY && meta.handler === 'mdta';
        search.found.push({
          site: `isobmff/${path}/keys[${key.namespace}:${key.name}]`,
          isGuidePlace: isGuidePath && meta.isFullBox && isGuideKey && isCanonical && isOnly,
          value,
          box: item,
          parents: inside,
          keyed: { meta, key },
        });
      }
    } else {
      await searchUnkeyed(search, item, inside, path);
    }
  }
  return meta;
};

/** Some writers end a name with NUL. */
const isOurs = (text: string): boolean => {
  const [name = ''] = text.split('\0', 1);
  return name === KEY || name.toUpperCase().endsWith(`.${KEY}`);
};

/** iTunes' lists have no keys: our label stands under a free name, under our four characters, or as the whole text of some item (labels.md §5.1, 16). */
const searchUnkeyed = async (search: Search, item: Box, parents: readonly Box[], path: string): Promise<void> => {
  const add = (name: string, value: string | undefined): void => {
    search.found.push({ site: `isobmff/${path}/ilst[${name}]`, isGuidePlace: false, value, box: item, parents });
  };
  if (item.type === '----') {
    const { boxes } = await listBoxes(search.source, contentOf(item), item.end, search.budget);
    const name = boxes.find(({ type }) => type === 'name');
    if (name !== undefined && contentSize(name) >= 4 && contentSize(name) <= MAXIMUM_NAME_BYTES) {
      const text = latin1(await search.source.read(contentOf(name) + 4, contentSize(name) - 4));
      if (isOurs(text)) {
        add(`----:${text}`, (await itemText(search.source, item, search.budget)).value);
      }
    }
    return;
  }
  if (item.type === KEY) {
    add(KEY, (await itemText(search.source, item, search.budget)).value);
    return;
  }
  const isText =
    search.textsLeft > 0 && item.size > 24 && item.size <= MAXIMUM_VALUE_BYTES && (await search.source.read(contentOf(item) + 16, 1))[0] === 0x7b;
  search.textsLeft -= isText ? 1 : 0;
  const value = isText ? (await itemText(search.source, item, search.budget)).value : undefined;
  if (value !== undefined && isLabelText(value)) {
    add(item.type, value);
  }
};
