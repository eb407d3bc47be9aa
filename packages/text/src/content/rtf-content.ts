// Properties of an RTF document that are labels, as `plan` takes them out (spec/content/text.md §3.6).
import { type ByteRange, latin1 } from '@aigc-label/core';
import type { RtfSurvey } from '../rtf-groups.ts';

const OPENING = '{\\*\\userprops';

/** The properties of this name; the group for properties, too, where it holds nothing else. */
export const rtfCuts = (bytes: Uint8Array, { properties, propertiesStart, propertiesEnd, fault }: RtfSurvey, key: string): readonly ByteRange[] => {
  if (fault !== undefined) {
    return [];
  }
  const cuts = properties.filter(({ name }) => name === key).map(({ start, end }) => ({ start, end }));
  if (propertiesStart === undefined || propertiesEnd === undefined) {
    return cuts;
  }
  const inside = cuts.filter(({ start, end }) => start > propertiesStart && end <= propertiesEnd);
  const taken = inside.reduce((total, { start, end }) => total + end - start, 0);
  const isAlone =
    latin1(bytes.subarray(propertiesStart, propertiesStart + OPENING.length)) === OPENING &&
    taken === propertiesEnd - propertiesStart - OPENING.length;
  return isAlone ? [...cuts, { start: propertiesStart, end: propertiesEnd + 1 }] : cuts;
};
