// XML 1.0 §2.8: what stands before the root, and the labels that others put into the root's first tag, its first children and comments.
import { localName, type XmlMarkup, xmlAttributes, xmlMarkup, xmlUnescaped } from '@aigc-label/containers';
import { type ByteSource, isLooseLabel } from '@aigc-label/core';
import { encodingOf, type TextEncoding, unitsOf } from './encoding.ts';

const KEY = 'AIGC';
/** The prolog and the first children lie here; a document may be longer. */
const HEAD_BYTES: number = 128 << 10;
/** A comment behind the root lies here. */
const TAIL_BYTES: number = 64 << 10;
/** More labels than this are an attack. */
const MOST_LABELS = 16;

/** A label in an XML document. Offsets in bytes. */
export interface XmlLabel {
  readonly kind: 'instruction' | 'attribute' | 'element' | 'comment';
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** Whether it is as we write it. */
  readonly isExact: boolean;
}

/** What was found at both ends of a document. */
export interface XmlEnds {
  readonly encoding: TextEncoding;
  /** As the declaration names it, lower case. */
  readonly charset: string | undefined;
  /** Where a label is written: behind the declaration, or at the very beginning. */
  readonly insertAt: number;
  /** The line ending behind the declaration; empty where there is none. */
  readonly ending: string;
  readonly hasDeclaration: boolean;
  /** The first tag, or `undefined` where it does not lie within what was read. */
  readonly root: string | undefined;
  readonly isDamaged: boolean;
  readonly labels: readonly XmlLabel[];
  readonly hasMore: boolean;
}

/** Reads both ends, and nothing between them. */
export const readXmlEnds = async (source: ByteSource): Promise<XmlEnds> => {
  const headBytes = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const encoding = encodingOf(headBytes);
  const text = unitsOf(headBytes.subarray(encoding.markBytes), encoding);
  const at = (unit: number): number => encoding.markBytes + unit * encoding.unitBytes;
  const declaration = /^<\?xml\s[^>]*?\?>/.exec(text.slice(0, 1024))?.[0] ?? '';
  const charset = /encoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(declaration)?.[1]?.toLowerCase();
  const found = labelsIn(text);
  const labels = found.labels.map((label) => ({ ...label, start: at(label.start), end: at(label.end) }));
  if (source.size > HEAD_BYTES) {
    const start = Math.max(HEAD_BYTES, source.size - TAIL_BYTES);
    const tail = unitsOf(await source.read(start, source.size - start), encoding);
    const comment = lastComment(tail);
    if (comment !== undefined) {
      labels.push({ ...comment, start: start + comment.start * encoding.unitBytes, end: start + comment.end * encoding.unitBytes });
    }
  }
  return {
    encoding,
    charset,
    insertAt: at(declaration.length),
    ending: declaration === '' ? '\n' : (/^(?:\r\n|\n|\r)/.exec(text.slice(declaration.length, declaration.length + 2))?.[0] ?? ''),
    hasDeclaration: declaration !== '',
    root: found.root,
    isDamaged: found.isDamaged,
    labels: labels.slice(0, MOST_LABELS),
    hasMore: labels.length > MOST_LABELS,
  };
};

interface Labels {
  readonly root: string | undefined;
  readonly isDamaged: boolean;
  readonly labels: readonly XmlLabel[];
}

const labelsIn = (text: string): Labels => {
  const labels: XmlLabel[] = [];
  let root: string | undefined;
  let depth = 0;
  let child: XmlMarkup | undefined;
  let end = 0;
  for (const markup of xmlMarkup(text)) {
    if (root === undefined && text.slice(end, markup.start).trim() !== '') {
      return { root, isDamaged: true, labels };
    }
    end = markup.end;
    if (markup.kind === 'unclosed' || labels.length > MOST_LABELS) {
      // The window may end here; before the root it is the declaration or the DOCTYPE that does not.
      break;
    }
    if (markup.kind === 'instruction' && markup.name === KEY && depth <= 1) {
      const data = text.slice(markup.start + 2 + KEY.length, markup.end - 2);
      labels.push({
        kind: 'instruction',
        start: markup.start,
        end: markup.end,
        value: instructionValue(data),
        isExact: depth === 0 && /^ \{[\x20-\x7e]*\}$/.test(data),
      });
    } else if (markup.kind === 'comment' && depth <= 1) {
      const value = text.slice(markup.start + 4, markup.end - 3).trim();
      if (value.includes(KEY) && isLooseLabel(value, KEY)) {
        labels.push({ kind: 'comment', start: markup.start, end: markup.end, value, isExact: false });
      }
    } else if (markup.kind === 'open' || markup.kind === 'empty') {
      if (depth === 0) {
        if (root !== undefined) {
          return { root, isDamaged: true, labels };
        }
        root = markup.name;
        labels.push(...attributeLabels(text, markup));
      }
      child = depth === 1 && localName(markup.name) === KEY && markup.kind === 'open' ? markup : depth === 1 ? undefined : child;
      depth += markup.kind === 'open' ? 1 : 0;
    } else if (markup.kind === 'close') {
      depth -= 1;
      if (depth === 1 && child !== undefined) {
        const label = elementLabel(text, child, markup);
        labels.push(...(label === undefined ? [] : [label]));
        child = undefined;
      }
      if (depth < 0) {
        return { root, isDamaged: true, labels };
      }
    }
  }
  return { root, isDamaged: false, labels };
};

const attributeLabels = (text: string, tag: XmlMarkup): readonly XmlLabel[] =>
  xmlAttributes(text, tag)
    .filter(({ name }) => localName(name) === KEY && !name.startsWith('xmlns'))
    .map(({ value, start, end }): XmlLabel => ({ kind: 'attribute', start, end, value: xmlUnescaped(value), isExact: false }))
    .filter(({ value }) => isObject(value));

/** An element that holds nothing but a JSON object, as text or as one CDATA section; any other of this name is somebody's own. */
const elementLabel = (text: string, open: XmlMarkup, close: XmlMarkup): XmlLabel | undefined => {
  const content = text.slice(open.end, close.start).trim();
  const data = /^<!\[CDATA\[([\s\S]*)\]\]>$/.exec(content)?.[1] ?? (content.includes('<') ? undefined : xmlUnescaped(content));
  return data !== undefined && isObject(data) ? { kind: 'element', start: open.start, end: close.end, value: data, isExact: false } : undefined;
};

const isObject = (text: string): boolean => isLooseLabel(`${KEY}:${text.trim()}`, KEY);

/** The comment with which a document ends. */
const lastComment = (tail: string): XmlLabel | undefined => {
  const end = tail.trimEnd();
  const start = end.endsWith('-->') ? end.lastIndexOf('<!--') : -1;
  const value = start < 0 ? '' : end.slice(start + 4, -3).trim();
  return value !== '' && isLooseLabel(value, KEY) ? { kind: 'comment', start, end: end.length, value, isExact: false } : undefined;
};

/** `?>` would end the instruction: its `>` is written as JSON may write any character (RFC 8259 §7). */
export const instructionText = (key: string, value: string): string => `<?${key} ${value.replaceAll('?>', '?\\u003e')}?>`;

/** The way back; a backslash that is escaped itself escapes nothing. */
const instructionValue = (data: string): string =>
  data.trim().replace(/(\?)\\u003e|\\[\s\S]/g, (whole, question?: string) => (question === undefined ? whole : '?>'));
