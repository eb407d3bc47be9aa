import { MAXIMUM_TREE_SIZE } from './tree-hash.ts';

/** A size or index as C2SP texts write it: ASCII digits, no leading zero; `undefined` for anything else and for more than can be counted exactly. */
export const readDecimal = (text: string): number | undefined => {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) {
    return undefined;
  }
  const value = Number(text);
  return value <= MAXIMUM_TREE_SIZE ? value : undefined;
};
