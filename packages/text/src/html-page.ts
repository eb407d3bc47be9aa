// Where a notice can stand in a page, by the tree that a browser builds.
import { LabelError } from '@aigc-label/core';
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from 'parse5';
import type { NoticePosition } from './notice.ts';
import { noPlaceFor } from './notice-encoder.ts';

export type HtmlElement = DefaultTreeAdapterTypes.Element;
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

/** A page with a body. */
export interface HtmlPage {
  readonly body: HtmlElement;
  /** In code units. @throws LabelError `NOTICE_UNSUPPORTED`. */
  placeOf(position: NoticePosition): number;
  /** Behind the words of the heading of the page, in code units; `undefined` where it has none. */
  readonly headingEnd: number | undefined;
}

/**
 * The places of a page. Where it has one `<main>`, that is the text: who skips the navigation, as users of screen readers do, comes to the notice first.
 * @param from where the page begins: behind front matter. In code units.
 * @throws LabelError `NOTICE_UNSUPPORTED` for a page of frames, `LIMIT_EXCEEDED`.
 */
export const htmlPage = (units: string, from: number): HtmlPage => {
  const document = parse(units.slice(from), { sourceCodeLocationInfo: true, treeAdapter: boundedAdapter() });
  const root = document.childNodes.find((node): node is HtmlElement => node.nodeName === 'html');
  const body = root?.childNodes.find((node): node is HtmlElement => node.nodeName === 'body');
  if (root === undefined || body === undefined) {
    throw noPlaceFor('start', 'the page has frames and no body');
  }
  const mains = elementsOf(body).filter(({ tagName }) => tagName === 'main');
  const [main] = mains;
  const inner = mains.length === 1 && main !== undefined ? main.sourceCodeLocation : undefined;
  const starts = body.childNodes.flatMap((node) => node.sourceCodeLocation?.startOffset ?? []);
  const bodyEnd = body.sourceCodeLocation?.endTag?.startOffset ?? root.sourceCodeLocation?.endTag?.startOffset ?? units.length - from;
  const end = inner?.endTag?.startOffset ?? bodyEnd;
  const start =
    inner?.startTag?.endOffset ??
    body.sourceCodeLocation?.startTag?.endOffset ??
    (starts.length > 0 ? starts.reduce((least, at) => Math.min(least, at)) : end);
  const holder = inner === undefined || main === undefined ? body : main;
  const heading = elementsOf(holder).find(({ tagName, sourceCodeLocation }) => tagName === 'h1' && sourceCodeLocation?.endTag !== undefined);
  const headingEnd = heading?.sourceCodeLocation?.endTag?.startOffset;
  return {
    body,
    headingEnd: headingEnd === undefined ? undefined : from + headingEnd,
    placeOf: (position) => from + (position === 'start' ? start : position === 'end' ? Math.max(start, end) : middleOf(holder, (start + end) / 2)),
  };
};

/** The elements below one that a reader may see, in the order of the page (a template's content is not in the tree). */
export const elementsOf = (holder: HtmlElement): readonly HtmlElement[] => {
  const found: HtmlElement[] = [];
  const waiting: HtmlElement[] = [holder];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (isHidden(element)) {
      continue;
    }
    found.push(element);
    for (let index = element.childNodes.length - 1; index >= 0; index -= 1) {
      const child = element.childNodes[index];
      if (child !== undefined && 'tagName' in child) {
        waiting.push(child);
      }
    }
  }
  return found;
};

const isHidden = ({ attrs }: HtmlElement): boolean =>
  attrs.some(
    ({ name, value }) =>
      name === 'hidden' ||
      name === 'inert' ||
      (name === 'aria-hidden' && value === 'true') ||
      (name === 'style' && /display\s*:\s*none|visibility\s*:\s*hidden/i.test(value)),
  );

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
const middleOf = (holder: HtmlElement, middle: number): number => {
  let parent = holder;
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

/** The value of an attribute; empty where there is none. */
export const htmlAttribute = (element: HtmlElement, name: string): string => element.attrs.find((attribute) => attribute.name === name)?.value ?? '';

/** Class of an element that is a notice: its own name and nothing else, so that style sheets of the page know it. */
export const NOTICE_CLASS = 'aigc-notice';

const isNotice = (node: ChildNode): boolean => 'tagName' in node && node.tagName === 'p' && htmlAttribute(node, 'class') === NOTICE_CLASS;
