// The top level of a Markdown body, line by line: enough of CommonMark to know where a paragraph can stand without changing another block.
import { isBlank, type TextLine } from './lines.ts';

/** What is known of the top level. */
export interface TopLevel {
  /** Lines that begin a block at the top level behind a blank line, the first block aside. */
  readonly boundaries: readonly number[];
  /** What is still open at the end, in words. */
  readonly openEnd: string | undefined;
}

const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
/** HTML blocks that a blank line does not end, with what ends them (CommonMark §4.6, kinds 1–5). */
const RAW_BLOCKS: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<\?/, /\?>/],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/],
  [/^ {0,3}<![A-Za-z]/, />/],
];
const CONTAINER_TAG = /<(\/?)(?:details|div|table|section|article|aside|blockquote|ul|ol|dl|center|figure|form|p)(?=[\s/>])/gi;

/** Follows fences, raw HTML, HTML containers, display mathematics and lists from line `from` up to `until`. */
export const topLevelOf = (lines: readonly TextLine[], from: number, until: number): TopLevel => {
  const boundaries: number[] = [];
  let closes: ((text: string) => boolean) | undefined;
  let open = '';
  let containers = 0;
  let isHtml = false;
  let isList = false;
  let isFirst = true;
  for (let index = from; index < until; index += 1) {
    const line = lines[index] as TextLine;
    const { text } = line;
    if (closes !== undefined) {
      closes = closes(text) ? undefined : closes;
      continue;
    }
    if (isBlank(line)) {
      isHtml = false;
      continue;
    }
    const isBehindBlank = index > from && isBlank(lines[index - 1] as TextLine);
    const isItem = LIST_ITEM.test(text) && !/^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,})$/.test(text);
    if (!isFirst && isBehindBlank && containers === 0 && /^[^\s:]/.test(text) && !(isList && isItem)) {
      boundaries.push(index);
    }
    isList = isItem || (isList && !(isBehindBlank && /^\S/.test(text)));
    isFirst = false;
    isHtml ||= /^ {0,3}<[A-Za-z/]/.test(text);
    if (isHtml) {
      for (const [, slash] of text.matchAll(CONTAINER_TAG)) {
        containers = Math.max(0, containers + (slash === '/' ? -1 : 1));
      }
    }
    const fence = FENCE.exec(text)?.[1];
    const raw = RAW_BLOCKS.find(([opening]) => opening.test(text));
    if (fence !== undefined) {
      closes = (candidate) => /^ {0,3}(?:`+|~+)[ \t]*$/.test(candidate) && candidate.trim().startsWith(fence);
      open = 'a fence is not closed';
    } else if (raw !== undefined) {
      const [opening, closing] = raw;
      closes = closing.test(text.replace(opening, '')) ? undefined : (candidate) => closing.test(candidate);
      open = 'HTML is not closed';
    } else if (/^ {0,3}\$\$/.test(text) && !/\$\$[ \t]*$/.test(text.replace(/^ {0,3}\$\$/, ''))) {
      closes = (candidate) => candidate.includes('$$');
      open = 'mathematics are not closed';
    }
  }
  return { boundaries, openEnd: closes === undefined ? (containers > 0 ? 'HTML is not closed' : undefined) : open };
};
