import { escapeMarkdown } from '../escape-markdown.ts';
import { FrontMatterWatch } from './front-matter-watch.ts';
import { gapBehind, type Insert, markLength, mayBeMark, type NoticePlaces, type NoticeWriter } from './notice-writer.ts';
import { OpenBlocks } from './open-blocks.ts';

/** What a line holds beyond this cannot decide what block it is; it is followed in pieces of this length. */
const LONGEST_LINE = 4096;

/**
 * A block quote at the top level: behind front matter, behind what is still open at the end, which is closed first. Only where front matter is found not to be any
 * does a notice at the start stand behind the block that had begun.
 */
export class MarkdownWriter implements NoticeWriter {
  readonly #quote: string;
  readonly #places: NoticePlaces;
  #blocks = new OpenBlocks();
  #watch: FrontMatterWatch | undefined;
  /** `watched`: may be front matter · `first`: before the next line · `boundary`: before the next block at the top level. */
  #start: 'unknown' | 'watched' | 'first' | 'boundary' | 'done' = 'unknown';
  #line = '';
  #isSplitLine = false;
  #tail = '';

  constructor(text: string, places: NoticePlaces) {
    this.#quote = `> ${escapeMarkdown(text)}`;
    this.#places = places;
  }

  isTold(lead: string): boolean {
    return !mayBeMark(lead) && !/^-{1,3}$/.test(lead.slice(markLength(lead)));
  }

  next(piece: string, lead: string = piece): readonly Insert[] {
    if (piece === '') {
      return [];
    }
    const inserts: Insert[] = [];
    let at = 0;
    if (this.#start === 'unknown') {
      at = markLength(piece);
      this.#watch = /^---[ \t\r\n]/.test(lead.slice(markLength(lead))) ? new FrontMatterWatch() : undefined;
      this.#start = !this.#places.start ? 'done' : this.#watch === undefined ? 'first' : 'watched';
    }
    while (at < piece.length) {
      at = this.#step(piece, at, inserts);
    }
    this.#tail = (this.#tail + piece).slice(-3);
    return inserts;
  }

  /** Up to the end of the line, or of the piece. */
  #step(piece: string, at: number, inserts: Insert[]): number {
    const isRestOfEnding = this.#line === '' && !this.#isSplitLine && at === 0 && this.#tail.endsWith('\r') && piece.startsWith('\n');
    if (isRestOfEnding) {
      return 1;
    }
    this.#place(piece, at, inserts);
    const end = endOfLine(piece, at);
    this.#line += piece.slice(at, end);
    if (end === piece.length) {
      this.#shorten();
      return end;
    }
    this.#endLine();
    return piece.startsWith('\r\n', end) ? end + 2 : end + 1;
  }

  /** A notice at the start, where this character begins the line before which it goes. */
  #place(piece: string, at: number, inserts: Insert[]): void {
    if (this.#line !== '' || this.#isSplitLine || (this.#start === 'done' && this.#watch === undefined)) {
      return;
    }
    const verdict = this.#watch?.before(piece.charAt(at));
    if (verdict === 'over') {
      this.#blocks = new OpenBlocks();
    }
    if (verdict !== undefined && verdict !== 'within') {
      this.#watch = undefined;
      this.#start = this.#start === 'done' ? 'done' : verdict === 'mistaken' ? 'boundary' : 'first';
    }
    if (this.#start === 'first' || (this.#start === 'boundary' && this.#blocks.isBetween)) {
      inserts.push({ at, text: `${this.#quote}\n\n` });
      this.#start = 'done';
    }
  }

  #endLine(): void {
    this.#watch?.line(this.#line);
    this.#blocks.line(this.#line, this.#isSplitLine);
    this.#line = '';
    this.#isSplitLine = false;
  }

  #shorten(): void {
    while (this.#line.length > LONGEST_LINE) {
      this.#blocks.line(this.#line.slice(0, LONGEST_LINE), this.#isSplitLine);
      this.#line = this.#line.slice(LONGEST_LINE);
      this.#isSplitLine = true;
    }
  }

  end(): string {
    const isAtStart = this.#places.start && this.#start !== 'done';
    if (this.#tail === '' || !(this.#places.end || isAtStart)) {
      return '';
    }
    if (this.#line !== '' || this.#isSplitLine) {
      this.#endLine();
    }
    const closing = this.#blocks.closing();
    const gap = closing === '' ? gapBehind(this.#tail) : `${/[\r\n]$/.test(this.#tail) ? '' : '\n'}${closing}\n\n`;
    return gap + this.#quote + (this.#tail.endsWith('\n') ? '\n' : '');
  }
}

const endOfLine = (piece: string, from: number): number => {
  for (let at = from; at < piece.length; at += 1) {
    const unit = piece.charCodeAt(at);
    if (unit === 0x0a || unit === 0x0d) {
      return at;
    }
  }
  return piece.length;
};
