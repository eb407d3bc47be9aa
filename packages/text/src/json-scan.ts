// RFC 8259, strictly and without recursion: where the members of the root object stand. Nothing is decoded but keys that could be the one that is looked for.

/** Documents nest a few dozen levels; an attacker nests a million. */
const MAXIMUM_DEPTH = 1024;
/** Members of one name that are told apart; more of them are an attack. */
const MAXIMUM_MEMBERS = 16;

/** A member of the root object. Offsets are in units of the text. */
export interface JsonMember {
  readonly start: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly end: number;
  /** Where the member before it ends; `undefined` for the first. */
  readonly previousEnd: number | undefined;
}

/** Why a text is not, or not wholly, JSON. */
export interface JsonFault {
  readonly code: 'truncated' | 'damaged' | 'limit' | 'trailing_data';
  readonly at: number;
  readonly detail: string;
}

/** What was found in a JSON text. */
export interface JsonScan {
  /** `undefined` where no value begins. */
  readonly root: 'object' | 'array' | 'scalar' | undefined;
  /** Behind the brace that opens the root. */
  readonly inside: number;
  /** Where the first key of the root begins, or `undefined` where it has none. */
  readonly firstKey: number | undefined;
  /** The members with the key, in order. */
  readonly members: readonly JsonMember[];
  readonly fault: JsonFault | undefined;
}

/** Scans a whole text, or the beginning of one: then the fault is `truncated`. Linear, and never throws. */
export const scanJson = (text: string, key: string): JsonScan => new Scanner(text, key).run();

type State = 'value' | 'first-item' | 'first-key' | 'key' | 'after';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly string[] = ['true', 'false', 'null'];

class Scanner {
  readonly #text: string;
  readonly #key: string;
  readonly #members: JsonMember[] = [];
  /** Whether each open level is an object. */
  readonly #levels: boolean[] = [];
  #at = 0;
  #fault: JsonFault | undefined;
  #root: JsonScan['root'];
  #firstKey: number | undefined;
  #inside = 0;
  #open: Omit<JsonMember, 'end'> | undefined;
  #previousEnd: number | undefined;

  constructor(text: string, key: string) {
    this.#text = text;
    this.#key = key;
  }

  run(): JsonScan {
    let state: State = 'value';
    do {
      this.#skipSpace();
      state = this.#step(state);
    } while (this.#fault === undefined && (this.#levels.length > 0 || state !== 'after'));
    this.#skipSpace();
    if (this.#fault === undefined && this.#at < this.#text.length) {
      this.#fault = { code: 'trailing_data', at: this.#at, detail: 'more text behind the JSON value' };
    }
    return { root: this.#root, inside: this.#inside, firstKey: this.#firstKey, members: this.#members, fault: this.#fault };
  }

  #step(state: State): State {
    const unit = this.#text.charAt(this.#at);
    if (unit === '') {
      return this.#fail('truncated', 'the text ends inside a value');
    }
    if (state === 'after') {
      return this.#after(unit);
    }
    if (state === 'first-key' || state === 'key') {
      return state === 'first-key' && unit === '}' ? this.#close() : this.#member();
    }
    return state === 'first-item' && unit === ']' ? this.#close() : this.#value(unit);
  }

  #after(unit: string): State {
    const isObject = this.#levels.at(-1) === true;
    if (unit === ',') {
      this.#at += 1;
      return isObject ? 'key' : 'value';
    }
    return unit === (isObject ? '}' : ']') ? this.#close() : this.#fail('damaged', 'a comma or a closing bracket is missing');
  }

  #close(): State {
    this.#levels.pop();
    this.#at += 1;
    return this.#ended();
  }

  /** A value has ended: at the first level a member has. */
  #ended(): State {
    if (this.#levels.length === 1) {
      if (this.#open !== undefined) {
        this.#members.push({ ...this.#open, end: this.#at });
        this.#open = undefined;
      }
      this.#previousEnd = this.#at;
    }
    return 'after';
  }

  #member(): State {
    const start = this.#at;
    if (!this.#string()) {
      return 'key';
    }
    const keyEnd = this.#at;
    this.#skipSpace();
    if (this.#text.charAt(this.#at) !== ':') {
      return this.#at >= this.#text.length ? this.#fail('truncated', 'the text ends behind a key') : this.#fail('damaged', 'a colon is missing');
    }
    this.#at += 1;
    if (this.#levels.length === 1) {
      this.#firstKey ??= start;
      if (this.#isOurs(start, keyEnd)) {
        this.#skipSpace();
        this.#open = { start, keyEnd, valueStart: this.#at, previousEnd: this.#previousEnd };
        if (this.#members.length >= MAXIMUM_MEMBERS) {
          return this.#fail('limit', `more than ${MAXIMUM_MEMBERS} members of one name`);
        }
      }
    }
    return 'value';
  }

  #isOurs(start: number, end: number): boolean {
    // Each character may be written as \uXXXX.
    if (end - start - 2 > 6 * this.#key.length) {
      return false;
    }
    const written = this.#text.slice(start, end);
    return written === `"${this.#key}"` || (written.includes('\\') && JSON.parse(written) === this.#key);
  }

  #value(unit: string): State {
    if (unit === '{' || unit === '[') {
      if (this.#levels.length >= MAXIMUM_DEPTH) {
        return this.#fail('limit', `more than ${MAXIMUM_DEPTH} levels`);
      }
      this.#levels.push(unit === '{');
      this.#at += 1;
      if (this.#levels.length === 1) {
        this.#root = unit === '{' ? 'object' : 'array';
        this.#inside = this.#at;
      }
      return unit === '{' ? 'first-key' : 'first-item';
    }
    this.#root ??= 'scalar';
    if (unit === '"') {
      return this.#string() ? this.#ended() : 'value';
    }
    NUMBER.lastIndex = this.#at;
    const literal = LITERALS.find((word) => this.#text.startsWith(word, this.#at));
    const length = literal?.length ?? NUMBER.exec(this.#text)?.[0].length;
    if (length === undefined) {
      return this.#fail('damaged', 'no JSON value begins here');
    }
    this.#at += length;
    return this.#ended();
  }

  /** Passes a string; `false` and a fault where it is none. */
  #string(): boolean {
    if (this.#text.charAt(this.#at) !== '"') {
      this.#fail('damaged', 'a key in double quotes is missing');
      return false;
    }
    for (let at = this.#at + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        return true;
      }
      if (code < 0x20) {
        this.#at = at;
        this.#fail('damaged', 'a control character inside a string');
        return false;
      }
      if (code === 0x5c) {
        const length = this.#escapeLength(at);
        if (length === 0) {
          this.#at = at;
          this.#fail(at + 6 > this.#text.length ? 'truncated' : 'damaged', 'an escape that JSON does not know');
          return false;
        }
        at += length - 1;
      }
    }
    this.#fail('truncated', 'a string that never ends');
    return false;
  }

  #escapeLength(at: number): number {
    const unit = this.#text.charAt(at + 1);
    if (unit === 'u') {
      return /^[0-9a-fA-F]{4}$/.test(this.#text.slice(at + 2, at + 6)) ? 6 : 0;
    }
    return unit !== '' && '"\\/bfnrt'.includes(unit) ? 2 : 0;
  }

  #skipSpace(): void {
    for (; this.#at < this.#text.length; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) {
        return;
      }
    }
  }

  #fail(code: JsonFault['code'], detail: string): State {
    this.#fault = { code, at: this.#at, detail };
    return 'after';
  }
}
