import { type ByteSource, damaged, joinedSource, type Piece } from '@aigc-label/core';
import type { Box, BoxBudget } from './box.ts';
import { type BoxEdit, type Resize, resizeOf, settleOffsets, splicesOf } from './edit.ts';
import type { BoxFile } from './file.ts';
import { offsetMapOf } from './offset-map.ts';
import { collectOffsetTables, type OffsetTable } from './offset-tables.ts';

/** Bytes of media data that make room for others: whole samples. */
export interface MediaChange {
  readonly at: number;
  readonly remove: number;
  readonly pieces: readonly Piece[];
}

/** What is to be done to a file. */
export interface MediaExchange {
  /** Of its index. */
  readonly edits: readonly BoxEdit[];
  /** In file order, apart from each other. */
  readonly changes: readonly MediaChange[];
  /** Offsets that are no absolute ones, besides those that every file may have. */
  readonly offsets?: readonly OffsetTable[];
}

/**
 * The file with edits of its index and changes of its media data: sizes and every absolute offset follow. A chunk that begins with a changed sample begins there still;
 * any other offset into changed bytes is refused. Nothing of the media is held in memory.
 *
 * @throws LabelError as `planBoxEdits`; `FILE_DAMAGED` where a change lies outside of media data.
 */
export const exchangeMedia = async (
  source: ByteSource,
  file: BoxFile,
  { edits, changes, offsets = [] }: MediaExchange,
  budget: BoxBudget,
): Promise<ByteSource> => {
  const resizes = mediaResizes(file, changes);
  const tables = [...(await collectOffsetTables(source, file, budget)), ...offsets];
  const { map, widened } = settleOffsets(tables, [...edits.map(resizeOf), ...resizes]);
  const widenings = [...widened].map(({ box, growthBytes }) => ({ at: box.end, remove: 0, growth: growthBytes }));
  const strictMap = offsetMapOf([...edits.map(resizeOf), ...resizes.map(({ at, remove, growth }) => ({ at, remove, growth })), ...widenings]);
  const moves = tables.flatMap((table) => table.rewrite(isChunkTable(table.box) ? map : strictMap, widened.has(table)));
  const splices = splicesOf([...edits, ...moves], resizes).map(({ at, remove, insert }): MediaChange => ({ at, remove, pieces: [insert] }));
  return joinedSource(piecesOf(source, [...splices, ...changes]));
};

const isChunkTable = ({ type }: Box): boolean => type === 'stco' || type === 'co64' || type === 'trun';

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((total, { length }) => total + length, 0);

/** Changes with the `mdat` around them; one that lasts to the end of the file says no size. */
const mediaResizes = ({ boxes }: BoxFile, changes: readonly MediaChange[]): readonly Resize[] => {
  const media = boxes.filter(({ type }) => type === 'mdat');
  let index = 0;
  return changes.map(({ at, remove, pieces }) => {
    while (index < media.length && (media[index]?.end ?? 0) <= at) {
      index += 1;
    }
    const box = media[index];
    if (box === undefined || at < box.offset + box.headerSize || at + remove > box.end) {
      throw damaged('stco', at, 'a sample lies outside of the media data');
    }
    return { at, remove, growth: lengthOf(pieces) - remove, keepsStart: true, parents: box.sizeField === 'toEnd' ? [] : [box] };
  });
};

const piecesOf = (source: ByteSource, changes: readonly MediaChange[]): readonly Piece[] => {
  const pieces: Piece[] = [];
  let position = 0;
  for (const change of changes.toSorted((a, b) => a.at - b.at)) {
    if (change.at > position) {
      pieces.push({ source, offset: position, length: change.at - position });
    }
    pieces.push(...change.pieces.filter(({ length }) => length > 0));
    position = change.at + change.remove;
  }
  return position < source.size ? [...pieces, { source, offset: position, length: source.size - position }] : pieces;
};
