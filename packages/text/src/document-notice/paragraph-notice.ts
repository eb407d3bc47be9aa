// Where a notice stands in a document that is a row of paragraphs: word processors, not slides or sheets.
import { prefixOf, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { damaged } from '@aigc-label/core';
import type { NoticePosition, TextNoticeOptions } from '../notice.ts';
import { noPlaceFor } from '../notice-encoder.ts';
import type { SeenParagraph } from './notice-phrase.ts';
import { type OutlineElement, type XmlOutline, xmlOutline } from './xml-outline.ts';

/** How a kind of document writes paragraphs. */
export interface ParagraphDialect {
  /** Local names from the root to what holds the paragraphs. */
  readonly path: readonly string[];
  readonly namespaces: readonly string[];
  /** Local names of paragraphs. */
  readonly paragraphs: ReadonlySet<string>;
  /** Local names of children that must stay first, and of those that must stay last. */
  readonly first: ReadonlySet<string>;
  readonly last: ReadonlySet<string>;
  /** The words of a paragraph as a reader sees them, and a raised mark at their end. */
  readonly see: (xml: string) => SeenParagraph;
  /** Levels that a piece opens (or, below 0, closes) of something that runs across paragraphs. */
  readonly opens: (xml: string) => number;
  /** Whether a notice would part what belongs together. */
  readonly isBound: (before: string, after: string) => boolean;
  readonly paragraph: (text: string, around: readonly XmlElement[], options: TextNoticeOptions) => string;
  /** A raised run for the end of a paragraph. */
  readonly cornerMark: (text: string, around: readonly XmlElement[], options: TextNoticeOptions) => string;
}

/** The paragraphs of a part. */
export interface ParagraphPart {
  readonly text: string;
  readonly outline: XmlOutline;
}

/** The paragraphs of a part; `undefined` where it holds something else. */
export const paragraphPart = (text: string, { path, namespaces }: ParagraphDialect): ParagraphPart | undefined => {
  const outline = xmlOutline(text, path);
  const holder = outline?.around.at(-1);
  return outline === undefined || holder === undefined || !namespaces.includes(holder.namespace) ? undefined : { text, outline };
};

type Seen = SeenParagraph & { readonly element: OutlineElement };

/** Paragraphs with words, in their order. */
const seenParagraphs = ({ text, outline }: ParagraphPart, { paragraphs, see }: ParagraphDialect): readonly Seen[] =>
  outline.children.flatMap((element) => seenIn(text, element, paragraphs, see));

const seenIn = (text: string, element: OutlineElement, paragraphs: ReadonlySet<string>, see: ParagraphDialect['see']): readonly Seen[] => {
  const paragraph = paragraphs.has(element.local) ? see(text.slice(element.start, element.end)) : undefined;
  return paragraph === undefined || (paragraph.text === '' && paragraph.cornerMark === undefined) ? [] : [{ element, ...paragraph }];
};

/** The first and the last paragraphs with words, at most so many of either, in their order; of a long document the others are not read. */
export const paragraphsAtEnds = ({ text, outline }: ParagraphPart, { paragraphs, see }: ParagraphDialect, most: number): readonly SeenParagraph[] => {
  const first: Seen[] = [];
  const last: Seen[] = [];
  let at = 0;
  for (; at < outline.children.length && first.length < most; at += 1) {
    first.push(...seenIn(text, outline.children[at] as OutlineElement, paragraphs, see));
  }
  for (let index = outline.children.length - 1; index >= at && last.length < most; index -= 1) {
    last.unshift(...seenIn(text, outline.children[index] as OutlineElement, paragraphs, see));
  }
  return [...first, ...last];
};

/**
 * Positions that are taken by this very notice, and the edits that fill the others.
 * @throws LabelError `FILE_DAMAGED` where the part is not what it should be; the edits, `NOTICE_UNSUPPORTED`.
 */
export const paragraphNotice = (
  site: string,
  text: string,
  dialect: ParagraphDialect,
  options: TextNoticeOptions,
): { readonly present: ReadonlySet<NoticePosition>; readonly edits: () => readonly XmlEdit[] } => {
  const part = paragraphPart(text, dialect);
  if (part === undefined) {
    throw damaged(site, 0, 'the part is no well-formed text of a document');
  }
  const seen = seenParagraphs(part, dialect);
  const isCorner = options.form === 'corner-mark';
  const isOurs = (paragraph: SeenParagraph | undefined): boolean =>
    paragraph !== undefined && (isCorner ? paragraph.cornerMark === options.text : paragraph.text === options.text);
  const present = new Set<NoticePosition>();
  if (isOurs(seen[0])) {
    present.add('start');
  }
  // One mark is at both ends of a single paragraph; two notices are two paragraphs.
  if (isOurs(seen.at(-1)) && (isCorner || seen.length > 1 || !options.positions.includes('start'))) {
    present.add('end');
  }
  if (!isCorner && seen.slice(1, -1).some(isOurs)) {
    present.add('middle');
  }
  const edits = (): readonly XmlEdit[] => {
    const missing = options.positions.filter((position) => !present.has(position));
    const made = missing.map((position) => editAt(position, part, dialect, options));
    return isCorner ? made.filter(({ start }, index) => made.findIndex((one) => one.start === start) === index) : made;
  };
  return { present, edits };
};

const editAt = (position: NoticePosition, part: ParagraphPart, dialect: ParagraphDialect, options: TextNoticeOptions): XmlEdit => {
  const { outline } = part;
  const { around } = outline;
  if (options.form === 'corner-mark') {
    const paragraph = cornerOf(position, part, dialect);
    if (paragraph !== undefined) {
      return { start: paragraph.closeStart, end: paragraph.closeStart, text: dialect.cornerMark(options.text, around, options) };
    }
  }
  const at = placeOf(position, part, dialect);
  const content =
    options.form === 'corner-mark'
      ? dialect.paragraph('', around, options).replace(/(?=<\/[^>]+>$)/, dialect.cornerMark(options.text, around, options))
      : dialect.paragraph(options.text, around, options);
  const { holder } = outline;
  return holder.openEnd === holder.end
    ? { start: holder.end - 2, end: holder.end, text: `>${content}</${prefixOf(around.at(-1) as XmlElement)}${holder.local}>` }
    : { start: at, end: at, text: content };
};

/** The title, or the last words. */
const cornerOf = (position: NoticePosition, part: ParagraphPart, dialect: ParagraphDialect): OutlineElement | undefined => {
  if (position !== 'start' && position !== 'end') {
    throw noPlaceFor(position, 'a corner mark stands at the start or the end');
  }
  const { text, outline } = part;
  const { element } = seenParagraphs(part, dialect).at(position === 'start' ? 0 : -1) ?? {};
  if (element === undefined || element.closeStart === element.end || levelAt(part, element.end, dialect) !== 0) {
    return undefined;
  }
  // Tables and sections have words, too: behind those, the paragraph is not the last.
  const beyond = outline.children.filter(({ start }) => (position === 'start' ? start < element.start : start > element.start));
  return beyond.some(({ start, end }) => dialect.see(text.slice(start, end)).text !== '') ? undefined : element;
};

const levelAt = ({ text, outline }: ParagraphPart, at: number, { opens }: ParagraphDialect): number => opens(text.slice(outline.holder.openEnd, at));

const placeOf = (position: NoticePosition, part: ParagraphPart, dialect: ParagraphDialect): number => {
  const { text, outline } = part;
  const { holder, children } = outline;
  const start = children.find(({ local }) => !dialect.first.has(local))?.start ?? holder.closeStart;
  const end = children.filter(({ local }) => !dialect.last.has(local)).at(-1)?.end ?? start;
  if (position === 'start') {
    return start;
  }
  if (position === 'end') {
    if (levelAt(part, end, dialect) !== 0) {
      throw noPlaceFor(position, 'a field there is not closed');
    }
    return Math.max(start, end);
  }
  if (position === 'throughout') {
    throw noPlaceFor(position, 'its pages are made when it is shown');
  }
  const middle = (start + end) / 2;
  let level = 0;
  let nearest: number | undefined;
  for (const [index, child] of children.entries()) {
    const before = children[index - 1];
    if (before !== undefined) {
      const xml = text.slice(before.start, before.end);
      level += dialect.opens(xml);
      const areParagraphs = dialect.paragraphs.has(before.local) && dialect.paragraphs.has(child.local);
      const isPlace = level === 0 && areParagraphs && !dialect.isBound(xml, text.slice(child.start, child.end));
      if (isPlace && Math.abs(child.start - middle) < Math.abs((nearest ?? Number.POSITIVE_INFINITY) - middle)) {
        nearest = child.start;
      }
    }
  }
  if (nearest === undefined) {
    throw noPlaceFor(position, 'it has no two paragraphs that may be parted');
  }
  return nearest;
};
