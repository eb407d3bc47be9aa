// Rich Text Format 1.9.1: groups, control words and text, followed without recursion. Only the groups directly inside the document are told apart.
import { latin1 } from '@aigc-label/core';
import { readable } from './encoding.ts';

/** Levels of groups; Word stays below 32. */
const MAXIMUM_DEPTH = 512;
/** Properties of a document that are told apart. */
const MAXIMUM_PROPERTIES = 1024;
/** Characters of one name or value; a label has a few hundred. */
const MAXIMUM_TEXT_CHARACTERS: number = 64 << 10;

/** One user-defined property: name, type, value, link. Offsets in bytes. */
export interface RtfProperty {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What was found in the first part of a document. */
export interface RtfSurvey {
  /** Where a group for properties would go: behind the header and \info, before everything that is drawn. */
  readonly insertAt: number | undefined;
  /** Where another property goes: before the brace that closes the first \userprops. */
  readonly propertiesEnd: number | undefined;
  /** Where the first \userprops begins. */
  readonly propertiesStart: number | undefined;
  readonly properties: readonly RtfProperty[];
  /** Behind the brace that closes the document, where it lies within what was read. */
  readonly end: number | undefined;
  readonly fault: { readonly code: 'damaged' | 'limit'; readonly at: number; readonly detail: string } | undefined;
}

/** Control words of <header> (RTF 1.9.1, "Contents of an RTF File"); any other at the first level begins the document. */
const HEADER_WORDS: ReadonlySet<string> = new Set(
  'rtf ansi mac pc pca ansicpg fbidis from upr deff adeff stshfdbch stshfloch stshfhich stshfbi deflang deflangfe adeflang themelang themelangfe themelangcs uc fromtext fromhtml'.split(
    ' ',
  ),
);
/** Groups of <header>, and those that stand around \info; any other begins the document. */
const HEADER_GROUPS: ReadonlySet<string> = new Set(
  'fonttbl filetbl colortbl expandedcolortbl defchp defpap stylesheet listtable listoverridetable listpicture pgptbl revtbl rsidtbl mmathPr generator protusertbl info userprops'.split(
    ' ',
  ),
);

/** Follows the groups of a text; one that ends early (a window of a longer file) ends quietly. */
export const surveyRtf = (bytes: Uint8Array): RtfSurvey => new Scanner(latin1(bytes)).run();

interface Level {
  readonly start: number;
  /** The first control word behind `\*`. */
  destination: string | undefined;
}

const CONTROL_WORD = /\\([a-zA-Z]{1,32})(-?\d{1,10})? ?/y;
const HEX = /\\'([0-9a-fA-F]{2})/y;
const PLAIN = /[^\\{}]+/y;

class Scanner {
  readonly #text: string;
  readonly #levels: Level[] = [];
  readonly #properties: RtfProperty[] = [];
  #at = 0;
  #fault: RtfSurvey['fault'];
  #isHeader = true;
  #insertAt: number | undefined;
  #propertiesStart: number | undefined;
  #propertiesEnd: number | undefined;
  #open: { start: number; name: string; value: string; end: number } | undefined;
  #captured: string | undefined;
  #isUnicode = false;
  #fallback = 1;
  #skip = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): RtfSurvey {
    let end: number | undefined;
    while (this.#at < this.#text.length && this.#fault === undefined) {
      const unit = this.#text.charAt(this.#at);
      if (unit === '{') {
        this.#openGroup();
      } else if (unit === '}') {
        this.#closeGroup();
        if (this.#levels.length === 0) {
          end = this.#at;
          break;
        }
      } else if (unit === '\\') {
        this.#control();
      } else {
        PLAIN.lastIndex = this.#at;
        const run = PLAIN.exec(this.#text)?.[0] ?? unit;
        this.#plain(run);
        this.#at += run.length;
      }
    }
    const isClosed = !this.#isHeader || end !== undefined;
    return {
      insertAt: isClosed ? this.#insertAt : undefined,
      propertiesStart: this.#propertiesStart,
      propertiesEnd: this.#propertiesEnd,
      properties: this.#properties,
      end,
      fault: this.#fault,
    };
  }

  get #depth(): number {
    return this.#levels.length;
  }

