import { createHash } from 'node:crypto';

/** Boxes for tests: built and taken apart without the code under test, by plain recursion over the whole file in memory. */

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
export const u32 = (...values: readonly number[]): Uint8Array => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) {
    bytes.writeUInt32BE(value, index * 4);
  }
  return new Uint8Array(bytes);
};
export const u64 = (...values: readonly number[]): Uint8Array => u32(...values.flatMap((value) => [Math.floor(value / 2 ** 32), value % 2 ** 32]));

export const box = (type: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = joined(...content);
  return joined(u32(8 + body.length), text(type), body);
};
/** The same with a 64-bit size. */
export const wideBox = (type: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = joined(...content);
  return joined(u32(1), text(type), u64(16 + body.length), body);
};
/** The same with size 0: to the end of the file. */
export const openBox = (type: string, ...content: readonly Uint8Array[]): Uint8Array => joined(u32(0), text(type), ...content);

export const ftyp = (major = 'isom', ...compatible: readonly string[]): Uint8Array => box('ftyp', text(major), u32(512), ...compatible.map(text));

/** What a test makes a movie of. */
export interface Movie {
  readonly chunks: readonly number[];
  readonly width?: 4 | 8;
  /** Boxes at the end of `stbl`. */
  readonly table?: Uint8Array;
  /** Boxes at the end of `moov`. */
  readonly extra?: Uint8Array;
  readonly dref?: Uint8Array;
}

/** A `moov` that only holds what our code looks at; `chunks` are absolute offsets. */
export const moovContent = ({
  chunks,
  width = 4,
  table = new Uint8Array(0),
  extra = new Uint8Array(0),
  dref = box('url ', u32(1)),
}: Movie): Uint8Array => {
  const offsets = width === 4 ? box('stco', u32(0, chunks.length, ...chunks)) : box('co64', u32(0, chunks.length), u64(...chunks));
  const minf = box('minf', box('dinf', box('dref', u32(0, 1), dref)), box('stbl', box('stsd', u32(0, 0)), offsets, table));
  return joined(box('mvhd', new Uint8Array(100)), box('trak', box('tkhd', new Uint8Array(84)), box('mdia', minf)), extra);
};

export const SAMPLES: Uint8Array = text('first chunk of samples, second chunk of samples, third chunk of samples.');
/** Where the chunks of `SAMPLES` begin in it. */
const CHUNKS = [0, 24, 49];

/** ftyp, moov, mdat; `wrap` chooses the box forms. */
export const movieFirst = (
  movie: Omit<Movie, 'chunks'> = {},
  { moov = box, mdat = box, between = new Uint8Array(0), head = ftyp('isom', 'isom', 'mp42') }: Layout = {},
): Uint8Array => {
  const size = moov('moov', moovContent({ ...movie, chunks: [0, 0, 0] })).length;
  const start = head.length + size + between.length + mdat('mdat').length;
  return joined(head, moov('moov', moovContent({ ...movie, chunks: CHUNKS.map((offset) => start + offset) })), between, mdat('mdat', SAMPLES));
};

/** ftyp, mdat, moov. */
export const movieLast = (
  movie: Omit<Movie, 'chunks'> = {},
  { moov = box, mdat = box, between = new Uint8Array(0), head = ftyp('isom', 'isom', 'mp42') }: Layout = {},
): Uint8Array => {
  const start = head.length + mdat('mdat').length;
  return joined(head, mdat('mdat', SAMPLES), between, moov('moov', moovContent({ ...movie, chunks: CHUNKS.map((offset) => start + offset) })));
};

export interface Layout {
  readonly moov?: typeof box;
  readonly mdat?: typeof box;
  readonly between?: Uint8Array;
  readonly head?: Uint8Array;
}

export const hdlr = (handler: string): Uint8Array => box('hdlr', u32(0, 0), text(handler), new Uint8Array(13));
export const keys = (...names: readonly string[]): Uint8Array => box('keys', u32(0, names.length), ...names.map((name) => box('mdta', text(name))));
export const item = (index: number | string, value: string, type = 1, locale = 0): Uint8Array =>
  box(
    typeof index === 'string' ? index : Buffer.from(u32(index)).toString('latin1'),
    box('data', u32(type, locale), new Uint8Array(Buffer.from(value))),
  );
export const fullMeta = (...content: readonly Uint8Array[]): Uint8Array => box('meta', u32(0), ...content);

const CONTAINERS = new Set('moov trak mdia minf stbl dinf udta moof traf mfra ilst edts mvex gmhd meco'.split(' '));

interface Leaf {
  readonly path: string;
  readonly content: Buffer;
}

