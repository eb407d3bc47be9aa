import { localName, xmlMarkup } from './xml-markup.ts';

const LESS = 0x3c;

/**
 * The local name of the root of an XML text, as its DOCTYPE or its first tag announces it; `undefined` where the head does not begin with markup, or ends before
 * the root. UTF-8, UTF-16 and every superset of ASCII alike: NULs and all that is not ASCII are passed over.
 *
 * @param head the first bytes of a file; everything is looked at, so give a few KiB.
 */
export const xmlRootName = (head: Uint8Array): string | undefined => rootIn(asciiOf(head))?.name;

/**
 * Whether a file begins like an XMP packet. The children of its rdf:RDF are rdf:Description and nothing else (XMP part 1 §7.4); a feed (RSS 1.0) or an ontology has
 * the same root, and other children.
 *
 * @param head as for `xmlRootName`.
 */
export const isXmpHead = (head: Uint8Array): boolean => {
  const text = asciiOf(head);
  const root = rootIn(text);
  if (root?.name !== 'RDF') {
    return root?.name === 'xmpmeta' || root?.name === 'xapmeta';
  }
  for (const { kind, name } of xmlMarkup(text, root.end)) {
    if (kind === 'open' || kind === 'empty') {
      return localName(name) === 'Description';
    }
  }
  return true;
};

const asciiOf = (head: Uint8Array): string => {
  let text = '';
  // Most heads of most files end here.
  const first = head.find((byte) => byte > 0x20 && byte < 0x80);
  if (first !== LESS) {
    return text;
  }
  for (const byte of head) {
    if (byte !== 0 && byte < 0x80) {
      text += String.fromCharCode(byte);
    }
  }
  return text;
};

const rootIn = (text: string): { readonly name: string; readonly end: number } | undefined => {
  let behind = 0;
  for (const { kind, name, start, end } of xmlMarkup(text)) {
    if (text.slice(behind, start).trim() !== '') {
      return undefined;
    }
    if (kind === 'instruction' || kind === 'comment') {
      behind = end;
      continue;
    }
    const isElement = kind !== 'close' && kind !== 'cdata' && /^[A-Za-z_]/.test(name);
    return isElement ? { name: localName(name), end } : undefined;
  }
  return undefined;
};
