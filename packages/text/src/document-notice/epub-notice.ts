// EPUB 3.3 §5.7 (spine) and §6.1 (XHTML content documents); EPUB 2 OPS 2.0.1 §2.2.
import { attributeOf, escapeXml, prefixOf, type XmlEdit, type XmlElement, xmlMarkup } from '@aigc-label/containers';
import { type ByteSource, damaged, type FoundNotice, hasNoticeElements, LabelError, NOTICE_PRESETS, type NoticeSearch } from '@aigc-label/core';
import { type Book, readBook, unescapedPath } from '../formats/epub.ts';
import type { NoticePlan, NoticePosition, TextNoticeOptions } from '../notice.ts';
import { noPlaceFor } from '../notice-encoder.ts';
import { assertReadable, entriesNamed, planPackage, readText, signed, type TextPart } from '../zip-documents/document-package.ts';
import { addEdits } from '../zip-documents/xml-labels.ts';
import { NEAR_PARAGRAPHS, noticesInParagraphs } from './notice-phrase.ts';
import { partPath } from './part-path.ts';
import { unescapeXml } from './unescape-xml.ts';
import { type XmlOutline, xmlOutline } from './xml-outline.ts';

/** A chapter has some 100 KB; a whole book in one file, some MB. */
const LARGEST_CHAPTER_BYTES = 16 << 20;
const LARGEST_SEARCHED_BYTES = 1 << 20;
/** Covers, half titles and other leaves without words that are passed over. */
const MOST_WORDLESS = 8;

interface Chapter {
  readonly part: TextPart;
  readonly outline: XmlOutline;
}

/** A notice in a book: at the beginning of the first text, at the end of the last, or where the middle one begins. */
export const epubNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const book = await readBook(source);
  const { opened, packages, encryption } = book;
  if (entriesNamed(opened, 'META-INF/signatures.xml').length > 0) {
    throw signed('epub');
  }
  assertReadable(book.parts);
  const isOld = attributeOf(packages[0]?.root ?? NOTHING, 'version')?.value.startsWith('3') !== true;
  const chapters = new Map<NoticePosition, Chapter>();
  const present = new Set<NoticePosition>();
  for (const position of options.positions) {
    const chapter = await chapterAt(book, position, LARGEST_CHAPTER_BYTES);
    chapters.set(position, chapter);
    if (isPresentIn(chapter, position, options)) {
      present.add(position);
    }
  }
  const splices = async (): Promise<Awaited<ReturnType<typeof planPackage>>> => {
    const edits = new Map<TextPart, XmlEdit[]>();
    // Two positions may be in one chapter, which is one part.
    const parts = new Map<string, TextPart>();
    for (const [position, { part, outline }] of chapters) {
      if (!present.has(position)) {
        if (encryption?.text.includes(`"${escapeXml(part.entry.name)}"`) === true) {
          throw new LabelError('NOTICE_UNSUPPORTED', 'The text of this EPUB is encrypted; put the notice in before the book is protected.', {
            data: { format: 'epub', feature: 'encryption' },
          });
        }
        const one = parts.get(part.entry.name) ?? part;
        parts.set(part.entry.name, one);
        addEdits(edits, one, editAt(position, { part, outline }, options, isOld));
      }
    }
    return planPackage(opened, { edits, added: [], isDeflated: true });
  };
  return { present, splices };
};

/** Notices in the first and the last text of a book. */
export const findEpubNotice = async (source: ByteSource, search?: NoticeSearch): Promise<readonly FoundNotice[]> => {
  const book = await readBook(source);
  const [first, last] = [await chapterAt(book, 'start', LARGEST_SEARCHED_BYTES), await chapterAt(book, 'end', LARGEST_SEARCHED_BYTES)];
  if (first.part.entry === last.part.entry) {
    return noticesInParagraphs(blocksOf(first), search);
  }
  // Of a whole text only one end is an end of the book.
  const only = (position: 'start' | 'end', chapter: Chapter): readonly FoundNotice[] => {
    const blocks = blocksOf(chapter);
    const near = position === 'start' ? blocks.slice(0, NEAR_PARAGRAPHS) : blocks.slice(-NEAR_PARAGRAPHS);
    return noticesInParagraphs(near, search).map((notice) => ({ ...notice, position }));
  };
  return [...only('start', first), ...only('end', last)];
};

const NOTHING = { attributes: [] } as unknown as XmlElement;

/** @throws LabelError `FILE_DAMAGED` where the book leads to no text, `NOTICE_UNSUPPORTED` for a position that it has not. */
const chapterAt = async (book: Book, position: NoticePosition, limitBytes: number): Promise<Chapter> => {
  if (position === 'throughout') {
    throw noPlaceFor(position, 'its pages are made when it is read');
  }
  const names = spineOf(book);
  const middle = Math.floor(names.length / 2);
  const ordered = position === 'end' ? names.toReversed() : position === 'middle' ? names.slice(middle) : names;
  if (position === 'middle' && names.length < 2) {
    throw noPlaceFor(position, 'it is one chapter');
  }
  let first: Chapter | undefined;
  for (const name of ordered.slice(0, MOST_WORDLESS)) {
    const [entry] = [name, unescapedPath(name)].flatMap((one) => entriesNamed(book.opened, one));
    const part = entry === undefined ? undefined : await readText(book.opened, entry, limitBytes);
    assertReadable([part]);
    const outline = part === undefined ? undefined : xmlOutline(part.text, ['html', 'body']);
    if (part !== undefined && outline !== undefined) {
      first ??= { part, outline };
      if (hasWords({ part, outline })) {
        return { part, outline };
      }
    }
  }
  if (first === undefined) {
    throw damaged(names[0] ?? 'spine', 0, 'the spine leads to no text that is well-formed XHTML');
  }
  return first;
};

