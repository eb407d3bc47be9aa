// Which blocks of a Markdown text are open, line by line, as CommonMark §"Appendix: A parsing strategy" phase 1 has it: containers first, then one leaf.
import { type HtmlEnd, htmlStart, OpenTags } from './html-blocks.ts';

/** Containers nested deeper are followed as text. */
const DEEPEST = 100;

/** A block quote, or a list item whose content begins at a column. */
interface Container {
  readonly isQuote: boolean;
  readonly width: number;
  /** A list item that has no line of content yet. */
  isEmpty: boolean;
}

type Leaf =
  | { readonly kind: 'none' | 'paragraph' | 'indented' }
  | { readonly kind: 'fence'; readonly mark: string; readonly length: number }
  | { readonly kind: 'html'; readonly end: HtmlEnd };

const NONE: Leaf = { kind: 'none' };
const PARAGRAPH: Leaf = { kind: 'paragraph' };
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
const HEADING = /^#{1,6}(?: |$)/;
const UNDERLINE = /^(?:=+|-+) *$/;
const BREAK = /^(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;
const MARKER = /^(?:[-*+]|\d{1,9}[.)])(?= |$)/;

/** The open blocks of one text. */
export class OpenBlocks {
  #containers: Container[] = [];
  #leaf: Leaf = NONE;
  readonly #tags = new OpenTags();
  #isMath = false;
  /** The end of the piece before, of a line that comes in pieces. */
  #before = '';

  /** Whether no block is open, so that one may be put here. */
  get isBetween(): boolean {
    return this.#containers.length === 0 && this.#leaf.kind === 'none' && !this.#isMath && this.#tags.closing() === '';
  }

  /** What closes all that a block quote behind a blank line would not; on lines of its own. */
  closing(): string {
    const tags = this.#tags.closing();
    const leaf = this.#containers.length > 0 ? NONE : this.#leaf;
    const mark = leaf.kind === 'fence' ? leaf.mark.repeat(leaf.length) : leaf.kind === 'html' ? leaf.end.closing : '';
    const lines = mark === '' || tags.split('\n').includes(mark) ? [] : [mark];
    // Some end tags cannot interrupt a paragraph (CommonMark §4.6, kind 7), so a blank line is before them.
    const gap = leaf.kind === 'html' && lines.length === 0 ? '' : '\n';
    lines.push(this.#isMath ? '$$' : '', tags === '' ? '' : gap + tags);
    return lines.filter((part) => part !== '').join('\n');
  }

  /** Takes in a line without its ending; or, where `isRest`, more of the line before. */
  line(text: string, isRest = false): void {
    if (isRest) {
      this.#html(text, this.#before);
      return;
    }
    const line = text.includes('\t') ? expanded(text) : text;
    const { at, matched } = this.#match(line);
    const isAll = matched === this.#containers.length;
    if (isAll && this.#continues(line.slice(at))) {
      return;
    }
    this.#open(line, at, matched);
  }

  /** How many containers go on in this line, and where their content begins. */
  #match(line: string): { readonly at: number; readonly matched: number } {
    let at = 0;
    let matched = 0;
    for (const container of this.#containers) {
      const indent = indentAt(line, at);
      const isBlank = at + indent === line.length;
      if (container.isQuote) {
        if (indent > 3 || line[at + indent] !== '>') {
          break;
        }
        at += indent + 1;
        at += line[at] === ' ' ? 1 : 0;
      } else if (isBlank && !container.isEmpty) {
        at = line.length;
      } else if (!isBlank && indent >= container.width) {
        at += container.width;
      } else {
        break;
      }
      matched += 1;
    }
    return { at, matched };
  }