  #isInProperties(): boolean {
    return this.#levels[1]?.destination === 'userprops';
  }

  #openGroup(): void {
    if (this.#depth >= MAXIMUM_DEPTH) {
      this.#fail('limit', `more than ${MAXIMUM_DEPTH} levels of groups`);
      return;
    }
    if (this.#captured !== undefined) {
      this.#fail('damaged', 'a group inside the name or value of a property');
      return;
    }
    this.#levels.push({ start: this.#at, destination: undefined });
    this.#at += 1;
  }

  #closeGroup(): void {
    const level = this.#levels.pop();
    const closing = this.#at;
    this.#at += 1;
    this.#skip = 0;
    if (level === undefined) {
      this.#fail('damaged', 'a brace that closes nothing');
      return;
    }
    if (this.#depth === 2 && this.#captured !== undefined) {
      this.#endText(level.start);
    } else if (this.#depth === 2 && this.#open !== undefined && this.#isInProperties()) {
      this.#open.end = this.#at;
    }
    if (this.#depth !== 1) {
      return;
    }
    if (level.destination === 'userprops') {
      this.#endProperty();
      this.#propertiesEnd ??= closing;
    }
    if (this.#isHeader && level.destination !== undefined && HEADER_GROUPS.has(level.destination)) {
      this.#insertAt = this.#at;
    } else {
      this.#isHeader = false;
    }
  }

  #control(): void {
    CONTROL_WORD.lastIndex = this.#at;
    const word = CONTROL_WORD.exec(this.#text);
    if (word === null) {
      this.#symbol();
      return;
    }
    const [whole, name = '', digits] = word;
    const number = Number(digits ?? '0');
    this.#at += whole.length;
    if (name === 'bin' && number > 0) {
      // Raw bytes, in which braces mean nothing.
      this.#at += number;
    } else if (name === 'uc') {
      this.#fallback = Math.min(Math.max(number, 0), 16);
    } else if (name === 'u' && this.#captured !== undefined) {
      this.#isUnicode = true;
      this.#add(String.fromCharCode(number & 0xffff), true);
      this.#skip = this.#fallback;
    }
    this.#word(name);
  }

  #word(name: string): void {
    const level = this.#levels.at(-1);
    if (this.#depth === 1 && this.#isHeader) {
      if (HEADER_WORDS.has(name)) {
        this.#insertAt = this.#at;
      } else {
        this.#isHeader = false;
      }
    }
    if (level === undefined || level.destination !== undefined) {
      return;
    }
    level.destination = name;
    if (this.#depth === 2 && name === 'userprops') {
      this.#propertiesStart ??= level.start;
    } else if (this.#depth === 3 && this.#isInProperties() && (name === 'propname' || name === 'staticval')) {
      if (name === 'propname') {
        this.#endProperty();
        this.#open = { start: level.start, name: '', value: '', end: level.start };
      }
      this.#captured = '';
      this.#isUnicode = false;
    }
  }

  #symbol(): void {
    HEX.lastIndex = this.#at;
    const hex = HEX.exec(this.#text)?.[1];
    const next = this.#text.charAt(this.#at + 1);
    this.#isHeader &&= this.#depth !== 1;
    if (hex !== undefined) {
      this.#add(String.fromCharCode(Number.parseInt(hex, 16)));
      this.#at += 4;
      return;
    }
    if ('\\{}'.includes(next)) {
      this.#add(next);
    }
    this.#at += 2;
  }

  #plain(run: string): void {
    const text = run.replace(/[\r\n]+/g, '');
    if (this.#captured === undefined) {
      if (this.#depth === 1 && text.trim() !== '') {
        this.#isHeader = false;
      }
      if (this.#depth === 0 && text.trim() !== '') {
        this.#fail('damaged', 'text before the document');
      }
      return;
    }
    const kept = text.slice(this.#skip);
    this.#skip = Math.max(0, this.#skip - text.length);
    this.#add(kept, true);
  }

  #add(text: string, isWhole = false): void {
    if (this.#captured === undefined) {
      return;
    }
    if (!isWhole && this.#skip > 0) {
      this.#skip -= 1;
      return;
    }
    if (this.#captured.length + text.length > MAXIMUM_TEXT_CHARACTERS) {
      this.#fail('limit', 'a name or value of a property that is too long');
      return;
    }
    this.#captured += text;
  }

  #endText(start: number): void {
    const text = this.#captured ?? '';
    const decoded = this.#isUnicode
      ? text
      : readable(
          Uint8Array.from(text, (unit) => unit.charCodeAt(0)),
          { id: 'bytes', markBytes: 0, unitBytes: 1 },
        );
    this.#captured = undefined;
    if (this.#open === undefined) {
      return;
    }
    if (start === this.#open.start) {
      this.#open.name = decoded;
    } else {
      this.#open.value = decoded;
    }
    this.#open.end = this.#at;
  }

  #endProperty(): void {
    if (this.#open !== undefined) {
      const { name, value, start, end } = this.#open;
      this.#properties.push({ name, value, start, end });
      this.#open = undefined;
    }
    if (this.#properties.length > MAXIMUM_PROPERTIES) {
      this.#fail('limit', `more than ${MAXIMUM_PROPERTIES} properties`);
    }
  }

  #fail(code: 'damaged' | 'limit', detail: string): void {
    this.#fault ??= { code, at: this.#at, detail };
  }
}

/** A property of type text (30), its value escaped (RTF 1.9.1, "Document Properties"). */
export const rtfProperty = (name: string, value: string): string =>
  `{\\propname ${name}}\\proptype30{\\staticval ${value.replace(/[\\{}]/g, (character) => `\\${character}`)}}`;
