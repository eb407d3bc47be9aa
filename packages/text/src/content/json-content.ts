// Members of a JSON object that are labels, as `plan` takes them out (spec/content/text.md §3.4).
import type { ByteRange } from '@aigc-label/core';
import type { JsonMember, JsonScan } from '../json-scan.ts';

/** The members in units of the text: the first of the object with the comma and the white space behind it, any other with the comma before it. */
export const memberCuts = (text: string, { members }: JsonScan): readonly ByteRange[] => {
  const first = members.findIndex(({ previousEnd }) => previousEnd === undefined);
  if (first < 0) {
    return members.map(later);
  }
  let run = first;
  while (members[run + 1]?.previousEnd === (members[run] as JsonMember).end) {
    run += 1;
  }
  const { start } = members[first] as JsonMember;
  const { end } = members[run] as JsonMember;
  return [{ start, end: behindComma(text, end) }, ...members.slice(run + 1).map(later)];
};

const later = ({ previousEnd = 0, end }: JsonMember): ByteRange => ({ start: previousEnd, end });

const SPACE = ' \t\r\n';

/** Where the next member begins; `from` where there is none. */
const behindComma = (text: string, from: number): number => {
  const comma = behindSpace(text, from);
  return text.charAt(comma) === ',' ? behindSpace(text, comma + 1) : from;
};

const behindSpace = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && SPACE.includes(text.charAt(at))) {
    at += 1;
  }
  return at;
};