  /** Whether the leaf takes the rest of the line as it is. */
  #continues(rest: string): boolean {
    const leaf = this.#leaf;
    const indent = indentAt(rest, 0);
    const isBlank = indent === rest.length;
    switch (leaf.kind) {
      case 'fence': {
        const run = rest.slice(indent).trimEnd();
        if (indent <= 3 && run.length >= leaf.length && run === leaf.mark.repeat(run.length)) {
          this.#leaf = NONE;
        }
        return true;
      }
      case 'html':
        if (isBlank && leaf.end.pattern === undefined) {
          this.#leaf = NONE;
        } else {
          this.#html(rest);
        }
        return true;
      case 'indented':
        return indent >= 4 || isBlank;
      default:
        return false;
    }
  }

  #html(text: string, before = ''): void {
    this.#before = text.slice(-8);
    if (this.#leaf.kind === 'html') {
      if (this.#containers.length === 0) {
        this.#tags.read(text, this.#leaf.end);
      }
      if (this.#leaf.end.pattern?.test(before + text) === true) {
        this.#leaf = NONE;
      }
    }
  }

  /** Opens what begins in this line, behind the containers that go on. */
  #open(line: string, from: number, matched: number): void {
    let at = from;
    const kept = this.#containers.slice(0, matched);
    const isParagraph = this.#leaf.kind === 'paragraph';
    const isInParagraph = (): boolean => isParagraph && kept.length === matched && matched === this.#containers.length;
    for (;;) {
      const indent = indentAt(line, at);
      const rest = line.slice(at + indent);
      const isNew = kept.length > matched;
      if (rest === '') {
        break;
      }
      if (indent >= 4) {
        if (isParagraph && !isNew) {
          break;
        }
        this.#settle(kept, { kind: 'indented' });
        return;
      }
      const fence = FENCE.exec(rest)?.[1];
      const html = htmlStart(rest, isParagraph && !isNew);
      const marker = MARKER.exec(rest)?.[0];
      if (rest.startsWith('>') && kept.length < DEEPEST) {
        kept.push({ isQuote: true, width: 0, isEmpty: false });
        at += indent + 1;
        at += line[at] === ' ' ? 1 : 0;
      } else if (fence !== undefined) {
        this.#settle(kept, { kind: 'fence', mark: fence.charAt(0), length: fence.length });
        return;
      } else if (html !== undefined) {
        this.#settle(kept, { kind: 'html', end: html });
        this.#html(rest);
        return;
      } else if (HEADING.test(rest) || (isInParagraph() && UNDERLINE.test(rest)) || BREAK.test(rest)) {
        this.#settle(kept, NONE);
        return;
      } else if (marker !== undefined && kept.length < DEEPEST && (!isInParagraph() || mayInterrupt(marker, rest))) {
        const gap = indentAt(rest, marker.length);
        const isEmpty = marker.length + gap === rest.length;
        const width = indent + marker.length + (isEmpty || gap > 4 ? 1 : gap);
        kept.push({ isQuote: false, width, isEmpty });
        at += isEmpty ? line.length - at : width;
      } else {
        break;
      }
    }
    const isBlank = indentAt(line, at) + at === line.length;
    if (!isBlank && kept.length === 0 && this.#containers.length === 0) {
      this.#math(line.slice(at));
    }
    if (isParagraph && !isBlank && kept.length === matched) {
      // The paragraph goes on, in all of its containers (CommonMark §5.1, laziness).
      return;
    }
    this.#settle(kept, isBlank ? NONE : PARAGRAPH, isBlank);
  }

  #settle(containers: Container[], leaf: Leaf, isBlank = false): void {
    if (!isBlank) {
      for (const container of containers) {
        container.isEmpty = false;
      }
    }
    this.#containers = containers;
    this.#leaf = leaf;
  }

  /** Display mathematics of many renderers: a line that begins with two dollars, up to another. */
  #math(rest: string): void {
    const marks = rest.split('$$').length - 1;
    if ((this.#isMath || rest.trimStart().startsWith('$$')) && marks % 2 === 1) {
      this.#isMath = !this.#isMath;
    }
  }
}

/** An ordered list begins within a paragraph only with 1, and none with an empty item (CommonMark §5.2). */
const mayInterrupt = (marker: string, rest: string): boolean => rest.trimEnd() !== marker && (marker.length === 1 || /^1[.)]$/.test(marker));

const indentAt = (line: string, from: number): number => {
  let at = from;
  while (line[at] === ' ') {
    at += 1;
  }
  return at - from;
};

/** Tabs as spaces up to the next tab stop of four (CommonMark §2.2). */
const expanded = (text: string): string => {
  let line = '';
  for (const part of text.split(/(\t)/)) {
    line += part === '\t' ? ' '.repeat(4 - (line.length % 4)) : part;
  }
  return line;
};
