import { decodeXmp, type XmpText } from '../xmp/xmp-text.ts';
import type { QualifiedAttribute, XmlElement } from './xml-tree.ts';

/** One edit of an XML text, in characters of the original. */
export interface XmlEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The bytes of an XML document as text, strictly UTF-8 or UTF-16, and the way back, which gives the same bytes for the same text; `undefined` where they are neither. */
export const decodeXml = (bytes: Uint8Array): XmpText | undefined => decodeXmp(bytes);

/** The text with edits, which must not overlap; those at the same place keep their order. */
export const editXml = (text: string, edits: readonly XmlEdit[]): string => {
  let edited = '';
  let position = 0;
  for (const { start, end, text: insert } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < position) {
      throw new TypeError(`an edit at ${start} overlaps the one before it`);
    }
    edited += text.slice(position, start) + insert;
    position = end;
  }
  return edited + text.slice(position);
};

/** Puts XML behind everything else in an element. */
export const appendInside = (element: XmlElement, xml: string): XmlEdit =>
  element.isSelfClosing
    ? { start: element.openEnd - 2, end: element.openEnd, text: `>${xml}</${element.name}>` }
    : { start: element.closeStart, end: element.closeStart, text: xml };

/** Replaces everything in an element by a text. */
export const replaceContent = (element: XmlElement, text: string): XmlEdit =>
  element.isSelfClosing ? appendInside(element, escapeXml(text)) : { start: element.openEnd, end: element.closeStart, text: escapeXml(text) };

/** Replaces an attribute, the white space before it kept as one space. */
export const replaceAttribute = (attribute: QualifiedAttribute, value: string): XmlEdit => ({
  start: attribute.start,
  end: attribute.end,
  text: ` ${attribute.name}="${escapeXml(value)}"`,
});

/** The attribute without a prefix (or, with `namespace`, in that namespace) of this name. */
export const attributeOf = (element: XmlElement, local: string, namespace = ''): QualifiedAttribute | undefined =>
  element.attributes.find((attribute) => attribute.local === local && attribute.namespace === namespace);

/** The prefix of an element with its colon, as written: what a new sibling in the same namespace needs. */
export const prefixOf = (element: XmlElement): string => element.name.slice(0, element.name.length - element.local.length);

/** ` xmlns:prefix="namespace"` for a new element, or nothing where an element around it declares just that already: programs that search instead of parse expect it plain. */
export const declarationOf = (around: readonly XmlElement[], prefix: string, namespace: string): string => {
  const nearest = around.findLast(({ attributes }) => attributes.some(({ name }) => name === `xmlns:${prefix}`));
  const isDeclared = nearest?.attributes.some(({ name, value }) => name === `xmlns:${prefix}` && value === namespace) ?? false;
  return isDeclared ? '' : ` xmlns:${prefix}="${namespace}"`;
};

/** Text for content and quoted attributes. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An element and everything below it, in the order of the document, without `pruned` elements and what is in them. */
export const descendants = (root: XmlElement, pruned: ReadonlySet<XmlElement | undefined> = new Set()): readonly XmlElement[] => {
  const all: XmlElement[] = [];
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (pruned.has(element)) {
      continue;
    }
    all.push(element);
    for (let index = element.children.length - 1; index >= 0; index -= 1) {
      waiting.push(element.children[index] as XmlElement);
    }
  }
  return all;
};
