// The head of an HTML document, by the tokenizer of parse5 and the few rules of HTML §13.2.6.4.1–6 that say where a head ends.
// The tree builder is not used: nested tags make it quadratic, and only the head is wanted.
import type { ByteSource } from '@aigc-label/core';
import { type Token, Tokenizer, TokenizerMode } from 'parse5';
import { encodingOf, type TextEncoding, unitsOf } from './encoding.ts';

/**
 * The most bytes in which the head must end. A tokenizer makes 1 to 7 MB a second of hostile bytes, and up to 70 bytes of memory of each
 * (measured with parse5 8.1.1), so more would break the second that a verifier has for a file.
 */
export const HEAD_LIMIT_BYTES: number = 1 << 20;
const CHUNK_BYTES = 64 << 10;
/** More carriers of our key than this are an attack. */
const MOST_CARRIERS = 64;

/** An element under our key; offsets are bytes of the file. */
export interface HtmlCarrier {
  readonly kind: 'meta' | 'script';
  readonly at: number;
  /** Behind the element; for a script whose end tag is missing, `undefined`. */
  readonly end: number | undefined;
  /** Behind the start tag. */
  readonly tagEnd: number;
}

/** What the head says that matters to us. */
export interface HtmlHead {
  readonly encoding: TextEncoding;
  /** Where our element belongs: behind the declaration of the charset, else first in the head. Bytes of the file. */
  readonly insertAt: number;
  /** Whether elements must be closed in XML's way. */
  readonly isXhtml: boolean;
  /** Lower case, from `<meta charset>` or `http-equiv`; only the first counts. */
  readonly charset: string | undefined;
  readonly carriers: readonly HtmlCarrier[];
  /** Set where the head could not be followed to its end. */
  readonly obstacle: HtmlObstacle | undefined;
}

/** `limit`: the head does not end within the limit, or has too many carriers; `template`: content that only a browser can tell apart. */
export type HtmlObstacle = 'limit' | 'template';

/** Reads up to the end of the head and no further. */
export const readHtmlHead = async (source: ByteSource): Promise<HtmlHead> => {
  const start = await source.read(0, Math.min(source.size, 4));
  const encoding = encodingOf(start);
  const scan = new HeadScan();
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, scan);
  scan.tokenizer = tokenizer;
  const limit = Math.min(source.size, HEAD_LIMIT_BYTES);
  let position = encoding.markBytes;
  while (!scan.isOver && position < limit) {
    const bytes = await source.read(position, Math.min(CHUNK_BYTES, limit - position));
    position += bytes.length;
    tokenizer.write(unitsOf(bytes, encoding), position >= source.size);
  }
  if (position >= source.size && !scan.isOver) {
    // An empty rest of a file that is nothing but a byte order mark, or an odd last byte.
    tokenizer.write('', true);
  }
  const byteAt = (unit: number): number => encoding.markBytes + unit * encoding.unitBytes;
  return {
    encoding,
    insertAt: byteAt(scan.charsetEnd ?? scan.headStart ?? scan.firstContent ?? Math.floor((source.size - encoding.markBytes) / encoding.unitBytes)),
    isXhtml: scan.isXhtml,
    charset: scan.charset,
    carriers: scan.carriers.map(({ kind, at, end, tagEnd }) => ({ kind, at: byteAt(at), end: end && byteAt(end), tagEnd: byteAt(tagEnd) })),
    obstacle: scan.obstacle ?? (scan.isOver ? undefined : 'limit'),
  };
};

/** The charset that a page in memory declares. */
export const charsetOfUnits = (units: string): string | undefined => {
  const scan = new HeadScan();
  const tokenizer = new Tokenizer({ sourceCodeLocationInfo: true }, scan);
  scan.tokenizer = tokenizer;
  tokenizer.write(units, true);
  return scan.charset;
};

const HEAD_TAGS: ReadonlySet<string> = new Set('base basefont bgsound link meta noframes noscript script style template title'.split(' '));
const RAW_TAGS: ReadonlySet<string> = new Set(['style', 'noscript', 'noframes', 'xmp', 'iframe', 'noembed']);
const UNCLEAR_IN_TEMPLATE: ReadonlySet<string> = new Set(['svg', 'math', 'select', 'plaintext', 'frameset']);

interface OpenCarrier {
  kind: 'meta' | 'script';
  at: number;
  end: number | undefined;
  tagEnd: number;
}

/** The handler of the tokenizer's tokens; indices are code units. */
class HeadScan {
  tokenizer: Tokenizer | undefined;
  isOver = false;
  obstacle: HtmlObstacle | undefined;
  charset: string | undefined;
  charsetEnd: number | undefined;
  headStart: number | undefined;
  firstContent: number | undefined;
  isXhtml = false;
  readonly carriers: OpenCarrier[] = [];
  #templates = 0;
  #rawTag: string | undefined;
  #openScript: OpenCarrier | undefined;

  onComment(): void {}
  onWhitespaceCharacter(): void {}

