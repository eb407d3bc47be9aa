import { HtmlProgress } from './html-progress.ts';
import { type Insert, LONGEST_LEAD, markLength, mayBeMark, type NoticePlaces, type NoticeWriter } from './notice-writer.ts';

/** How a whole page begins; its notice stands behind the tag of its body, that of anything else before the first tag. */
const PAGE = /^\s*<(?:!d|\?xml|(?:html|head|body)(?=[\s/>]))/i;
const MAY_BE_PAGE = /^\s*(?:<(?:\?x?m?l?|!|h|ht|htm|html|he|hea|head|b|bo|bod|body)?)?$/i;

/**
 * A paragraph with a role and a language, outside of whatever is open; with no style, as in files. In a page without a body tag, the notice at the start stands at the end. Where tags are
 * badly misnested, it may stand within an inline element that a browser makes of them.
 */
export class HtmlWriter implements NoticeWriter {
  readonly #text: string;
  readonly #lang: string;
  readonly #places: NoticePlaces;
  readonly #progress = new HtmlProgress();
  #start: 'unknown' | 'body' | 'done' = 'unknown';
  #isEmpty = true;

  constructor(text: string, lang: string, places: NoticePlaces) {
    this.#text = text;
    this.#lang = lang;
    this.#places = places;
  }

  isTold(lead: string): boolean {
    return lead.length > LONGEST_LEAD || !(mayBeMark(lead) || MAY_BE_PAGE.test(lead.slice(markLength(lead))));
  }

  next(piece: string, lead: string = piece): readonly Insert[] {
    this.#isEmpty &&= piece === '';
    const bodyAt = this.#progress.next(piece);
    if (this.#isEmpty || this.#start === 'done' || !this.#places.start) {
      return [];
    }
    const isPage = this.#start === 'body' || PAGE.test(lead.slice(markLength(lead)));
    const at = isPage ? bodyAt : markLength(piece);
    this.#start = at === undefined ? 'body' : 'done';
    return at === undefined ? [] : [{ at, text: this.#note('start') }];
  }

  end(): string {
    const isAtStart = this.#places.start && this.#start !== 'done';
    return this.#isEmpty || !(this.#places.end || isAtStart) ? '' : this.#progress.closing() + this.#note(this.#places.end ? 'end' : 'start');
  }

  #note(position: 'start' | 'end'): string {
    const text = this.#text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<p role="note" lang="${this.#lang}" class="aigc-notice" data-aigc-notice="${position}">${text}</p>`;
  }
}
