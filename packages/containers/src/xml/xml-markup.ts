// XML 1.0 (5th ed.) §2.4 to §3.1, as far as it takes to find where markup begins and ends. Nothing is expanded, nothing is validated, nothing recurses.

/** A stretch of markup. Offsets are in units of the text. */
export interface XmlMarkup {
  readonly kind: 'open' | 'empty' | 'close' | 'comment' | 'cdata' | 'instruction' | 'doctype' | 'unclosed';
  readonly start: number;
  readonly end: number;
  /** The name of an element, of the target of an instruction, or of the root that a DOCTYPE announces; else empty. Of `unclosed` as far as it can be seen. */
  readonly name: string;
}

/** No name of an element is longer; what is longer is cut. */
const MAXIMUM_NAME_CHARACTERS = 1024;

/**
 * The markup of a text in order. Markup that never ends is given once, as `unclosed`, and ends the walk. Linear in the length of the text.
 *
 * @param text one character for each unit of a superset of ASCII.
 */
export function* xmlMarkup(text: string, from: number = 0): Generator<XmlMarkup> {
  let position = text.indexOf('<', from);
  while (position >= 0) {
    const markup = markupAt(text, position);
    yield markup;
    if (markup.kind === 'unclosed') {
      return;
    }
    position = text.indexOf('<', markup.end);
  }
}

const EXCLAMATION = 0x21;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const BRACKET = 0x5b;

const markupAt = (text: string, start: number): XmlMarkup => {
  const second = text.charCodeAt(start + 1);
  if (second === QUESTION) {
    return until(text, start, 'instruction', '?>', 2, nameAt(text, start + 2));
  }
  if (second === EXCLAMATION) {
    if (text.startsWith('<!--', start)) {
      return until(text, start, 'comment', '-->', 4, '');
    }
    return text.startsWith('<![CDATA[', start) ? until(text, start, 'cdata', ']]>', 9, '') : doctypeAt(text, start);
  }
  const isClose = second === SLASH;
  const name = nameAt(text, start + (isClose ? 2 : 1));
  for (let at = start + 1 + name.length; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === GREATER) {
      const kind = isClose ? 'close' : text.charCodeAt(at - 1) === SLASH ? 'empty' : 'open';
      return { kind, start, end: at + 1, name };
    }
    if (unit === LESS) {
      break;
    }
    if (unit === QUOTE || unit === APOSTROPHE) {
      const close = text.indexOf(unit === QUOTE ? '"' : "'", at + 1);
      if (close < 0) {
        break;
      }
      at = close;
    }
  }
  return { kind: 'unclosed', start, end: text.length, name };
};

const until = (text: string, start: number, kind: XmlMarkup['kind'], closing: string, openingLength: number, name: string): XmlMarkup => {
  const end = text.indexOf(closing, start + openingLength);
  return end < 0 ? { kind: 'unclosed', start, end: text.length, name: '' } : { kind, start, end: end + closing.length, name };
};

/** A DOCTYPE with its internal subset, in which quotes, comments and instructions may hold any character. */
const doctypeAt = (text: string, start: number): XmlMarkup => {
  const opening = /^<!DOCTYPE\s+/i.exec(text.slice(start, start + 64))?.[0];
  const name = opening === undefined ? '' : nameAt(text, start + opening.length);
  let isSubset = false;
  for (let at = start + 2; at < text.length; at += 1) {
    const unit = text.charAt(at);
    if (unit === '>' && !isSubset) {
      return { kind: 'doctype', start, end: at + 1, name };
    }
    if (unit === '[' || unit === ']') {
      isSubset = unit === '[';
      continue;
    }
    const closing = unit === '"' || unit === "'" ? unit : text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined;
    if (closing !== undefined) {
      const end = text.indexOf(closing, at + (closing === '-->' ? 4 : 1));
      if (end < 0) {
        break;
      }
      at = end + closing.length - 1;
    }
  }
  return { kind: 'unclosed', start, end: text.length, name };
};

/** Up to white space or a character that no name holds. */
const nameAt = (text: string, start: number): string => {
  const limit = Math.min(text.length, start + MAXIMUM_NAME_CHARACTERS);
  let end = start;
  for (; end < limit; end += 1) {
    const unit = text.charCodeAt(end);
    if (unit <= QUOTE || unit === APOSTROPHE || unit === SLASH || (unit >= LESS && unit <= QUESTION) || unit === BRACKET) {
      break;
    }
  }
  return text.slice(start, end);
};

/** The part of a name behind its prefix. */
export const localName = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