  onDoctype(token: Token.DoctypeToken): void {
    this.isXhtml ||= (token.publicId ?? '').toUpperCase().includes('XHTML');
  }

  onCharacter(token: Token.CharacterToken): void {
    if (!this.isOver && this.#rawTag === undefined && this.#templates === 0) {
      this.#endAt(token.location?.startOffset);
    }
  }

  onNullCharacter(token: Token.CharacterToken): void {
    this.onCharacter(token);
  }

  onEof(): void {
    this.isOver = true;
  }

  onStartTag(token: Token.TagToken): void {
    // A paused tokenizer still hands over the tag that ended the text before it.
    if (this.isOver) {
      return;
    }
    const { tagName } = token;
    const { startOffset = 0, endOffset = 0 } = token.location ?? {};
    if (this.#templates > 0) {
      this.#insideTemplate(tagName);
    } else if (tagName === 'html') {
      this.isXhtml ||= token.attrs.some(({ name }) => name === 'xmlns');
    } else if (tagName === 'head') {
      if (this.headStart === undefined && this.firstContent === undefined) {
        this.headStart = endOffset;
      }
    } else if (HEAD_TAGS.has(tagName)) {
      this.firstContent ??= startOffset;
      this.#headElement(token, startOffset, endOffset);
    } else {
      this.#endAt(startOffset);
    }
  }

  onEndTag(token: Token.TagToken): void {
    if (this.isOver) {
      return;
    }
    const { tagName } = token;
    const { startOffset = 0, endOffset = 0 } = token.location ?? {};
    if (this.#rawTag === tagName) {
      this.#rawTag = undefined;
      if (this.#openScript !== undefined) {
        this.#openScript.end = endOffset;
        this.#openScript = undefined;
      }
    } else if (this.#templates > 0) {
      this.#templates -= tagName === 'template' ? 1 : 0;
    } else if (tagName === 'body' || tagName === 'html' || tagName === 'br') {
      this.#endAt(startOffset);
    } else if (tagName === 'head') {
      // Not the end: what belongs into a head is still put there until the body begins (§13.2.6.4.6).
      this.firstContent ??= startOffset;
    }
  }

  #endAt(unit: number | undefined): void {
    this.firstContent ??= unit;
    this.isOver = true;
    this.tokenizer?.pause();
  }

  #insideTemplate(tagName: string): void {
    if (UNCLEAR_IN_TEMPLATE.has(tagName)) {
      this.obstacle = 'template';
      this.#endAt(undefined);
    } else {
      this.#templates += tagName === 'template' ? 1 : 0;
      this.#switchTo(tagName);
    }
  }

  #headElement(token: Token.TagToken, startOffset: number, endOffset: number): void {
    const attribute = (name: string): string => token.attrs.find((candidate) => candidate.name === name)?.value ?? '';
    if (token.tagName === 'template') {
      this.#templates += 1;
    } else if (token.tagName === 'meta') {
      const charset = attribute('charset') || (/^content-type$/i.test(attribute('http-equiv')) ? charsetOf(attribute('content')) : '');
      if (charset !== '' && this.charset === undefined) {
        this.charset = charset.trim().toLowerCase();
        this.charsetEnd = endOffset;
      }
      if (isOurs(attribute('name')) || isOurs(attribute('property'))) {
        this.#carry({ kind: 'meta', at: startOffset, end: endOffset, tagEnd: endOffset });
      }
    } else if (token.tagName === 'script' && isOurs(attribute('id')) && /^application\/(?:ld\+)?json$/i.test(attribute('type').trim())) {
      this.#openScript = { kind: 'script', at: startOffset, end: undefined, tagEnd: endOffset };
      this.#carry(this.#openScript);
    }
    this.#switchTo(token.tagName);
  }

  #carry(carrier: OpenCarrier): void {
    if (this.carriers.length >= MOST_CARRIERS) {
      this.obstacle = 'limit';
      this.#endAt(undefined);
    } else {
      this.carriers.push(carrier);
    }
  }

  /** What the tree builder would tell the tokenizer: the text of these elements is not markup (§13.2.6.2). */
  #switchTo(tagName: string): void {
    if (this.tokenizer === undefined) {
      return;
    }
    if (tagName === 'script') {
      this.tokenizer.state = TokenizerMode.SCRIPT_DATA;
    } else if (tagName === 'title' || tagName === 'textarea') {
      this.tokenizer.state = TokenizerMode.RCDATA;
    } else if (RAW_TAGS.has(tagName)) {
      this.tokenizer.state = TokenizerMode.RAWTEXT;
    } else {
      return;
    }
    this.#rawTag = tagName;
    this.tokenizer.lastStartTagName = tagName;
  }
}

const isOurs = (name: string): boolean => name.trim().toUpperCase() === 'AIGC';

const charsetOf = (content: string): string => /charset\s{0,20}=\s{0,20}["']?([^\s"';]{1,60})/i.exec(content)?.[1] ?? '';
