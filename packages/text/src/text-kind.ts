// Which kind of text a file begins like. One function decides for all textual formats, so that at most one of them can say yes.
import { isXmpHead, xmlRootName } from '@aigc-label/containers';
import { HEAD_BYTES } from '@aigc-label/core';
import { encodingOf, unitsOf } from './encoding.ts';

/** `undefined`: not text, a picture in XML, or a text that a label must not be put into (scripts, YAML …). */
export type TextKind = 'html' | 'markdown' | 'plain' | 'json' | 'jsonl' | 'csv' | 'xml';

/** Control characters that no text of ours holds; NUL is what tells binary files. TAB, LF, FF and CR are text. */
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f]/;
const OTHER_SIGNATURE = /^(?:#!|\s*%PDF|%!PS|%YAML|\{\\rtf|-----BEGIN )/;
const DOCUMENT_START = /^<(?:!doctype html|\/?(?:html|head|body|title|meta|script|style|link|base)(?=[\s/>]))/i;
const FRAGMENT_START =
  /^<(?:p|div|span|h[1-6]|section|article|main|header|footer|nav|aside|table|ul|ol|dl|blockquote|pre|figure|img|br|hr|a|b|i|em|strong|font|center|form|details)(?=[\s/>])/i;
/** Markup that programs are written in. */
const SCRIPT_START = /^<\?(?:php|=|\s)/i;
const MARKUP_START = /^<(?:[!?/]|[A-Za-z_][\w.:-]*(?:\s[^<@]*)?\/?>)/;
const MOST_SKIPPED = 20;

/** Decides by the first bytes of a file (`HEAD_BYTES`, or all of a shorter one). */
export const textKindOf = (head: Uint8Array): TextKind | undefined => {
  const encoding = encodingOf(head);
  const text = unitsOf(head.subarray(encoding.markBytes), encoding);
  if (text === '' || CONTROL.test(text) || OTHER_SIGNATURE.test(text)) {
    return undefined;
  }
  const root = xmlRootName(head);
  // SVG, and packets of XMP.
  if (root === 'svg' || isXmpHead(head)) {
    return undefined;
  }
  const { rest, hasDeclaration } = skipProlog(text);
  if (DOCUMENT_START.test(rest)) {
    return !hasDeclaration || /^<(?:!doctype html|html)/i.test(rest) ? 'html' : 'xml';
  }
  if (hasDeclaration) {
    return 'xml';
  }
  if (isJson(rest)) {
    return rest === text.trimStart() ? (isLines(rest) ? 'jsonl' : 'json') : undefined;
  }
  if (isTable(text)) {
    return 'csv';
  }
  if (head.length < HEAD_BYTES && isYamlStream(text)) {
    return undefined;
  }
  if (isMarkdown(text)) {
    return 'markdown';
  }
  if (FRAGMENT_START.test(rest)) {
    return 'html';
  }
  if (MARKUP_START.test(rest)) {
    return root === undefined || SCRIPT_START.test(rest) ? undefined : 'xml';
  }
  return 'plain';
};

/** JSON Lines: the first line is a JSON text of its own, and another one begins behind it. */
const isLines = (rest: string): boolean => {
  const [first = '', second = ''] = rest.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  if (!/^\s*[{[]/.test(second)) {
    return false;
  }
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
};

/** Leaves out white space, an XML declaration and comments. */
const skipProlog = (text: string): { readonly rest: string; readonly hasDeclaration: boolean } => {
  let rest = text.trimStart();
  let hasDeclaration = false;
  for (let count = 0; count < MOST_SKIPPED; count += 1) {
    const [opening, closing] = rest.startsWith('<!--') ? ['<!--', '-->'] : rest.startsWith('<?xml') ? ['<?xml', '?>'] : ['', ''];
    const end = opening === '' ? -1 : rest.indexOf(closing, opening.length);
    hasDeclaration ||= opening === '<?xml';
    if (end < 0) {
      break;
    }
    rest = rest.slice(end + closing.length).trimStart();
  }
  return { rest, hasDeclaration };
};

/** A JSON text or a line of NDJSON; `[1] Smith`, `[[Page]]` and `[text](address)` are prose. */
const isJson = (rest: string): boolean => {
  const inner = rest.replace(/^(?:\[\s*){1,64}/, '');
  if (inner !== rest) {
    return /^(?:["{]|\]\s*$|-?\d[\d.eE+-]*\s*(?:,|\]\s*(?:[,\]]|$))|(?:true|false|null)\s*[,\]])/.test(inner) || (inner === '' && rest !== '[');
  }
  return /^\{\s*(?:"|\}\s*(?:$|[\r\n]\s*\{))/.test(rest);
};

/** CSV or TSV: at least two lines, each with as many separators, and no space behind any of them, as prose would have. */
const isTable = (text: string): boolean => {
  const lines = text.split(/\r\n|\n|\r/);
  const whole = (lines.length > 2 ? lines.slice(0, -1) : lines).filter((line) => line !== '').slice(0, 20);
  return [',', '\t', ';'].some((separator) => {
    const counts = whole.map((line) => line.split(separator).length - 1);
    const [count = 0] = counts;
    return count > 0 && whole.length >= (count > 1 ? 2 : 3) && counts.every((other) => other === count) && !text.includes(`${separator} `);
  });
};

/** `---` and a key, but no closing line although the whole file was seen: YAML, not front matter. */
const isYamlStream = (text: string): boolean => /^---[ \t]*\r?\n[A-Za-z_][\w-]*:(?:[ \t]|\r?\n)/.test(text) && !CLOSING.test(text.slice(3));
const CLOSING = /\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/;

const STRONG_SIGNS: readonly RegExp[] = [
  /^ {0,3}#{1,6}[ \t]+\S/m,
  /^ {0,3}(?:```|~~~)/m,
  /^ {0,3}\|?[ \t]?:?-{3,}:?[ \t]?\|/m,
  /!?\[[^\][\n]{0,200}\]\((?:https?:|\.{0,2}\/|#)[^\s)]{0,500}\)/,
];
const WEAK_SIGNS: readonly RegExp[] = [
  /^ {0,3}(?:[-*+]|\d{1,9}\.)[ \t]+\S/m,
  /\*\*[^*\s\n][^*\n]{0,200}\*\*/,
  /^ {0,3}>[ \t]\S/m,
  /^[^\s#>|-][^\n]{0,200}\r?\n(?:={3,}|-{3,})[ \t]*$/m,
  /`[^`\n]{1,200}`/,
];

/** Front matter at the very start, one clear sign of Markdown, or two that could be chance. */
const isMarkdown = (text: string): boolean => {
  if (/^(?:---|\+\+\+|;;;)[ \t]*\r?\n/.test(text)) {
    return true;
  }
  return STRONG_SIGNS.some((sign) => sign.test(text)) || WEAK_SIGNS.filter((sign) => sign.test(text)).length >= 2;
};
