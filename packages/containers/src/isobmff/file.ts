import type { ByteSource } from '@aigc-label/core';
import { type Box, type BoxBudget, type BoxRest, listBoxes } from './box.ts';

/** The top level of a file of the ISO BMFF family (ISO/IEC 14496-12 §4.2). */
export interface BoxFile {
  readonly boxes: readonly Box[];
  /** Where the last whole box ends. */
  readonly end: number;
  /** What follows the last whole box. */
  readonly rest?: BoxRest;
  /** Every `moov`; a sound file has one. */
  readonly movies: readonly Box[];
}

/** Walks the top level: headers only. Throws `LabelError` `LIMIT_EXCEEDED`. */
export const readBoxFile = async (source: ByteSource, budget: BoxBudget): Promise<BoxFile> => {
  const list = await listBoxes(source, 0, source.size, budget, 'file');
  return { ...list, movies: list.boxes.filter(({ type }) => type === 'moov') };
};
