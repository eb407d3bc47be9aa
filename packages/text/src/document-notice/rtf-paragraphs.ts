// Rich Text Format 1.9.1: where the paragraphs of a document begin and end. One walk over the groups, without recursion, and nothing is read but where words stand.
import { latin1 } from '@aigc-label/core';

/** Where notices can stand. Offsets in bytes. */
export interface RtfPlaces {
  /** Before everything that is drawn, behind what is said of the document. */
  readonly start: number;
  /** Before the brace that closes the document. */
  readonly end: number;
  /** Whether no words stand behind the last mark of a paragraph. */
  readonly isLastClosed: boolean;
  /** Before the mark that ends the first paragraph with words, and the last one that is ended; -1 where it is in a table or a list, `undefined` where none is ended. */
  readonly firstEnd: number | undefined;
  readonly lastEnd: number | undefined;
  /** Between two paragraphs that are in no table and no list. */
  readonly between: readonly number[];
}

/** Levels of groups; Word stays below 32. */
const MAXIMUM_DEPTH = 512;
const MOST_PLACES = 100_000;

/** Groups whose text is not in the line; a group that begins with `\*` is another one (RTF 1.9.1, "Destinations"). */
const DESTINATIONS: ReadonlySet<string> = new Set(
  'fonttbl filetbl colortbl stylesheet listtables revtbl info header headerl headerr headerf footer footerl footerr footerf footnote annotation atnid atnauthor pict object fldinst bkmkstart bkmkend ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn xe tc rxe txe listtext pntext pntxta pntxtb themedata datastore shppict nonshppict shp do mmath template generator'.split(
    ' ',
  ),
);

const TOKEN = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+|\\/gs;

interface Group {
  readonly at: number;
  /** Whether what stands in it is in the line. */
  isInLine: boolean;
  isFresh: boolean;
}

/** The places of a document; `undefined` where its groups do not close, or nest too deep. */
export const rtfPlaces = (bytes: Uint8Array): RtfPlaces | undefined => {
  const text = latin1(bytes);
  const groups: Group[] = [];
  const between: number[] = [];
  let [start, firstEnd, lastEnd]: (number | undefined)[] = [];
  /** Where a paragraph begins that nothing was said in yet; whether the one that is open has words, and it or the one before stands in a table or a list. */
  let opening: number | undefined;
  let [hasWords, isBound, wasBound] = [false, false, true];
  TOKEN.lastIndex = Math.max(0, text.indexOf('{'));
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [token, word, digits] = found;
    const group = groups.at(-1);
    if (token === '{') {
      if (groups.length >= MAXIMUM_DEPTH) {
        return undefined;
      }
      groups.push({ at: found.index, isInLine: group?.isInLine ?? true, isFresh: true });
      continue;
    }
    if (token === '}') {
      groups.pop();
      if (groups.length === 0) {
        return { start: start ?? found.index, end: found.index, isLastClosed: !hasWords, firstEnd, lastEnd, between };
      }
      continue;
    }
    if (group === undefined) {
      return undefined;
    }
    if (word === 'bin') {
      // Raw bytes, in which braces mean nothing.
      TOKEN.lastIndex += Math.max(0, Number(digits ?? '0'));
      continue;
    }
    const isText = word === undefined ? token !== '\\*' && !/^[\r\n\0 ]*$/.test(token) : word === 'u';
    group.isInLine &&= !(group.isFresh && (token === '\\*' || DESTINATIONS.has(word ?? '')));
    group.isFresh &&= word === undefined && !isText && token !== '\\*';
    if (!group.isInLine) {
      continue;
    }
    if (isText || PARAGRAPH_WORDS.has(word ?? '')) {
      start ??= groups[1]?.at ?? found.index;
    }
    hasWords ||= isText;
    isBound ||= BINDING_WORDS.has(word ?? '');
    if (word === 'pard') {
      opening = groups.length === 1 && !hasWords ? found.index : undefined;
      isBound = false;
    } else if (word === 'par' || word === 'row') {
      if (opening !== undefined && !isBound && !wasBound && between.length < MOST_PLACES) {
        between.push(opening);
      }
      if (hasWords) {
        firstEnd ??= isBound ? -1 : found.index;
        lastEnd = isBound ? -1 : found.index;
      }
      [wasBound, hasWords, opening] = [isBound, false, undefined];
    }
  }
  return undefined;
};

/** What begins the text of a document at the latest. */
const PARAGRAPH_WORDS: ReadonlySet<string> = new Set(['pard', 'par', 'trowd']);
/** What makes a paragraph one of a table or a list. */
const BINDING_WORDS: ReadonlySet<string> = new Set(['intbl', 'trowd', 'ls', 'pn', 'row', 'cell']);
