// HTML in Markdown (CommonMark §4.6): which lines begin a block, what ends it, and which elements stay open behind it.

/** What ends an HTML block. */
export interface HtmlEnd {
  /** Somewhere in a line, for kinds 1 to 5; a blank line ends the others. */
  readonly pattern: RegExp | undefined;
  /** What closes it. */
  readonly closing: string;
}

const RAW = /^<(script|pre|style|textarea)(?=[ >]|$)/i;
const BLOCKS: readonly (readonly [RegExp, HtmlEnd])[] = [
  [/^<!--/, { pattern: /-->/, closing: '-->' }],
  [/^<\?/, { pattern: /\?>/, closing: '?>' }],
  [/^<!\[CDATA\[/, { pattern: /\]\]>/, closing: ']]>' }],
  [/^<![A-Za-z]/, { pattern: />/, closing: '>' }],
];
const BLANK: HtmlEnd = { pattern: undefined, closing: '' };
const BLOCK_TAG =
  /^<\/?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[ >]|\/>|$)/i;
const ATTRIBUTE = `(?: +[A-Za-z_:][\\w.:-]*(?: *= *(?:[^ "'=<>\`]+|'[^']*'|"[^"]*"))?)`;
const LONE_TAG = new RegExp(`^(?:<[A-Za-z][A-Za-z0-9-]*${ATTRIBUTE}* */?>|</[A-Za-z][A-Za-z0-9-]* *>) *$`);

/** The block that begins with these characters of a line. */
export const htmlStart = (rest: string, isInParagraph: boolean): HtmlEnd | undefined => {
  if (!rest.startsWith('<')) {
    return undefined;
  }
  const raw = RAW.exec(rest)?.[1];
  if (raw !== undefined) {
    return { pattern: /<\/(?:script|pre|style|textarea)>/i, closing: `</${raw.toLowerCase()}>` };
  }
  const block = BLOCKS.find(([start]) => start.test(rest))?.[1];
  return block ?? (BLOCK_TAG.test(rest) || (!isInParagraph && LONE_TAG.test(rest)) ? BLANK : undefined);
};

/** Elements inside of which a notice would be hidden, struck out or something else than a paragraph. Those whose end tag may be left out close with them. */
const FOLLOWED: ReadonlySet<string> = new Set(
  `a article aside audio b blockquote button canvas center code del details dialog div dl em fieldset figure font footer form header i iframe ins kbd main
  map mark math menu nav noscript object ol pre s samp script search section select small span strike strong style sub sup svg table template textarea title
  tt u ul var video`.split(/\s+/),
);
const MOST_TAGS = 64;
const LONGEST_TAG = 2000;
const TAG = /<!--|-->|<(\/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>])[^<>]*>/g;

/** Elements that were opened in HTML blocks and not closed: to a browser they go on through blank lines. */
export class OpenTags {
  readonly #open: string[] = [];
  #isComment = false;
  /** A tag that goes on in the next line. */
  #begun = '';

  /** Takes in a line of a block that ends so. */
  read(line: string, end: HtmlEnd): void {
    if (end.pattern !== undefined && !end.closing.startsWith('</')) {
      return;
    }
    const text = this.#begun + line;
    const lastAt = text.lastIndexOf('<');
    const begun = lastAt < 0 || text.includes('>', lastAt) ? '' : text.slice(lastAt);
    this.#begun = begun.length > LONGEST_TAG ? '' : `${begun} `.trimStart();
    for (const [tag, slash, name = ''] of text.matchAll(TAG)) {
      if (tag === '<!--' || tag === '-->') {
        this.#isComment = tag === '<!--';
      } else if (!this.#isComment) {
        this.#tag(name.toLowerCase(), slash === '/', tag.endsWith('/>'));
      }
    }
  }

  #tag(name: string, isEnd: boolean, isVoid: boolean): void {
    const innermost = this.#open.at(-1) ?? '';
    if (/^(?:script|style|textarea|title)$/.test(innermost) && !(isEnd && name === innermost)) {
      return;
    }
    if (isEnd) {
      const at = this.#open.lastIndexOf(name);
      this.#open.length = at < 0 ? this.#open.length : at;
    } else if (FOLLOWED.has(name) && this.#open.length < MOST_TAGS && !(isVoid && /^(?:svg|math)$/.test(name))) {
      this.#open.push(name);
    }
  }

  /** End tags, innermost first, each on its line. */
  closing(): string {
    return [...(this.#isComment ? ['<!-- -->'] : []), ...this.#open.toReversed().map((name) => `</${name}>`)].join('\n');
  }
}
