import { gapBehind, type Insert, markLength, mayBeMark, type NoticePlaces, type NoticeWriter } from './notice-writer.ts';

/** A paragraph of its own, before and behind plain text. */
export class PlainWriter implements NoticeWriter {
  readonly #text: string;
  readonly #places: NoticePlaces;
  #tail: string | undefined;

  constructor(text: string, places: NoticePlaces) {
    this.#text = text;
    this.#places = places;
  }

  isTold(lead: string): boolean {
    return !mayBeMark(lead);
  }

  next(piece: string): readonly Insert[] {
    if (piece === '') {
      return [];
    }
    const isFirst = this.#tail === undefined;
    this.#tail = ((this.#tail ?? '') + piece).slice(-3);
    return isFirst && this.#places.start ? [{ at: markLength(piece), text: `${this.#text}\n\n` }] : [];
  }

  end(): string {
    if (this.#tail === undefined || !this.#places.end) {
      return '';
    }
    return gapBehind(this.#tail) + this.#text + (this.#tail.endsWith('\n') ? '\n' : '');
  }
}
