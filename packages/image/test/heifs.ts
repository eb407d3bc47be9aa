// HEIF files for tests, built and taken apart without the code under test.
import { box, boxesIn, bytesOf, digest, type Found, number, withoutComment } from './boxes.ts';
import { withoutLabel } from './packets.ts';

export interface HeifItem {
  readonly id: number;
  readonly type: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly data: Uint8Array | readonly Uint8Array[];
  /** 0 `mdat`, 1 `idat`. */
  readonly method?: 0 | 1;
  readonly describes?: readonly number[];
}

export interface HeifLayout {
  readonly items: readonly HeifItem[];
  readonly primary?: number | null;
  readonly brands?: readonly string[];
  readonly iloc?: {
    readonly version?: 0 | 1 | 2;
    readonly offset?: 0 | 4 | 8;
    readonly length?: 0 | 4 | 8;
    readonly base?: 0 | 4 | 8;
    readonly index?: 0 | 4 | 8;
  };
  readonly infe?: 1 | 2 | 3;
  readonly iinf?: 0 | 1;
  readonly iref?: 0 | 1 | null;
  /** Whether `mdat` comes before `meta`. */
  readonly dataFirst?: boolean;
  readonly mdat?: typeof box;
  /** Boxes at the end of `meta`, and behind everything. */
  readonly extra?: Uint8Array;
  readonly after?: Uint8Array;
  readonly ids?: 2 | 4;
}

export const PICTURE: Uint8Array = bytesOf('a picture that no decoder would take');
const parts = ({ data }: HeifItem): readonly Uint8Array[] => (data instanceof Uint8Array ? [data] : data);

/** A file of the layout; every extent lies in one `mdat` or `idat` in the order of the items. */
export const heif = (layout: HeifLayout): Uint8Array => {
  const { items, primary = 1, brands = ['heic', 'mif1', 'heic'], dataFirst = false, mdat = box, after = new Uint8Array(0) } = layout;
  const [major = '', ...compatible] = brands;
  const ftyp = box('ftyp', major, number(0, 4), ...compatible);
  const data = bytesOf(...items.filter(({ method = 0 }) => method === 0).flatMap(parts));
  const media = mdat('mdat', data);
  const size = metaOf(layout, 0, primary).length;
  const start = ftyp.length + (dataFirst ? 0 : size) + media.length - data.length;
  const meta = metaOf(layout, start, primary);
  return dataFirst ? bytesOf(ftyp, media, meta, after) : bytesOf(ftyp, meta, media, after);
};

const metaOf = (layout: HeifLayout, dataStart: number, primary: number | null): Uint8Array => {
  const { items, iloc = {}, infe = 2, iinf = 0, iref = 0, extra = new Uint8Array(0) } = layout;
  const { version = 0, offset = 4, length = 4, base = 0, index = 0 } = iloc;
  const idWidth = version === 2 ? 4 : 2;
  let inFile = dataStart;
  let inData = 0;
  const locations = items.map((item) => {
    const { method = 0 } = item;
    const at = method === 0 ? inFile : inData;
    let place = at;
    const extents = parts(item).map((part) => {
      const bytes = bytesOf(number(0, index), number(base > 0 ? place - at : place, offset), number(part.length, length));
      place += part.length;
      return bytes;
    });
    if (method === 0) {
      inFile = place;
    } else {
      inData = place;
    }
    return bytesOf(
      number(item.id, idWidth),
      version === 0 ? '' : number(method, 2),
      number(0, 2),
      number(base > 0 ? at : 0, base),
      number(extents.length, 2),
      ...extents,
    );
  });
  const idat = bytesOf(...items.filter(({ method }) => method === 1).flatMap(parts));
  const references = items.flatMap(({ id, describes = [] }) =>
    describes.length === 0
      ? []
      : [box('cdsc', number(id, iref === 1 ? 4 : 2), number(describes.length, 2), ...describes.map((to) => number(to, iref === 1 ? 4 : 2)))],
  );
  return box(
    'meta',
    number(0, 4),
    box('hdlr', number(0, 8), 'pict', new Uint8Array(13)),
    primary === null ? '' : box('pitm', number(0, 4), number(primary, 2)),
    box(
      'iloc',
      number(version, 1),
      number(0, 3),
      number(offset * 16 + length, 1),
      number(base * 16 + index, 1),
      number(items.length, version === 2 ? 4 : 2),
      ...locations,
    ),
    box('iinf', number(iinf, 1), number(0, 3), number(items.length, iinf === 0 ? 2 : 4), ...items.map((item) => infoOf(item, infe))),
    references.length === 0 || iref === null ? '' : box('iref', number(iref, 1), number(0, 3), ...references),
    idat.length === 0 ? '' : box('idat', idat),
    extra,
  );
};

