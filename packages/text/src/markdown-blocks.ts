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

/** HTML blocks that end at a blank line (kinds 6 and 7); the latter cannot interrupt a paragraph. */
const BLOCK_TAG =
  /^ {0,3}<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>]|$)/i;
const LONE_TAG = /^ {0,3}<\/?[A-Za-z][\w-]{0,60}(?:\s[^<>]{0,1000})?\/?>[ \t]*$/;
const NO_PARAGRAPH = /^ {0,3}(?:#{1,6}(?:[ \t]|$)|(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$|[`~]{3,}[ \t]*$)/;

/** Follows fences, raw HTML, HTML containers, display mathematics and lists from line `from` up to `until`. */
export const topLevelOf = (lines: readonly TextLine[], from: number, until: number): TopLevel => {
  const boundaries: number[] = [];
  const state: State = { closes: undefined, listIndent: 0, containers: 0, isHtml: false, isMath: false, isList: false, isParagraph: false };
  let first: number | undefined;
  for (let index = from; index < until; index += 1) {
    const line = lines[index] as TextLine;
    if (state.closes !== undefined && state.listIndent > 0 && !isBlank(line) && line.text.search(/[^ ]/) < state.listIndent) {
      // Whether the line ends the item, and with it the fence, depends on where the item's text began: what follows is not known.
      break;
    }
    if (state.closes !== undefined) {
      if (state.closes.test(line.text)) {
        state.closes = undefined;
        state.isParagraph = false;
      }
    } else if (isBlank(line)) {
      state.isHtml = false;
      state.isParagraph = false;
    } else {
      const isBehindBlank = index > from && isBlank(lines[index - 1] as TextLine);
      if (first !== undefined && isBehindBlank && isBoundary(line.text, state)) {
        boundaries.push(index);
      }
      first ??= index;
      enter(line.text, state, isBehindBlank);
    }
  }
  const isOpen = state.closes !== undefined || state.containers > 0 || state.isMath;
  return { boundaries, openEnd: isOpen ? 'a fence, HTML or mathematics are not closed' : undefined };
};

interface State {
  /** What ends a fence or a raw block. */
  closes: { test(text: string): boolean } | undefined;
  /** Columns of a fence that may be inside of a list item: a line further left may end both. */
  listIndent: number;
  containers: number;
  isHtml: boolean;
  isMath: boolean;
  isList: boolean;
  isParagraph: boolean;
}

const isItem = (text: string): boolean => LIST_ITEM.test(text) && !NO_PARAGRAPH.test(text);

const isBoundary = (text: string, { containers, isMath, isList }: State): boolean =>
  containers === 0 && !isMath && /^[^\s:]/.test(text) && !(isList && isItem(text));

const enter = (text: string, state: State, isBehindBlank: boolean): void => {
  state.isList = isItem(text) || (state.isList && !(isBehindBlank && /^\S/.test(text)));
  const raw = state.isHtml ? undefined : RAW_BLOCKS.find(([opening]) => opening.test(text));
  state.isHtml ||= raw === undefined && (BLOCK_TAG.test(text) || (!state.isParagraph && LONE_TAG.test(text)));
  if (state.isHtml) {
    for (const [, slash] of text.matchAll(CONTAINER_TAG)) {
      state.containers = Math.max(0, state.containers + (slash === '/' ? -1 : 1));
    }
  }
  state.isParagraph = !state.isHtml && !NO_PARAGRAPH.test(text) && (state.isParagraph || !/^(?: {4}| {0,3}\t)/.test(text));
  // A fence may follow the mark of its list item; inside of an item, it is indented.
  const mark = /^ {0,3}(?:[-*+]|\d{1,9}[.)]) {1,4}(?=[`~]{3})/.exec(text)?.[0] ?? '';
  const fence = state.isHtml ? undefined : FENCE.exec(text.slice(mark.length))?.[1];
  if (fence !== undefined) {
    state.closes = { test: (candidate) => /^\s*(?:`+|~+)[ \t]*$/.test(candidate) && candidate.trim().startsWith(fence) };
    state.listIndent = state.isList ? mark.length || text.search(/[^ ]/) : 0;
    state.isMath = false;
  } else if (raw !== undefined) {
    const [opening, closing] = raw;
    state.closes = closing.test(text.replace(opening, '')) ? undefined : closing;
    state.listIndent = 0;
  } else if (!state.isHtml && /^ {0,3}\$\$/.test(text) && !/\$\$[ \t]*$/.test(text.replace(/^ {0,3}\$\$/, ''))) {
    state.isMath = !state.isMath;
  } else if (state.isMath && text.includes('$$')) {
    state.isMath = false;
  }
};
