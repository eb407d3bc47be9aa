// How far an HTML text has come, character by character: enough of HTML §13.2.5 to know what is open at its end.

/** Elements without content, and those that the parser makes itself. */
const NOT_OPEN: ReadonlySet<string> = new Set(
  'area base body br col embed frame head hr html img input link meta param source track wbr plaintext'.split(' '),
);
/** Elements whose content is text up to their end tag. */
const RAW: ReadonlySet<string> = new Set('iframe noembed noframes noscript script style textarea title xmp'.split(' '));
/** Elements in which parsers do not agree what is raw. */
const UNSURE: ReadonlySet<string> = new Set(['svg', 'math', 'select']);
/** Ends all that may be raw, and is nothing where nothing is. */
const SURELY = `<!---->${[...RAW].map((name) => `</${name}>`).join('')}<!---->`;
/** Elements whose end tag may be left out, so that they end with what they stand in. */
const OPTIONAL: ReadonlySet<string> = new Set('caption colgroup dd dt li optgroup option rb rp rt rtc tbody td tfoot th thead tr'.split(' '));
/** Elements that an end tag of something around them does not leave (HTML §13.2.4.2). */
const BOUNDARIES: ReadonlySet<string> = new Set('applet caption marquee object td th'.split(' '));
const OF_TABLES = /^(?:caption|colgroup|table|tbody|td|template|tfoot|th|thead|tr)$/;
/** Elements that end a paragraph (HTML §13.2.6.4.7); a table does so only where the page has a doctype. */
const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing
  main menu nav ol p pre search section summary ul xmp`.split(/\s+/),
);
const HEADING = /^h[1-6]$/;
const MOST_OPEN = 512;
const LONGEST_NAME = 32;

type State = 'text' | 'open' | 'name' | 'attributes' | 'value' | 'unquoted' | '"' | "'" | 'markup' | 'comment' | 'bogus' | 'raw';

/** Follows one text. */
export class HtmlProgress {
  readonly #open: string[] = [];
  #state: State = 'text';
  /** The name of the tag, or the last characters where they matter. */
  #word = '';
  #isUnsure = false;
  #tail = '';
  #escape: 'none' | 'comment' | 'script' = 'none';

  /** Takes in a piece, and says where in it the start tag of the body ended. */
  next(piece: string): number | undefined {
    let bodyAt: number | undefined;
    for (let at = 0; at < piece.length; at += 1) {
      if (this.#state === 'text') {
        const found = piece.indexOf('<', at);
        at = found < 0 ? piece.length : found;
        this.#to(found < 0 ? 'text' : 'open');
      } else if (this.#step(piece.charAt(at)) === 'body') {
        bodyAt ??= at + 1;
      }
    }
    return bodyAt;
  }

  #to(state: State, word = ''): void {
    this.#state = state;
    this.#word = word;
  }

  /** One character; gives the name of a start tag that it ends. */
  #step(unit: string): string | undefined {
    switch (this.#state) {
      case 'open':
        this.#opening(unit);
        return undefined;
      case 'name':
      case 'attributes':
      case 'unquoted':
      case 'value':
        return this.#inTag(unit);
      case '"':
      case "'":
        this.#state = unit === this.#state ? 'attributes' : this.#state;
        return undefined;
      case 'markup':
        this.#to(unit === '>' ? 'text' : this.#word + unit === '--' ? 'comment' : unit === '-' && this.#word === '' ? 'markup' : 'bogus', unit);
        return undefined;
      case 'comment':
        this.#comment(unit);
        return undefined;
      case 'bogus':
        this.#to(unit === '>' ? 'text' : 'bogus');
        return undefined;
      default:
        this.#raw(unit);
        return undefined;
    }
  }

  #opening(unit: string): void {
    if (/[a-z]/i.test(unit)) {
      this.#to('name', this.#word + unit);
    } else if (unit === '/' && this.#word === '') {
      this.#word = '/';
    } else if (this.#word === '/') {
      this.#to(unit === '>' ? 'text' : 'bogus');
    } else {
      this.#to(unit === '!' ? 'markup' : unit === '?' ? 'bogus' : unit === '<' ? 'open' : 'text');
    }
  }

  #inTag(unit: string): string | undefined {
    if (unit === '>') {
      return this.#endTag();
    }
    const isSpace = /[ \t\n\f\r]/.test(unit);
    if (this.#state === 'name') {
      this.#word += this.#word.length < LONGEST_NAME && !isSpace && unit !== '/' ? unit : '';
      this.#state = isSpace || unit === '/' ? 'attributes' : 'name';
    } else if (this.#state === 'value') {
      this.#state = unit === '"' || unit === "'" ? unit : isSpace ? 'value' : 'unquoted';
    } else if (this.#state === 'unquoted') {
      this.#state = isSpace ? 'attributes' : 'unquoted';
    } else {
      this.#attribute(unit, isSpace);
    }
    return undefined;
  }

  /** An equals sign begins a value only behind a name (HTML §13.2.5.32). */
  #attribute(unit: string, isSpace: boolean): void {
    const hasName = this.#word.endsWith('\u0000');
    if (unit === '=' && hasName) {
      this.#word = this.#word.slice(0, -1);
      this.#state = 'value';
    } else if (unit === '/') {
      this.#word = hasName ? this.#word.slice(0, -1) : this.#word;
    } else if (!isSpace && !hasName) {
      this.#word += '\u0000';
    }
  }

  #endTag(): string | undefined {
    const word = this.#word.replace('\u0000', '').toLowerCase();
    const name = word.replace('/', '');
    if (word.startsWith('/')) {
      this.#close(name);
    } else {
      if (BLOCKS.has(name)) {
        this.#close('p');
      }
      if (/^[!-~]+$/.test(name) && name.length < LONGEST_NAME && !NOT_OPEN.has(name) && (this.#open.length < MOST_OPEN || RAW.has(name))) {
        this.#open.push(name);
      }
    }
    const isRaw = !word.startsWith('/') && RAW.has(name);
    this.#isUnsure ||= isRaw && this.#open.some((element) => UNSURE.has(element));
    this.#tail = '';
    this.#escape = 'none';
    this.#to(isRaw ? 'raw' : 'text');
    return word;
  }

  /**
   * Takes out one element, and with it those that end with it. What else is inside stays: a parser may keep it, and one end tag too many is nothing.
   */
  #close(name: string): void {
    if (!this.#open.includes(name) && !HEADING.test(name)) {
      return;
    }
    let at = this.#open.length - 1;
    for (; at >= 0; at -= 1) {
      const element = this.#open[at] ?? '';
      if (element === name || (HEADING.test(element) && HEADING.test(name))) {
        break;
      }
      if (/^(?:table|template)$/.test(element) || (BOUNDARIES.has(element) && !OF_TABLES.test(name))) {
        return;
      }
    }
    if (at >= 0) {
      const inner = this.#open.splice(at).slice(1);
      this.#open.push(...inner.filter((element) => !OPTIONAL.has(element)));
    }
  }

  /** `-->`, `--!>`, and right behind the opening `>` or `->` (HTML §13.2.5.43 to 52). */
  #comment(unit: string): void {
    const word = (this.#word + unit).slice(-4);
    this.#word = word;
    if (/--!?>$/.test(word) || /^-->|^->$/.test(word)) {
      this.#to('text');
    }
  }

  /** A comment in a script may hold scripts, whose ends are not its own (HTML §13.2.5.20 to 31). */
  #script(unit: string): boolean {
    this.#tail = (this.#tail + unit).slice(-9).toLowerCase();
    if (this.#tail.endsWith('-->')) {
      this.#escape = 'none';
    } else if (this.#tail.endsWith('<!--') && this.#escape === 'none') {
      this.#escape = 'comment';
    } else if (this.#escape === 'comment' && /<script[ \t\n\f\r/>]$/.test(this.#tail)) {
      this.#escape = 'script';
    } else if (this.#escape === 'script' && /<\/script[ \t\n\f\r/>]$/.test(this.#tail)) {
      this.#escape = 'comment';
      return true;
    }
    return this.#escape === 'script';
  }

  #raw(unit: string): void {
    const name = this.#open.at(-1) ?? '';
    if (name === 'script' && this.#script(unit)) {
      this.#word = '';
      return;
    }
    this.#word = unit === '<' ? '<' : this.#word === '' ? '' : this.#word + unit;
    const end = `</${name}`;
    if (this.#word.length > end.length) {
      if (/[ \t\n\f\r/>]$/.test(unit)) {
        this.#to('name', `/${name}`);
        this.#inTag(unit);
      } else {
        this.#word = '';
      }
    } else if (!end.startsWith(this.#word.toLowerCase())) {
      this.#word = '';
    }
  }

  /** What closes all of it. */
  closing(): string {
    let mark = '';
    if (this.#state === 'comment' || (this.#state === 'raw' && this.#escape !== 'none')) {
      mark = '-->';
    } else if (this.#state === '"' || this.#state === "'") {
      mark = `${this.#state}>`;
    } else if (this.#state !== 'text' && this.#state !== 'raw' && !(this.#state === 'open' && this.#word === '')) {
      mark = '>';
    }
    this.next(mark);
    // The paragraph of the notice ends one that nothing is around.
    const tags = this.#open
      .slice(this.#open[0] === 'p' ? 1 : 0)
      .toReversed()
      .map((name) => `</${name}>`)
      .join('');
    return mark + tags + (this.#isUnsure ? SURELY + tags : '');
  }
}
