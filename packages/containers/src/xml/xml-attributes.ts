import type { XmlMarkup } from './xml-markup.ts';

/** One attribute of a start tag. Offsets are in units of the text. */
export interface XmlAttribute {
  readonly name: string;
  /** As written, between the quotes. */
  readonly value: string;
  /** Of the white space before its name. */
  readonly start: number;
  readonly end: number;
}

/** More attributes of one tag are not looked at. */
const MAXIMUM_ATTRIBUTES = 1024;

/** The first 1,024 attributes of a start tag as far as they are well-formed (XML 1.0 §3.1). */
export const xmlAttributes = (text: string, tag: XmlMarkup): readonly XmlAttribute[] => {
  const attribute = /\s+([^\s=/>"'<]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
  const attributes: XmlAttribute[] = [];
  attribute.lastIndex = tag.start + 1 + tag.name.length;
  while (attribute.lastIndex < tag.end && attributes.length < MAXIMUM_ATTRIBUTES) {
    const start = attribute.lastIndex;
    const found = attribute.exec(text);
    if (found === null) {
      break;
    }
    attributes.push({ name: found[1] ?? '', value: found[2] ?? found[3] ?? '', start, end: attribute.lastIndex });
  }
  return attributes;
};

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** A text without its references to the five characters of XML and to numbers (XML 1.0 §4.1, §4.6); an entity of a DOCTYPE stays as it is. */
export const xmlUnescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g, (whole, hexadecimal?: string, decimal?: string, name?: string) => {
    if (name !== undefined) {
      return NAMED[name] ?? whole;
    }
    const code = hexadecimal === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hexadecimal, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