const walk = (file: Buffer, start: number, end: number, path: string, leaves: Leaf[], depth = 0): void => {
  let at = start;
  while (end - at >= 8) {
    let size = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    let head = 8;
    if (size === 1 && end - at >= 16) {
      size = Number(file.readBigUInt64BE(at + 8));
      head = 16;
    } else if (size === 0 && path === '') {
      size = end - at;
    }
    if (size < head || at + size > end) {
      break;
    }
    const inside = `${path}/${type}`;
    if (type === 'meta') {
      metaLeaves(file, at + head, at + size, inside, leaves, depth);
    } else if (CONTAINERS.has(type) && depth < 20) {
      walk(file, at + head, at + size, inside, leaves, depth + 1);
    } else {
      leaves.push({ path: inside, content: file.subarray(at + head, at + size) });
    }
    at += size;
  }
  if (at < end) {
    leaves.push({ path: `${path}/(rest)`, content: file.subarray(at, end) });
  }
};

/** Foreign entries under their names; a list that holds nothing else than ours leaves no trace. */
const metaLeaves = (file: Buffer, start: number, end: number, path: string, leaves: Leaf[], depth: number): void => {
  const isFull = end - start >= 4 && file.readUInt32BE(start) === 0;
  const own: Leaf[] = [];
  walk(file, isFull ? start + 4 : start, end, path, own, depth + 1);
  const table = own.find((leaf) => leaf.path === `${path}/keys`)?.content;
  const names: string[] = [];
  for (let at = 8; table !== undefined && at + 8 <= table.length; at += Math.max(8, table.readUInt32BE(at))) {
    names.push(table.toString('latin1', at + 4, at + table.readUInt32BE(at)));
  }
  const foreign = own.flatMap((leaf): Leaf[] => {
    const type = leaf.path.slice(-4);
    if (leaf.path === `${path}/keys`) {
      return []; // seen below, by the items that use them: ours may repeat foreign names that nothing of ours uses
    }
    if (leaf.path.startsWith(`${path}/ilst/`)) {
      const name = names[Buffer.from(type, 'latin1').readUInt32BE(0) - 1];
      const isOurs = name?.endsWith('AIGC') === true || type === 'AIGC' || /"ContentProducer"/.test(leaf.content.toString('latin1'));
      return isOurs ? [] : [{ path: `${path}/ilst/${name ?? type}`, content: leaf.content }];
    }
    return [leaf];
  });
  if (foreign.some((leaf) => leaf.path !== `${path}/hdlr`)) {
    leaves.push({ path: `${path}(${isFull ? 'full' : 'plain'})`, content: Buffer.alloc(0) }, ...foreign);
  }
};

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Every foreign box by its bytes, and every absolute offset by the bytes it points at. */
export const untouched = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const leaves: Leaf[] = [];
  walk(file, 0, file.length, '', leaves);
  return leaves.flatMap(({ path, content }): readonly string[] => {
    const at = (offset: number, length = 16): string => hash(file.subarray(offset, offset + length));
    const type = path.slice(-4);
    if (type === 'stco' || type === 'co64') {
      const width = type === 'stco' ? 4 : 8;
      return Array.from({ length: content.readUInt32BE(4) }, (_, index) =>
        at(width === 4 ? content.readUInt32BE(8 + index * 4) : Number(content.readBigUInt64BE(8 + index * 8))),
      ).map((target) => `${path.slice(0, -4)}chunk ${target}`);
    }
    if (type === 'tfhd' && (content.readUInt32BE(0) & 1) === 1) {
      return [`${path} ${at(Number(content.readBigUInt64BE(8)))} ${hash(content.subarray(16))}`];
    }
    if (type === 'tfra') {
      const stride = (content[0] === 1 ? 16 : 8) + 3;
      return Array.from({ length: content.readUInt32BE(12) }, (_, index) => 16 + index * stride).map((entry) =>
        content[0] === 1
          ? `${path} ${content.readBigUInt64BE(entry)} ${at(Number(content.readBigUInt64BE(entry + 8)), 8)}`
          : `${path} ${content.readUInt32BE(entry)} ${at(content.readUInt32BE(entry + 4), 8)}`,
      );
    }
    if (type === 'saio' && !path.includes('traf')) {
      return Array.from({ length: content.readUInt32BE(4) }, (_, index) => `${path} ${at(content.readUInt32BE(8 + index * 4))}`);
    }
    if (type === 'sidx') {
      const end = content.byteOffset + content.length - file.byteOffset;
      let position = end + (content[0] === 0 ? content.readUInt32BE(16) : Number(content.readBigUInt64BE(20)));
      const start = content[0] === 0 ? 22 : 30;
      return Array.from({ length: content.readUInt16BE(start) }, (_, index) => {
        const size = content.readUInt32BE(start + 2 + index * 12) & 0x7fffffff;
        position += size;
        // only the media: the fragment's own offsets move, and are looked at one by one above
        return `${path} ${hash(file.subarray(position - Math.min(size, 100), position))}`;
      });
    }
    if (path === '/moov/udta/AIGC' || type === 'iloc') {
      return [];
    }
    return [`${path} ${hash(content)}`];
  });
};
