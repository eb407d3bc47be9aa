import { applySplices, LabelError, type Splice, utf8 } from '@aigc-label/core';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import { bytesOfUnits, encodeUnits, encodingOf, readable, strictly, type TextEncoding, unitsOf } from './encoding.ts';
import { isAsciiSuperset } from './formats/html.ts';
import { charsetOfUnits } from './html-head.ts';
import type { NoticePlan, NoticePosition, TextNoticeOptions } from './notice.ts';
import { noPlaceFor } from './notice-encoder.ts';

type Element = DefaultTreeAdapterTypes.Element;
type ChildNode = DefaultTreeAdapterTypes.ChildNode;

/** Browsers stop nesting at 512; what is deeper makes a tree builder quadratic. */
const DEEPEST = 512;
/** A tree of more elements does not fit into the memory that we allow ourselves. */
const MOST_ELEMENTS = 100_000;
const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote details dl div fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul'.split(
    ' ',
  ),
);
const WRAPPERS: ReadonlySet<string> = new Set(['article', 'center', 'div', 'main', 'section']);
const UNSEEN: ReadonlySet<string> = new Set(['link', 'meta', 'noscript', 'script', 'style', 'template']);

/** `<p role="note" … data-aigc-notice="start">` first and last in the body, or between two blocks. */
export const htmlNotice = (bytes: Uint8Array, options: TextNoticeOptions): NoticePlan => {
  const encoding = encodingOf(bytes);
  const units = unitsOf(bytes.subarray(encoding.markBytes), encoding);
  const charset = charsetOfUnits(units);
  if (!isAsciiSuperset(charset)) {
    throw new LabelError('NOTICE_UNSUPPORTED', `The page is encoded as ${charset}; save it as UTF-8 first.`, {
      data: { reason: 'encoding', charset },
    });
  }
  const page = pageOf(units);
  const present = presentIn(page.body, options.text, encoding);
  const write = writerOf(bytes, encoding, charset);
  const splices = (): readonly Splice[] => {
    const missing = (['start', 'middle', 'end'] as const).filter((position) => options.positions.includes(position) && !present.has(position));
    const made = missing.map(
      (position): Splice => ({
        at: encoding.markBytes + page.placeOf(position) * encoding.unitBytes,
        remove: 0,
        insert: write(options.text, (text) => elementOf(position, text, options.lang ?? 'zh-CN')),
      }),
    );
    const marked = applySplices(bytes, made);
    const seen = presentIn(pageOf(unitsOf(marked.subarray(encoding.markBytes), encoding)).body, options.text, encoding);
    const unseen = missing.find((position) => !seen.has(position));
    if (unseen !== undefined) {
      throw noPlaceFor(unseen, 'an element there is not closed and would hide it');
    }
    return made;
  };
  return { present, splices };
};

const elementOf = (position: NoticePosition, text: string, lang: string): string =>
  `<p role="note" lang="${lang}" class="aigc-notice" data-aigc-notice="${position}">${text}</p>`;

/** Unicode pages hold the characters themselves; every other page, character references, which are the same in all encodings. */
const writerOf = (
  bytes: Uint8Array,
  encoding: TextEncoding,
  charset: string | undefined,
): ((text: string, wrap: (text: string) => string) => Uint8Array) => {
  const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  if (encoding.unitBytes === 2) {
    return (text, wrap) => encodeUnits(wrap(escaped(text)), encoding);
  }
  const isUtf8 =
    encoding.markBytes === 3 ||
    /^utf-?8$/.test(charset ?? '') ||
    (charset === undefined && isBeyondAscii(bytes) && strictly('utf-8', bytes) !== undefined);
  return isUtf8
    ? (text, wrap) => utf8(wrap(escaped(text)))
    : (text, wrap) => utf8(wrap(escaped(text).replace(/[^\u0000-\u007f]/gu, (character) => `&#${character.codePointAt(0)};`)));
};

const isBeyondAscii = (bytes: Uint8Array): boolean => bytes.some((byte) => byte > 0x7f);

interface Page {
  readonly body: Element;
  /** In code units. @throws LabelError `NOTICE_UNSUPPORTED`. */
  placeOf(position: NoticePosition): number;
}

