import { localName, xmlMarkup } from './xml-markup.ts';

const LESS = 0x3c;

/**
 * The local name of the root of an XML text, as its DOCTYPE or its first tag announces it; `undefined` where the head does not begin with markup, or ends before
 * the root. UTF-8, UTF-16 and every superset of ASCII alike: NULs and all that is not ASCII are passed over.
 *
 * @param head the first bytes of a file; everything is looked at, so give a few KiB.
 */
export const xmlRootName = (head: Uint8Array): string | undefined => {
  let text = '';
  // Most heads of most files end here.
  const first = head.find((byte) => byte > 0x20 && byte < 0x80);
  if (first !== LESS) {
    return undefined;
  }
  for (const byte of head) {
    if (byte !== 0 && byte < 0x80) {
      text += String.fromCharCode(byte);
    }
  }
  let end = 0;
  for (const markup of xmlMarkup(text)) {
    if (text.slice(end, markup.start).trim() !== '') {
      return undefined;
    }
    if (markup.kind === 'instruction' || markup.kind === 'comment') {
      end = markup.end;
      continue;
    }
    const isElement = markup.kind !== 'close' && markup.kind !== 'cdata' && /^[A-Za-z_]/.test(markup.name);
    return isElement ? localName(markup.name) : undefined;
  }
  return undefined;
};