const infoOf = ({ id, type, contentType = '', contentEncoding = '' }: HeifItem, version: 1 | 2 | 3): Uint8Array => {
  const mime = `${contentType}\0${contentEncoding === '' ? '' : `${contentEncoding}\0`}`;
  return version === 1
    ? box('infe', number(1, 1), number(0, 3), number(id, 2), number(0, 2), '\0', mime)
    : box('infe', number(version, 1), number(0, 3), number(id, version === 3 ? 4 : 2), number(0, 2), type, '\0', type === 'mime' ? mime : '');
};

interface Item {
  readonly id: number;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Every item with its bytes, by a reading of the tables that knows only what these fixtures hold. */
export const itemsOf = (bytes: Uint8Array): readonly Item[] => {
  const file = Buffer.from(bytes);
  const meta = boxesIn(bytes).find(({ type }) => type === 'meta');
  const children = meta === undefined ? [] : boxesIn(bytes, meta.inside + 4, meta.end);
  const child = (type: string): Found | undefined => children.find((one) => one.type === type);
  const types = new Map<number, string>();
  const iinf = child('iinf');
  for (const { inside, end } of iinf === undefined ? [] : boxesIn(bytes, iinf.inside + (file[iinf.inside] === 0 ? 6 : 8), iinf.end)) {
    const wide = file[inside] === 3;
    const id = wide ? file.readUInt32BE(inside + 4) : file.readUInt16BE(inside + 4);
    types.set(id, file.toString('latin1', inside + (wide ? 10 : 8), end));
  }
  const iloc = child('iloc');
  const items: Item[] = [];
  if (iloc !== undefined) {
    let at = iloc.inside;
    const read = (width: number): number => {
      at += width;
      return width === 0 ? 0 : width === 8 ? Number(file.readBigUInt64BE(at - 8)) : file.readUIntBE(at - width, width);
    };
    const version = read(1);
    at += 3;
    const [sizes, more] = [read(1), read(1)];
    const count = read(version === 2 ? 4 : 2);
    for (let number = 0; number < count; number += 1) {
      const id = read(version === 2 ? 4 : 2);
      const method = version === 0 ? 0 : read(2) & 15;
      at += 2;
      const base = read(more >> 4) + (method === 1 ? (child('idat')?.inside ?? 0) : 0);
      const extents = Array.from({ length: read(2) }, () => {
        at += version === 0 ? 0 : more & 15;
        const start = base + read(sizes >> 4);
        const length = read(sizes & 15);
        return file.subarray(start, start + length);
      });
      items.push({ id, type: types.get(id) ?? '', bytes: Buffer.concat(extents) });
    }
  }
  return items;
};

/** What must stay: every item that holds no XMP by its bytes, packets without their labels, properties, references, boxes at the top, and what chunks of samples hold. */
export const foreignOf = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const top = boxesIn(bytes);
  const meta = top.find(({ type }) => type === 'meta');
  const children = meta === undefined ? [] : boxesIn(bytes, meta.inside + 4, meta.end);
  const iref = children.find(({ type }) => type === 'iref');
  const idWidth = iref !== undefined && file[iref.inside] === 1 ? 4 : 2;
  const isXmp = ({ type }: Item): boolean => type.includes('rdf+xml');
  const items = itemsOf(bytes);
  return {
    items: items
      .filter((item) => !isXmp(item))
      .map(({ id, type, bytes: data }) => [id, type, type.startsWith('Exif') ? withoutComment(data) : digest(data)]),
    packets: items
      .filter(isXmp)
      .map(({ bytes: packet }) => withoutLabel(Buffer.from(packet).toString('utf8')))
      .filter((packet) => packet !== ''),
    properties: children
      .filter(({ type }) => !['iinf', 'iloc', 'iref', 'idat'].includes(type))
      .map(({ type, start, end }) => [type, digest(file.subarray(start, end))]),
    references: children
      .filter(({ type }) => type === 'iref')
      .flatMap(({ inside, end }) => boxesIn(bytes, inside + 4, end))
      .filter(({ type, inside }) => type !== 'cdsc' || !items.some((item) => isXmp(item) && item.id === file.readUIntBE(inside, idWidth)))
      .map(({ type, start, end }) => [type, digest(file.subarray(start, end))]),
    top: top
      .filter(({ type }) => !['meta', 'mdat', 'moov'].includes(type))
      .map(({ type, inside, end }) => [type, withoutLabel(file.toString('utf8', inside, end).replace(/^[^<]*/s, ''))]),
    chunks: chunksOf(file),
  };
};

/** The bytes at every chunk offset of a sequence. */
const chunksOf = (file: Buffer): readonly string[] => {
  const at = file.indexOf('stco', 0, 'latin1');
  return at < 0
    ? []
    : Array.from({ length: file.readUInt32BE(at + 8) }, (_, index) => file.readUInt32BE(at + 12 + index * 4)).map((offset) =>
        digest(file.subarray(offset, offset + 16)),
      );
};
