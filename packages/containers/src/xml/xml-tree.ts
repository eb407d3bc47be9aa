// XML 1.0 with namespaces, small documents: the parts of a package, not the text of a book.
import { SaxesParser } from 'saxes';

/** Real property parts nest three or four levels; an attacker nests thousands (spec/provenance.md §4.4). */
const MAXIMUM_DEPTH = 64;

/** More elements than this are not kept: each costs some hundred bytes of memory. A book with 5,000 chapters names each twice. */
const MAXIMUM_ELEMENTS = 20_000;

/** An attribute, declarations of namespaces included. Offsets are in characters of the text. */
export interface QualifiedAttribute {
  /** As written: `meta:name`. */
  readonly name: string;
  readonly local: string;
  /** Empty for attributes without a prefix. */
  readonly namespace: string;
  /** Unescaped. */
  readonly value: string;
  /** The white space before the name. */
  readonly start: number;
  readonly end: number;
}

/** An element. Offsets are in characters of the text. */
export interface XmlElement {
  readonly name: string;
  readonly local: string;
  readonly namespace: string;
  readonly attributes: readonly QualifiedAttribute[];
  readonly children: readonly XmlElement[];
  /** Its own text, unescaped, without that of its children. */
  readonly text: string;
  readonly start: number;
  /** After `>` or `/>`. */
  readonly openEnd: number;
  /** Where `</` stands; equal to `openEnd` where the element closes itself. */
  readonly closeStart: number;
  readonly end: number;
  readonly isSelfClosing: boolean;
}

/** A document, or why it is none that can be trusted. */
export type XmlTree =
  | { readonly root: XmlElement; readonly fault?: undefined }
  | { readonly root?: undefined; readonly fault: { readonly kind: 'damaged' | 'limit'; readonly detail: string } };

type Building<Value> = { -readonly [Key in keyof Value]: Value[Key] };
interface Level {
  readonly element: Building<XmlElement>;
  readonly children: XmlElement[];
  readonly declared: ReadonlyMap<string, string> | undefined;
}

/** Ends the parse early. */
class Enough extends Error {
  readonly kind: 'damaged' | 'limit';

  constructor(kind: 'damaged' | 'limit', message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Parses an XML document with the offsets that an edit needs. Never throws for what the text says, and expands nothing: a DOCTYPE that could declare something is a
 * fault, one that only names a DTD (documents of OpenOffice 2, books of EPUB 2) is passed over, and the DTD is never fetched.
 */
export const parseXml = (text: string): XmlTree => {
  if (declaresEntities(text)) {
    return { fault: { kind: 'damaged', detail: 'the XML has a DOCTYPE that declares something, or an ENTITY' } };
  }
  try {
    const root = new TreeBuilder(text).run();
    return root === undefined ? { fault: { kind: 'damaged', detail: 'the XML has no element' } } : { root };
  } catch (error) {
    if (!(error instanceof Enough)) {
      throw error;
    }
    return { fault: { kind: error.kind, detail: error.message } };
  }
};

/** XML 1.0 §2.8 `doctypedecl` without an internal subset. */
const BARE_DOCTYPE = /<!DOCTYPE\s+[^\s<>[\]"']+(?:\s+(?:SYSTEM|PUBLIC\s+(?:"[^"<>]*"|'[^'<>]*'))\s+(?:"[^"<>]*"|'[^'<>]*'))?\s*>/y;

/** Entities of one's own can only come from the internal subset of a DOCTYPE: refusing it beats every expansion attack. */
const declaresEntities = (text: string): boolean => {
  const first = text.search(/<!(?:DOCTYPE|ENTITY)/i);
  BARE_DOCTYPE.lastIndex = first;
  return first >= 0 && (!BARE_DOCTYPE.test(text) || /<!(?:DOCTYPE|ENTITY)/i.test(text.slice(BARE_DOCTYPE.lastIndex)));
};

class TreeBuilder {
  readonly #text: string;
  // Own prefix resolution: with `xmlns: true` saxes 6.0.0 takes quadratic time on nested elements (spec/provenance.md §4.4).
  readonly #parser: SaxesParser = new SaxesParser();
  readonly #levels: Level[] = [];
  #attributes: { name: string; value: string; start: number; end: number }[] = [];
  #start = 0;
  #count = 0;
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  run(): XmlElement | undefined {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw new Enough('damaged', `the XML is not well-formed: ${error.message}`);
    });
    parser.on('opentagstart', () => {
      this.#start = this.#text.lastIndexOf('<', parser.position - 1);
      this.#attributes = [];
    });
    parser.on('attribute', ({ name, value }) => {
      const end = parser.position;
      const quoteAt = this.#text.lastIndexOf(this.#text.charAt(end - 1), end - 2);
      let start = this.#text.lastIndexOf(name, quoteAt);
      while (/\s/.test(this.#text.charAt(start - 1))) {
        start -= 1;
      }
      this.#attributes.push({ name, value, start, end });
    });
    parser.on('opentag', ({ name, isSelfClosing }) => this.#open(name, isSelfClosing));
    parser.on('closetag', ({ isSelfClosing }) => this.#close(isSelfClosing));
    const add = (value: string): void => {
      const level = this.#levels.at(-1);
      if (level !== undefined) {
        level.element.text += value;
      }
    };
    parser.on('text', add);
    parser.on('cdata', add);
    parser.write(this.#text).close();
    return this.#root;
  }

  #open(name: string, isSelfClosing: boolean): void {
    this.#count += 1;
    if (this.#levels.length >= MAXIMUM_DEPTH || this.#count > MAXIMUM_ELEMENTS) {
      throw new Enough('limit', `the XML nests more than ${MAXIMUM_DEPTH} elements or holds more than ${MAXIMUM_ELEMENTS}`);
    }
    const declarations = this.#attributes.filter(({ name: attribute }) => attribute === 'xmlns' || attribute.startsWith('xmlns:'));
    const declared = declarations.length === 0 ? undefined : new Map(declarations.map((one) => [one.name.slice(6), one.value]));
    const children: XmlElement[] = [];
    const openEnd = this.#parser.position;
    const level: Level = {
      element: {
        name,
        local: name,
        namespace: '',
        attributes: [],
        children,
        text: '',
        start: this.#start,
        openEnd,
        closeStart: openEnd,
        end: openEnd,
        isSelfClosing,
      },
      children,
      declared,
    };
    this.#levels.push(level);
    Object.assign(level.element, this.#resolve(name, true));
    level.element.attributes = this.#attributes.map((attribute) => ({ ...attribute, ...this.#resolve(attribute.name, false) }));
  }

  #close(isSelfClosing: boolean): void {
    const level = this.#levels.pop();
    if (level === undefined) {
      return;
    }
    level.element.end = this.#parser.position;
    level.element.closeStart = isSelfClosing ? level.element.openEnd : this.#text.lastIndexOf('</', this.#parser.position - 1);
    const parent = this.#levels.at(-1);
    if (parent === undefined) {
      this.#root ??= level.element;
    } else {
      parent.children.push(level.element);
    }
  }

  #resolve(name: string, isElement: boolean): { readonly namespace: string; readonly local: string } {
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? '' : name.slice(0, colon);
    const local = name.slice(colon + 1);
    if (prefix === '' && !isElement) {
      return { namespace: '', local };
    }
    return { namespace: this.#levels.findLast(({ declared }) => declared?.has(prefix))?.declared?.get(prefix) ?? '', local };
  }
}
