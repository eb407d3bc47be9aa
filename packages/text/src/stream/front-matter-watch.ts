/** What front matter may hold, as in files. */
const LIMIT_CHARACTERS = 256 << 10;
const OPENING = /^---[ \t]*$/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/;
const KEY = /^["']?[A-Za-z_][\w .-]{0,80}["']?[ \t]*:(?:[ \t]|$)/;

/** Follows lines that may be YAML front matter, and says when it is over, or was none. */
export class FrontMatterWatch {
  #verdict: 'within' | 'over' | 'mistaken' | 'rule' = 'within';
  #lines = 0;
  #characters = 0;
  #hasKey = false;

  /** Takes in the next line, without its ending. */
  line(line: string): void {
    this.#lines += 1;
    this.#characters += line.length;
    if (this.#verdict !== 'within') {
      return;
    }
    if (this.#lines === 1) {
      this.#verdict = OPENING.test(line) ? 'within' : 'mistaken';
    } else if (CLOSING.test(line)) {
      this.#verdict = 'over';
    } else if (/^[ \t]*$/.test(line)) {
      // A blank line right behind it: a thematic break, as in files.
      this.#verdict = this.#hasKey ? 'within' : this.#lines === 2 ? 'rule' : 'mistaken';
    } else if (KEY.test(line)) {
      this.#hasKey = true;
    } else if (!(line.startsWith('#') || (this.#hasKey && /^(?:[ \t]|-[ \t]|-$|[}\]])/.test(line)))) {
      this.#verdict = 'mistaken';
    }
    if (this.#characters > LIMIT_CHARACTERS && this.#verdict === 'within') {
      this.#verdict = 'mistaken';
    }
  }

  /**
   * What is known before the first character of the next line: `over` it was front matter and is closed · `rule` it was a thematic break and nothing else ·
   * `mistaken` it was other text.
   */
  before(unit: string): 'within' | 'over' | 'mistaken' | 'rule' {
    return this.#verdict === 'within' && this.#lines === 1 && (unit === '\n' || unit === '\r') ? 'rule' : this.#verdict;
  }
}
