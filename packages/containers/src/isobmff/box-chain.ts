import type { Anomaly, ByteSource } from '@aigc-label/core';
import { type BoxBudget, listBoxes } from './box.ts';
import type { BoxFile } from './file.ts';

/**
 * The top level of a relative that is no movie (JPEG XL, JPEG 2000). A last box whose size is 0 reaches to the end of the file where its type is one of `types`;
 * what does not look like one of them is no box. Throws `LabelError` `LIMIT_EXCEEDED` where there are too many.
 */
export const readBoxChain = async (source: ByteSource, types: ReadonlySet<string>, budget: BoxBudget): Promise<BoxFile> => {
  const { boxes, end, rest } = await listBoxes(source, 0, source.size, budget, 'file');
  const last = rest?.kind === 'overrun' ? rest.box : undefined;
  if (last?.sizeField === 'toEnd' && types.has(last.type) && last.size >= last.headerSize) {
    return { boxes: [...boxes, last], end: last.end, movies: [] };
  }
  return { boxes, end, ...(rest === undefined ? {} : { rest }), movies: [] };
};

/** The type of the box in which the file ends, where it ends inside one; other rests are bytes behind the last box. */
export const cutBoxType = ({ rest }: BoxFile, types: ReadonlySet<string>): string | undefined =>
  rest?.kind === 'overrun' && rest.box !== undefined && types.has(rest.box.type) ? rest.box.type : undefined;

/** What is to be said of the bytes behind the last whole box. */
export const chainAnomalies = (site: string, file: BoxFile, types: ReadonlySet<string>): readonly Anomaly[] => {
  if (file.rest === undefined) {
    return [];
  }
  const { offset, length } = file.rest;
  const cut = cutBoxType(file, types);
  if (file.rest.kind === 'tooSmall' && types.has(file.rest.type ?? '')) {
    return [{ code: 'damaged', site: `${site}/${file.rest.type}`, offset, detail: 'the box is announced smaller than its header' }];
  }
  return [
    cut === undefined
      ? { code: 'trailing_data', site, offset, detail: `${length} bytes follow the last box` }
      : { code: 'truncated', site: `${site}/${cut}`, offset, detail: 'the file ends inside this box' },
  ];
};
