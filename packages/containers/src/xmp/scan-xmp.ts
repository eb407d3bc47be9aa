import type { XmpProperty } from '@aigc-label/core';
import { SaxesParser } from 'saxes';

/** The namespaces that frame a packet (XMP part 1 §7.3, §7.4). */
export const RDF_NAMESPACE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const META_NAMESPACE = 'adobe:ns:meta/';

/** RDF nests a few levels; an attacker nests thousands (spec/provenance.md §4.4). */
const MAXIMUM_DEPTH = 64;

/** After so many errors the rest is not looked at: each costs a message of its own. */
const MAXIMUM_ERRORS = 100;

/** An element with a place for content. Offsets are in characters of the text. */
export interface XmpElement {
  readonly name: string;
  readonly start: number;
  /** After `>` or `/>`. */
  openEnd: number;
  /** Where `</` stands; equal to `openEnd` where the element closes itself. */
  closeStart: number;
  end: number;
  isSelfClosing: boolean;
}

/** An rdf:Description at the top. */
export interface XmpDescription {
  readonly element: XmpElement;
  /** Whether it says nothing besides our property: it goes with it. */
  isOnlyOurs: boolean;
}

/** Our property as it stood: one element or one attribute. */
export interface XmpHit {
  /** The qualified name, as written. */
  readonly name: string;
  readonly local: string;
  readonly namespace: string;
  /** The rdf:Description that holds it. */
  readonly description: XmpDescription;
  /** Characters that go when it is removed. */
  readonly start: number;
  end: number;
  value: string;
  /** Set on elements that hold nothing but text and have no qualifier. */
  readonly element?: XmpElement;
  isPlain: boolean;
}

/** What was found in a packet, with the offsets that an edit needs. */
export interface XmpScan {
  readonly meta?: XmpElement;
  readonly rdf?: XmpElement;
  /** The value of the first rdf:about, quoted as written: every rdf:Description must have the same (XMP part 1 §7.4). */
  readonly about: string;
  readonly hits: readonly XmpHit[];
  /** Prefixes like ours that the packet binds to something else. */
  readonly takenPrefixes: ReadonlySet<string>;
  readonly hasSecondRdf: boolean;
  /** Why the text is not to be trusted for an edit: not well-formed, too deep, or a DOCTYPE. */
  readonly fault?: { readonly kind: 'damaged' | 'limit'; readonly detail: string };
}

interface Level {
  readonly element: XmpElement;
  readonly declared: ReadonlyMap<string, string>;
  role: 'meta' | 'rdf' | 'description' | 'hit' | 'other';
  description?: XmpDescription;
}

interface Attribute {
  readonly name: string;
  readonly value: string;
  /** Includes the white space before the name. */
  readonly start: number;
  readonly end: number;
  readonly quoted: string;
}

/** Finds the frame of a packet and every place of the property in it. Never throws for what the text says. */
export const scanXmp = (text: string, property: XmpProperty): XmpScan => {
  // An entity can only come from a DOCTYPE, and no XMP has one: refusing both beats every expansion attack.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    return {
      about: '""',
      hits: [],
      takenPrefixes: new Set(),
      hasSecondRdf: false,
      fault: { kind: 'damaged', detail: 'the packet declares a DOCTYPE or an ENTITY' },
    };
  }
  return new Scanner(text, property).run();
};

/** Ends the scan early. */
class Enough extends Error {}

class Scanner {
  readonly #text: string;
  readonly #property: XmpProperty;
  // Own prefix resolution: with `xmlns: true` saxes 6.0.0 takes quadratic time on nested elements (spec/provenance.md §4.4).
  readonly #parser: SaxesParser = new SaxesParser();
  readonly #levels: Level[] = [];
  readonly #hits: XmpHit[] = [];
  readonly #takenPrefixes: Set<string> = new Set();
  #attributes: Attribute[] = [];
  #start = 0;
  #meta: XmpElement | undefined;
  #rdf: XmpElement | undefined;
  #about: string | undefined;
  #hasSecondRdf = false;
  #open: XmpHit | undefined;
  #error: string | undefined;
  #errors = 0;

  constructor(text: string, property: XmpProperty) {
    this.#text = text;
    this.#property = property;
  }