const pageOf = (units: string): Page => {
  const document = parse(units, { sourceCodeLocationInfo: true, treeAdapter: boundedAdapter() });
  const root = document.childNodes.find((node): node is Element => node.nodeName === 'html');
  const body = root?.childNodes.find((node): node is Element => node.nodeName === 'body');
  if (root === undefined || body === undefined) {
    throw noPlaceFor('start', 'the page has frames and no body');
  }
  const starts = body.childNodes.flatMap((node) => node.sourceCodeLocation?.startOffset ?? []);
  const end = body.sourceCodeLocation?.endTag?.startOffset ?? root.sourceCodeLocation?.endTag?.startOffset ?? units.length;
  const start = body.sourceCodeLocation?.startTag?.endOffset ?? (starts.length > 0 ? starts.reduce((least, at) => Math.min(least, at)) : end);
  return {
    body,
    placeOf: (position) => (position === 'start' ? start : position === 'end' ? Math.max(start, end) : middleOf(body, (start + end) / 2)),
  };
};

/** The default tree, which refuses to grow beyond its bounds. */
const boundedAdapter = (): typeof defaultTreeAdapter => {
  let depth = 0;
  let elements = 0;
  const refuse = (): never => {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `The page nests more than ${DEEPEST} elements or has more than ${MOST_ELEMENTS}; a notice cannot be placed in it.`,
      {
        data: { site: 'html/body' },
      },
    );
  };
  return {
    ...defaultTreeAdapter,
    createElement(...parameters) {
      elements += 1;
      return elements > MOST_ELEMENTS ? refuse() : defaultTreeAdapter.createElement(...parameters);
    },
    onItemPush() {
      depth += 1;
      if (depth > DEEPEST) {
        refuse();
      }
    },
    onItemPop() {
      depth -= 1;
    },
  };
};

/** Between two blocks, as near to the middle as can be; pages with one wrapper around everything are entered. */
const middleOf = (body: Element, middle: number): number => {
  let parent = body;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const [only, ...others] = parent.childNodes.filter((node) => isSeen(node) && !isNotice(node));
    if (only === undefined || others.length > 0 || !('tagName' in only) || !WRAPPERS.has(only.tagName)) {
      break;
    }
    parent = only;
  }
  const seen = parent.childNodes.filter(isSeen);
  const places = seen.flatMap((node, index) => {
    const before = seen[index - 1];
    const at = node.sourceCodeLocation?.startOffset;
    const isBetween = before !== undefined && isBlock(before) && isBlock(node) && !isNotice(before) && !isNotice(node);
    return isBetween && at !== undefined && at >= (before.sourceCodeLocation?.endOffset ?? Number.POSITIVE_INFINITY) ? [at] : [];
  });
  const [nearest] = places.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  if (nearest === undefined) {
    throw noPlaceFor('middle', 'it has no two blocks');
  }
  return nearest;
};

const isSeen = (node: ChildNode): boolean =>
  'tagName' in node ? !UNSEEN.has(node.tagName) : node.nodeName === '#text' && 'value' in node && node.value.trim() !== '';

const isBlock = (node: ChildNode): boolean => 'tagName' in node && BLOCKS.has(node.tagName);

const attributeOf = (element: Element, name: string): string => element.attrs.find((attribute) => attribute.name === name)?.value ?? '';

const isNotice = (node: ChildNode): boolean => 'tagName' in node && node.tagName === 'p' && attributeOf(node, 'class') === 'aigc-notice';

/** Positions at which this very notice stands in the tree (a template's content is not in it). */
const presentIn = (body: Element, text: string, encoding: TextEncoding): ReadonlySet<NoticePosition> => {
  const present = new Set<NoticePosition>();
  const waiting: Element[] = [body];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (isNotice(element) && saysExactly(element, text, encoding)) {
      const position = attributeOf(element, 'data-aigc-notice');
      if (position === 'start' || position === 'middle' || position === 'end') {
        present.add(position);
      }
    }
    for (const child of element.childNodes) {
      if ('tagName' in child) {
        waiting.push(child);
      }
    }
  }
  return present;
};

const saysExactly = (element: Element, text: string, encoding: TextEncoding): boolean => {
  const [child] = element.childNodes;
  if (child === undefined || element.childNodes.length > 1 || !('value' in child)) {
    return false;
  }
  const isRaw = encoding.unitBytes === 1 && !/[^\u0000-\u00ff]/.test(child.value);
  return (isRaw ? readable(bytesOfUnits(child.value, encoding), encoding) : child.value) === text;
};
