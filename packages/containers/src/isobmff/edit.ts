import { type ByteSource, LabelError, type Splice, u32be } from '@aigc-label/core';
import { type Box, type BoxBudget, setU64 } from './box.ts';
import type { BoxFile } from './file.ts';
import { type Growth, type OffsetMap, offsetMapOf } from './offset-map.ts';
import { collectOffsetTables, type OffsetTable } from './offset-tables.ts';

/** An edit inside boxes whose sizes must follow. */
export interface BoxEdit extends Splice {
  /** Every box around the edited bytes, outermost first. */
  readonly parents: readonly Box[];
}

/**
 * Turns edits of content into splices of the file: sizes of all parents and every absolute offset that the edits move are rewritten with them.
 * A `stco` that a moved offset no longer fits becomes `co64`, and its growth is counted in until nothing grows any more.
 *
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `CARRIER_FULL` or `FORMAT_UNSUPPORTED_FEATURE` where an offset cannot be followed or a field is too small.
 */
export const planBoxEdits = async (source: ByteSource, file: BoxFile, edits: readonly BoxEdit[], budget: BoxBudget): Promise<readonly Splice[]> => {
  if (edits.length === 0) {
    return [];
  }
  const isMoving = edits.some(({ remove, insert }) => remove !== insert.length);
  const all = isMoving ? [...edits, ...offsetEdits(await collectOffsetTables(source, file, budget), edits)] : edits;
  return splicesOf(all, []);
};

/** A stretch inside boxes that grows or shrinks. */
export interface Resize extends Growth {
  /** Every box around it, outermost first. */
  readonly parents: readonly Box[];
}

/** What an edit does to the boxes around it. */
export const resizeOf = ({ at, remove, insert, parents }: BoxEdit): Resize => ({ at, remove, growth: insert.length - remove, parents });

/** Edits with the new sizes of all boxes around them and around `others`, which are made elsewhere, as splices in file order. */
export const splicesOf = (edits: readonly BoxEdit[], others: readonly Resize[]): readonly Splice[] =>
  [
    ...edits.toSorted(inFileOrder).map(({ at, remove, insert }) => ({ at, remove, insert })),
    ...sizeSplices([...edits.map(resizeOf), ...others]),
  ].toSorted((a, b) => a.at - b.at);

/** Where boxes end together, what goes into the inner one comes first; what is replaced there comes after both. */
const inFileOrder = (a: BoxEdit, b: BoxEdit): number =>
  a.at - b.at || Math.sign(a.remove) - Math.sign(b.remove) || (a.remove === 0 ? b.parents.length - a.parents.length : 0);

const offsetEdits = (tables: readonly OffsetTable[], edits: readonly BoxEdit[]): readonly BoxEdit[] => {
  const { map, widened } = settleOffsets(tables, edits.map(resizeOf));
  return tables.flatMap((table) => table.rewrite(map, widened.has(table)));
};

/** Finds which tables must be widened, and where every byte stands then. Tables only ever grow here, so this ends after at most one round a table. */
export const settleOffsets = (
  tables: readonly OffsetTable[],
  growths: readonly Growth[],
): { readonly map: OffsetMap; readonly widened: ReadonlySet<OffsetTable> } => {
  const widened = new Set<OffsetTable>();
  for (;;) {
    const widenings = [...widened].map(({ box, growthBytes }) => ({ at: box.end, remove: 0, growth: growthBytes }));
    const map = offsetMapOf([...growths, ...widenings]);
    const overflowing = tables.filter((table) => !widened.has(table) && table.overflows(map));
    if (overflowing.length === 0) {
      return { map, widened };
    }
    for (const table of overflowing) {
      widened.add(table);
    }
  }
};

const sizeSplices = (resizes: readonly Resize[]): readonly Splice[] => {
  const growths = new Map<number, { readonly box: Box; growth: number }>();
  for (const { parents, growth } of resizes) {
    for (const box of parents) {
      const entry = growths.get(box.offset) ?? { box, growth: 0 };
      entry.growth += growth;
      growths.set(box.offset, entry);
    }
  }
  return [...growths.values()].flatMap(({ box, growth }) => (growth === 0 ? [] : sizeSplice(box, box.size + growth)));
};

const sizeSplice = (box: Box, size: number): readonly Splice[] => {
  if (box.sizeField === 'u64') {
    const insert = new Uint8Array(8);
    setU64(insert, 0, size);
    return [{ at: box.offset + 8, remove: 8, insert }];
  }
  if (size > 0xffff_ffff) {
    throw new LabelError('CARRIER_FULL', `The box ${box.type} at byte ${box.offset} cannot grow beyond 4 GiB; remux the file.`, {
      data: { site: box.type, offset: box.offset },
    });
  }
  // A size of 0 becomes a number, which says the same and which exiftool can read: it stops at a `moov` of size 0.
  return [{ at: box.offset, remove: 4, insert: u32be(size) }];
};