  run(): XmpScan {
    let limit: string | undefined;
    const parser = this.#parser;
    parser.on('error', (error) => {
      // Its messages end with a full stop; ours are sentences around it.
      this.#error ??= error.message.replace(/\.$/, '');
      this.#errors += 1;
      if (this.#errors >= MAXIMUM_ERRORS) {
        throw new Enough();
      }
    });
    parser.on('opentagstart', () => {
      this.#start = this.#startOf('<');
      this.#attributes = [];
    });
    parser.on('attribute', ({ name, value }) => this.#attribute(name, value));
    parser.on('opentag', ({ name, isSelfClosing }) => this.#openTag(name, isSelfClosing));
    parser.on('closetag', ({ isSelfClosing }) => this.#closeTag(isSelfClosing));
    parser.on('text', (value) => this.#value(value));
    parser.on('cdata', (value) => this.#value(value));
    try {
      parser.write(this.#text).close();
    } catch (error) {
      if (!(error instanceof Enough)) {
        throw error;
      }
      limit = this.#error === undefined ? error.message : undefined;
    }
    const fault =
      limit !== undefined
        ? { fault: { kind: 'limit' as const, detail: limit } }
        : this.#error !== undefined
          ? { fault: { kind: 'damaged' as const, detail: `the packet is not well-formed XML: ${this.#error}` } }
          : {};
    return {
      ...(this.#meta === undefined ? {} : { meta: this.#meta }),
      ...(this.#rdf === undefined ? {} : { rdf: this.#rdf }),
      about: this.#about ?? '""',
      hits: this.#hits,
      takenPrefixes: this.#takenPrefixes,
      hasSecondRdf: this.#hasSecondRdf,
      ...fault,
    };
  }

  #attribute(name: string, value: string): void {
    const end = this.#parser.position;
    if (this.#error !== undefined) {
      this.#attributes.push({ name, value, start: end, end, quoted: '""' });
      return;
    }
    const quoteAt = this.#text.lastIndexOf(this.#text.charAt(end - 1), end - 2);
    let start = this.#text.lastIndexOf(name, quoteAt);
    while (start > 0 && /\s/.test(this.#text.charAt(start - 1))) {
      start -= 1;
    }
    this.#attributes.push({ name, value, start, end, quoted: this.#text.slice(quoteAt, end) });
  }

  #openTag(name: string, isSelfClosing: boolean): void {
    if (this.#levels.length >= MAXIMUM_DEPTH) {
      throw new Enough(`the packet nests more than ${MAXIMUM_DEPTH} elements`);
    }
    const parent = this.#levels.at(-1);
    const declared = new Map<string, string>();
    for (const attribute of this.#attributes) {
      if (attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:')) {
        const prefix = attribute.name.slice(6);
        declared.set(prefix, attribute.value);
        if (attribute.value !== this.#property.namespace && prefix.startsWith(this.#property.prefix)) {
          this.#takenPrefixes.add(prefix);
        }
      }
    }
    const openEnd = this.#parser.position;
    const element: XmpElement = { name, start: this.#start, openEnd, closeStart: openEnd, end: openEnd, isSelfClosing };
    const level: Level = { element, declared, role: 'other' };
    this.#levels.push(level);
    const { namespace, local } = this.#resolve(name, true);
    if (this.#open !== undefined) {
      this.#open.isPlain = false;
    } else if (namespace === META_NAMESPACE && parent === undefined) {
      level.role = 'meta';
      this.#meta = element;
    } else if (namespace === RDF_NAMESPACE && local === 'RDF' && (parent === undefined || parent.role === 'meta')) {
      this.#hasSecondRdf ||= this.#rdf !== undefined;
      level.role = 'rdf';
      this.#rdf ??= element;
    } else if (namespace === RDF_NAMESPACE && local === 'Description' && parent?.role === 'rdf') {
      level.role = 'description';
      this.#description(level);
    } else if (parent?.description !== undefined && this.#isOurs(namespace, local)) {
      level.role = 'hit';
      const isPlain = this.#attributes.every((attribute) => attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:'));
      this.#open = {
        name,
        local,
        namespace,
        description: parent.description,
        start: element.start,
        end: element.end,
        value: '',
        element,
        isPlain,
      };
    } else if (parent?.description !== undefined) {
      parent.description.isOnlyOurs = false;
    }
  }

  #description(level: Level): void {
    const description: XmpDescription = { element: level.element, isOnlyOurs: true };
    level.description = description;
    for (const attribute of this.#attributes) {
      const { name, start, end, value } = attribute;
      const { namespace, local } = this.#resolve(name, false);
      if (local === 'about' && (namespace === RDF_NAMESPACE || namespace === '')) {
        this.#about ??= attribute.quoted;
      } else if (this.#isOurs(namespace, local)) {
        this.#hits.push({ name, local, namespace, description, start, end, value, isPlain: false });
      } else if (name !== 'xmlns' && !name.startsWith('xmlns:')) {
        description.isOnlyOurs = false;
      }
    }
  }

  #closeTag(isSelfClosing: boolean): void {
    const level = this.#levels.pop();
    if (level === undefined) {
      return;
    }
    level.element.end = this.#parser.position;
    level.element.closeStart = isSelfClosing ? level.element.openEnd : this.#startOf('</');
    if (level.role === 'hit' && this.#open !== undefined) {
      this.#open.end = level.element.end;
      this.#hits.push(this.#open);
      this.#open = undefined;
    }
  }

  /** Where the tag began whose name or end the parser has just passed. After an error nothing is edited, and looking back could take quadratic time. */
  #startOf(opening: string): number {
    return this.#error === undefined ? this.#text.lastIndexOf(opening, this.#parser.position - 1) : this.#parser.position;
  }

  #value(value: string): void {
    if (this.#open !== undefined) {
      this.#open.value += value;
      return;
    }
    const description = this.#levels.at(-1)?.description;
    if (description !== undefined && value.trim() !== '') {
      description.isOnlyOurs = false;
    }
  }

  #isOurs(namespace: string, local: string): boolean {
    const { name, aliases, fields, kindred, borrowed } = this.#property;
    if (aliases.includes(local)) {
      return true;
    }
    if (namespace === this.#property.namespace || kindred.includes(namespace)) {
      return local === name || fields.includes(local);
    }
    return local === name && borrowed.includes(namespace);
  }

  #resolve(name: string, isElement: boolean): { readonly namespace: string; readonly local: string } {
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? '' : name.slice(0, colon);
    const local = name.slice(colon + 1);
    if (prefix === '' && !isElement) {
      return { namespace: '', local };
    }
    const level = this.#levels.findLast(({ declared }) => declared.has(prefix));
    return { namespace: level?.declared.get(prefix) ?? '', local };
  }
}
