// The children of one element of a large XML document, without a tree: a report of a thousand pages has a million elements, and only where its paragraphs begin is asked.
import { parseXml, type XmlElement, xmlMarkup } from '@aigc-label/containers';

/** An element without what is in it. Offsets are in characters of the text. */
export interface OutlineElement {
  readonly local: string;
  readonly start: number;
  readonly openEnd: number;
  /** Where `</` stands; equal to `openEnd` where the element closes itself. */
  readonly closeStart: number;
  readonly end: number;
}

/** One element of a document, those around it, and those directly in it. */
export interface XmlOutline {
  readonly holder: OutlineElement;
  /** From the root to the holder, with attributes and namespaces; without offsets and children. */
  readonly around: readonly XmlElement[];
  readonly children: readonly OutlineElement[];
}

/** Deeper than any editor nests. */
const MAXIMUM_DEPTH = 512;
const MAXIMUM_CHILDREN = 200_000;

/**
 * The first element at this path of local names; `undefined` where there is none, or where the text is no well-formed XML without declarations.
 * Linear in the length of the text.
 */
export const xmlOutline = (text: string, path: readonly string[]): XmlOutline | undefined => {
  const open: { readonly name: string; readonly start: number; readonly openEnd: number }[] = [];
  const children: OutlineElement[] = [];
  let holder: OutlineElement | undefined;
  let inPath = 0;
  const openings: { readonly name: string; readonly tag: string }[] = [];
  let isClosed = false;
  const close = (name: string, closeStart: number, end: number): boolean => {
    const element = open.pop();
    if (element === undefined || element.name !== name) {
      return false;
    }
    const made = { local: localOf(name), start: element.start, openEnd: element.openEnd, closeStart, end };
    if (holder === undefined && inPath === path.length && open.length === path.length) {
      children.push(made);
    } else if (holder === undefined && inPath === path.length && open.length === path.length - 1) {
      holder = made;
    } else if (open.length < inPath && holder === undefined) {
      inPath = open.length;
    }
    isClosed ||= open.length === 0;
    return children.length <= MAXIMUM_CHILDREN;
  };
  for (const { kind, name, start, end } of xmlMarkup(text)) {
    if (kind === 'open' || kind === 'empty') {
      if (isClosed || open.length >= MAXIMUM_DEPTH) {
        return undefined;
      }
      if (holder === undefined && inPath === open.length && inPath < path.length && localOf(name) === path[inPath]) {
        openings[inPath] = { name, tag: text.slice(start, kind === 'empty' ? end - 2 : end - 1) };
        inPath += 1;
      }
      open.push({ name, start, openEnd: end });
      if (kind === 'empty' && !close(name, end, end)) {
        return undefined;
      }
    } else if (kind === 'close' ? !close(name, start, end) : kind === 'unclosed' || (kind === 'doctype' && text.slice(start, end).includes('['))) {
      return undefined;
    }
  }
  const around = holder === undefined || !isClosed ? undefined : aroundOf(openings, path.length);
  return holder === undefined || around === undefined ? undefined : { holder, around, children };
};

const localOf = (name: string): string => name.slice(name.indexOf(':') + 1);

/** The opening tags alone are a small document, in which names can be resolved. */
const aroundOf = (openings: readonly { readonly name: string; readonly tag: string }[], depth: number): readonly XmlElement[] | undefined => {
  const { root } = parseXml(
    openings.map(({ tag }) => `${tag}>`).join('') +
      openings
        .toReversed()
        .map(({ name }) => `</${name}>`)
        .join(''),
  );
  const around: XmlElement[] = [];
  for (let element = root; element !== undefined; element = element.children[0]) {
    around.push(element);
  }
  return around.length === depth ? around : undefined;
};