const bodyOf = ({ part, outline: { holder } }: Chapter): string => part.text.slice(holder.openEnd, holder.closeStart);

const hasWords = (chapter: Chapter): boolean => /[\p{L}\p{N}]/u.test(bodyOf(chapter).replace(/<[^>]*>/g, ''));

/** The members of the archive in the order of reading; those that are not read in line are left out. */
const spineOf = ({ packages: [first] }: Book): readonly string[] => {
  const root = first?.root;
  const below = (local: string): readonly XmlElement[] => root?.children.find((element) => element.local === local)?.children ?? [];
  const items = new Map(below('manifest').map((item) => [attributeOf(item, 'id')?.value, attributeOf(item, 'href')?.value] as const));
  const base = first?.entry.name.split('/').slice(0, -1) ?? [];
  return below('spine').flatMap((item) => {
    const href = items.get(attributeOf(item, 'idref')?.value);
    return href === undefined || attributeOf(item, 'linear')?.value === 'no' ? [] : [partPath(base, href.replace(/#.*$/, ''))];
  });
};

const editAt = (position: NoticePosition, { part, outline }: Chapter, options: TextNoticeOptions, isOld: boolean): XmlEdit => {
  const { holder, around } = outline;
  if (holder.openEnd === holder.end) {
    throw noPlaceFor(position, 'the chapter is empty');
  }
  const prefix = prefixOf(around.at(-1) as XmlElement);
  const isCorner = options.form === 'corner-mark';
  if (isCorner && position === 'middle') {
    throw noPlaceFor(position, 'a corner mark stands at the start or the end');
  }
  const heading = isCorner && position === 'start' ? headingEnd(part.text, holder.openEnd, holder.closeStart) : undefined;
  const element = elementOf(position, options, prefix, isOld);
  const text = isCorner && heading === undefined ? `<${prefix}p>${element}</${prefix}p>` : element;
  const at = heading ?? (position === 'end' ? holder.closeStart : holder.openEnd);
  return { start: at, end: at, text };
};

/** EPUB 2 is read by XHTML 1.1, which knows neither roles nor data attributes. */
const elementOf = (position: NoticePosition, { text, form, lang = 'zh-CN' }: TextNoticeOptions, prefix: string, isOld: boolean): string => {
  const isCorner = form === 'corner-mark';
  const name = isCorner ? 'sup' : 'p';
  const full = isCorner && !hasNoticeElements(text) ? NOTICE_PRESETS.full : undefined;
  const more = isOld
    ? full === undefined
      ? ''
      : ` title="${full}"`
    : ` role="note" lang="${lang}" data-aigc-notice="${position}"${full === undefined ? '' : ` aria-label="${full}"`}`;
  return `<${prefix}${name} xml:lang="${lang}" class="${isCorner ? 'aigc-corner-mark' : 'aigc-notice'}"${more}>${escapeXml(text)}</${prefix}${name}>`;
};

const headingEnd = (text: string, from: number, until: number): number | undefined => {
  for (const { kind, name, start } of xmlMarkup(text, from)) {
    if (start >= until) {
      return undefined;
    }
    if (kind === 'close' && /(?:^|:)h[12]$/.test(name)) {
      return start;
    }
  }
  return undefined;
};

interface Block {
  readonly text: string;
  readonly cornerMark?: string;
  readonly isOwn: boolean;
}

const SEPARATING: ReadonlySet<string> = new Set(
  'address article aside blockquote body br dd div dl dt figure h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);
const UNSEEN: ReadonlySet<string> = new Set(['script', 'style', 'title', 'template']);

/** Blocks of a chapter with words, in their order; a raised mark in a class of ours ends its block's words. */
const blocksOf = (chapter: Chapter): readonly Block[] => {
  const body = bodyOf(chapter);
  const blocks: Block[] = [];
  let words = '';
  let mark: string | undefined;
  let isRaised = false;
  let isOwn = false;
  let unseen = 0;
  let at = 0;
  const flush = (): void => {
    const text = words.replace(/\s+/g, ' ').trim();
    if (text !== '' || mark !== undefined) {
      blocks.push({ text, isOwn, ...(mark === undefined ? {} : { cornerMark: mark.trim() }) });
    }
    [words, mark, isOwn] = ['', undefined, false];
  };
  const take = (until: number): void => {
    const text = unseen > 0 ? '' : unescapeXml(body.slice(at, until));
    if (isRaised) {
      mark = (mark ?? '') + text;
    } else {
      words += text;
    }
  };
  for (const { kind, name, start, end } of xmlMarkup(body)) {
    take(start);
    at = end;
    const local = name.slice(name.indexOf(':') + 1);
    if (UNSEEN.has(local) && kind !== 'empty') {
      unseen = Math.max(0, unseen + (kind === 'open' ? 1 : -1));
    }
    if (SEPARATING.has(local) && (kind === 'open' || kind === 'close' || kind === 'empty')) {
      flush();
      isOwn = kind === 'open' && body.slice(start, end).includes('class="aigc-notice"');
    } else if (local === 'sup') {
      isRaised = kind === 'open' && body.slice(start, end).includes('class="aigc-corner-mark"');
    }
  }
  take(body.length);
  flush();
  return blocks;
};

const isPresentIn = (chapter: Chapter, position: NoticePosition, { text, form }: TextNoticeOptions): boolean => {
  const blocks = blocksOf(chapter);
  const isOurs = (block: Block | undefined): boolean =>
    block !== undefined && (form === 'corner-mark' ? block.cornerMark === text : block.isOwn && block.text === text);
  return position === 'end' ? isOurs(blocks.at(-1)) : form === 'corner-mark' ? blocks.some(isOurs) : isOurs(blocks[0]);
};
