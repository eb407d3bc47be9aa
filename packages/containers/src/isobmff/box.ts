import { type ByteSource, LabelError, latin1, viewOf } from '@aigc-label/core';

/** Boxes that one operation looks at: a day of two-second fragments with two tracks needs about 500,000; more is an attack or not a film. */
export const MAXIMUM_BOXES = 1_000_000;

/** Boxes in one list (one level of one parent, or the file's own): a day of two-second fragments has about 130,000 at the top. */
export const MAXIMUM_BOXES_IN_LIST = 200_000;

/** A box as its header announces it (ISO/IEC 14496-12 §4.2); offsets and sizes in bytes of the file. */
export interface Box {
  /** Four characters, one a byte. */
  readonly type: string;
  readonly offset: number;
  /** With the 64-bit size and the user type, where there are any. */
  readonly headerSize: number;
  /** Header and content. */
  readonly size: number;
  /** Where the content ends and the next box begins. */
  readonly end: number;
  /** Which field says the size; `toEnd` is size 0: the box lasts until the end of the file. */
  readonly sizeField: 'u32' | 'u64' | 'toEnd';
  /** Lower-case hexadecimal, only in `uuid` boxes. */
  readonly userType?: string;
}

/** What stopped a list of boxes before the end of its parent. */
export interface BoxRest {
  readonly offset: number;
  readonly length: number;
  /**
   * `short` fewer than 8 bytes are left · `terminator` a size of 0 inside a parent, as QuickTime ends its lists ·
   * `tooSmall` a size smaller than its own header · `overrun` a size beyond the parent, or, at the top, a size 0 in front of no known type.
   */
  readonly kind: 'short' | 'terminator' | 'tooSmall' | 'overrun';
  /** The four characters where its type would stand; absent with `short`. */
  readonly type?: string;
  /** The box that would have stood there, cut to the bytes that are there; only with `overrun`. */
  readonly box?: Box;
  /** Whether every byte of the header that was looked at (up to 8) is zero. */
  readonly isZero: boolean;
}

/** The boxes of one level in file order. */
export interface BoxList {
  readonly boxes: readonly Box[];
  /** Where the last whole box ends. */
  readonly end: number;
  readonly rest?: BoxRest;
}

/** Counts boxes over a whole operation. */
export interface BoxBudget {
  spend(): void;
}

/** A fresh count; `spend` throws `LabelError` `LIMIT_EXCEEDED` after `MAXIMUM_BOXES`. */
export const boxBudget = (limit: number = MAXIMUM_BOXES): BoxBudget => {
  let spent = 0;
  return {
    spend() {
      spent += 1;
      if (spent > limit) {
        throw tooMany(limit);
      }
    },
  };
};

const tooMany = (limit: number): LabelError =>
  new LabelError('LIMIT_EXCEEDED', `The file holds more than ${limit} boxes; remux it with fewer, longer fragments.`, { data: { limit } });

/** Types that may stand at the top of a file: only these are believed when their size is 0 or leaves the file, for junk can look like a header. */
const TOP_TYPES: ReadonlySet<string> = new Set(
  'ftyp moov mdat free skip wide uuid meta meco moof mfra sidx ssix styp prft emsg pdin pnot PICT udta idat imda'.split(' '),
);

/** Whether a box of this type is known to stand at the top of files. */
export const isTopType = (type: string): boolean => TOP_TYPES.has(type);

/**
 * The boxes between two offsets. A size of 0 reaches to the end of the file at the `file` level and ends the list inside a parent.
 *
 * @throws LabelError `LIMIT_EXCEEDED` where there are too many.
 */
export const listBoxes = async (
  source: ByteSource,
  start: number,
  end: number,
  budget: BoxBudget,
  level: 'file' | 'inner' = 'inner',
): Promise<BoxList> => {
  const boxes: Box[] = [];
  let offset = start;
  while (offset < end) {
    const next = await boxAt(source, offset, end, level);
    if (!('size' in next)) {
      return { boxes, end: offset, rest: next };
    }
    budget.spend();
    boxes.push(next);
    if (boxes.length > MAXIMUM_BOXES_IN_LIST) {
      throw tooMany(MAXIMUM_BOXES_IN_LIST);
    }
    offset = next.end;
  }
  return { boxes, end: offset };
};

const boxAt = async (source: ByteSource, offset: number, end: number, level: 'file' | 'inner'): Promise<Box | BoxRest> => {
  const length = end - offset;
  const head = await source.read(offset, Math.min(8, length));
  const isZero = head.every((byte) => byte === 0);
  if (length < 8) {
    return { offset, length, kind: 'short', isZero };
  }
  const size32 = viewOf(head).getUint32(0);
  const type = latin1(head.subarray(4, 8));
  if (size32 === 0 && level === 'inner') {
    return { offset, length, kind: 'terminator', isZero, type };
  }
  if (size32 > 1 && size32 < 8) {
    return { offset, length, kind: 'tooSmall', isZero, type };
  }
  const wide = size32 === 1;
  const baseSize = wide ? 16 : 8;
  const headerSize = baseSize + (type === 'uuid' ? 16 : 0);
  const more = length >= headerSize && headerSize > 8 ? await source.read(offset + 8, headerSize - 8) : new Uint8Array(0);
  const sizeField = wide ? 'u64' : size32 === 0 ? 'toEnd' : 'u32';
  const announced = wide ? (more.length >= 8 ? u64(more, 0) : length + 1) : size32 === 0 ? length : size32;
  const user = type === 'uuid' && more.length >= headerSize - 8 ? { userType: hex(more.subarray(headerSize - 24)) } : {};
  if (announced > length || (sizeField === 'toEnd' && !isTopType(type)) || length < headerSize) {
    const box: Box = { type, offset, headerSize: Math.min(headerSize, length), size: length, end, sizeField, ...user };
    return { offset, length, kind: 'overrun', isZero, type, box };
  }
  if (announced < headerSize) {
    return { offset, length, kind: 'tooSmall', isZero, type };
  }
  return { type, offset, headerSize, size: announced, end: offset + announced, sizeField, ...user };
};

/** A 64-bit unsigned number at `at`; above 2^53 it is only approximate, which every caller treats as beyond any file. */
export const u64 = (bytes: Uint8Array, at: number): number => {
  const view = viewOf(bytes);
  return view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
};

/** Writes a 64-bit unsigned number at `at`. */
export const setU64 = (bytes: Uint8Array, at: number, value: number): void => {
  const view = viewOf(bytes);
  view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 4, value % 0x1_0000_0000);
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The offset of a box's content. */
export const contentOf = (box: Box): number => box.offset + box.headerSize;

/** The length in bytes of a box's content. */
export const contentSize = (box: Box): number => box.size - box.headerSize;
