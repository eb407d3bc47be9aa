import { applySplices, hasNoticeElements, LabelError, NOTICE_PRESETS, type Splice, utf8 } from '@aigc-label/core';
import { bytesOfUnits, encodeUnits, encodingOf, readable, strictly, type TextEncoding, unitsOf } from './encoding.ts';
import { isAsciiSuperset } from './formats/html.ts';
import { frontMatterOf } from './front-matter.ts';
import { charsetOfUnits } from './html-head.ts';
import { elementsOf, type HtmlElement, type HtmlPage, htmlAttribute, htmlPage, NOTICE_CLASS } from './html-page.ts';
import { linesOf } from './lines.ts';
import type { NoticeForm, NoticePlan, NoticePosition, TextNoticeOptions } from './notice.ts';
import { assertPlaces, noPlaceFor } from './notice-encoder.ts';

/** Class of an element that is a corner mark. */
export const CORNER_MARK_CLASS = 'aigc-corner-mark';

/**
 * `<p role="note" …>` first and last in the text, or between two blocks; or `<sup role="note" …>` beside the heading. No style comes along, so that a policy against
 * inline styles takes nothing away, and colours are those of the page's own text.
 */
export const htmlNotice = (bytes: Uint8Array, options: TextNoticeOptions): NoticePlan => {
  assertPlaces(options);
  const { text, positions, form = 'sentence', lang = 'zh-CN' } = options;
  const encoding = encodingOf(bytes);
  const units = unitsOf(bytes.subarray(encoding.markBytes), encoding);
  const charset = charsetOfUnits(units);
  if (!isAsciiSuperset(charset)) {
    throw new LabelError('NOTICE_UNSUPPORTED', `The page is encoded as ${charset}; save it as UTF-8 first.`, {
      data: { reason: 'encoding', charset },
    });
  }
  const pageOf = (content: string): HtmlPage => htmlPage(content, frontMatterUnits(bytes, encoding));
  const page = pageOf(units);
  const present = presentIn(page.body, text, form, encoding);
  const write = writerOf(bytes, encoding, charset);
  const splices = (): readonly Splice[] => {
    const missing = (['start', 'middle', 'end'] as const).filter((position) => positions.includes(position) && !present.has(position));
    const made = missing.map((position): Splice => {
      const heading = form === 'corner-mark' && position === 'start' ? page.headingEnd : undefined;
      const element = form === 'sentence' ? paragraphOf(position, text, lang) : cornerMarkOf(position, text, lang);
      return {
        at: encoding.markBytes + (heading ?? page.placeOf(position)) * encoding.unitBytes,
        remove: 0,
        insert: write(form === 'sentence' || heading !== undefined ? element : `<p>${element}</p>`),
      };
    });
    const marked = applySplices(bytes, made);
    const seen = presentIn(pageOf(unitsOf(marked.subarray(encoding.markBytes), encoding)).body, text, form, encoding);
    const unseen = missing.find((position) => !seen.has(position));
    if (unseen !== undefined) {
      throw noPlaceFor(unseen, 'an element there is not closed and would hide it');
    }
    return made;
  };
  return { present, splices };
};

/** Pages for a site generator begin with YAML, which must stay first. In code units. */
const frontMatterUnits = (bytes: Uint8Array, encoding: TextEncoding): number => {
  const lines = linesOf(bytes.subarray(encoding.markBytes, encoding.markBytes + (256 << 10)), 0, encoding);
  const { kind, lineCount } = frontMatterOf(lines, encoding, true);
  return kind === 'yaml' ? (lines[lineCount - 1]?.end ?? 0) / encoding.unitBytes : 0;
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The same in HTML and in XHTML. */
export const paragraphOf = (position: NoticePosition, text: string, lang: string, xml = ''): string =>
  `<p role="note" lang="${lang}"${xml} class="${NOTICE_CLASS}" data-aigc-notice="${position}">${escaped(text)}</p>`;

/** Where the mark says less than both elements, a screen reader says them in full (role `note` may have a name, WAI-ARIA 1.2 §5.2.8). */
export const cornerMarkOf = (position: NoticePosition, text: string, lang: string, xml = ''): string => {
  const name = hasNoticeElements(text) ? '' : ` aria-label="${NOTICE_PRESETS.full}"`;
  return `<sup role="note" lang="${lang}"${xml} class="${CORNER_MARK_CLASS}" data-aigc-notice="${position}"${name}>${escaped(text)}</sup>`;
};

/** Unicode pages hold the characters themselves; every other page, character references, which are the same in all encodings. */
const writerOf = (bytes: Uint8Array, encoding: TextEncoding, charset: string | undefined): ((html: string) => Uint8Array) => {
  if (encoding.unitBytes === 2) {
    return (html) => encodeUnits(html, encoding);
  }
  const isUtf8 =
    encoding.markBytes === 3 ||
    /^utf-?8$/.test(charset ?? '') ||
    (charset === undefined && isBeyondAscii(bytes) && strictly('utf-8', bytes) !== undefined);
  return isUtf8 ? utf8 : (html) => utf8(html.replace(/[^\u0000-\u007f]/gu, (character) => `&#${character.codePointAt(0)};`));
};

const isBeyondAscii = (bytes: Uint8Array): boolean => bytes.some((byte) => byte > 0x7f);

/** Positions at which this very notice stands in the tree (a template's content is not in it). */
const presentIn = (body: HtmlElement, text: string, form: NoticeForm, encoding: TextEncoding): ReadonlySet<NoticePosition> => {
  const present = new Set<NoticePosition>();
  const [tag, name] = form === 'sentence' ? ['p', NOTICE_CLASS] : ['sup', CORNER_MARK_CLASS];
  for (const element of elementsOf(body)) {
    if (element.tagName === tag && htmlAttribute(element, 'class') === name && saysExactly(element, text, encoding)) {
      const position = htmlAttribute(element, 'data-aigc-notice');
      if (position === 'start' || position === 'middle' || position === 'end') {
        present.add(position);
      }
    }
  }
  return present;
};

const saysExactly = (element: HtmlElement, text: string, encoding: TextEncoding): boolean => {
  const [child] = element.childNodes;
  if (child === undefined || element.childNodes.length > 1 || !('value' in child)) {
    return false;
  }
  const isRaw = encoding.unitBytes === 1 && !/[^\u0000-\u00ff]/.test(child.value);
  return (isRaw ? readable(bytesOfUnits(child.value, encoding), encoding) : child.value) === text;
};
