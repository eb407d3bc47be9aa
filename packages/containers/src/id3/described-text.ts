// TXXX and COMM: id3v2.4.0-frames §4.2.6, §4.10; text encodings: id3v2.4.0-structure §4.
import { concat, fromUtf8, latin1, startsWith, utf8 } from '@aigc-label/core';

/** The text of a frame with a description (TXXX, COMM), or why it has none for us. */
export type DescribedText = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'undecodable' } | { readonly kind: 'other' };

/** The longest description that is compared, in bytes with its encoding, language, byte order mark and terminator. */
export const DESCRIPTION_WINDOW_BYTES: number = 64;

/** Whether the content of a frame (its first bytes suffice) carries exactly this ASCII description; language as COMM has it, or none. */
export const hasDescription = (content: Uint8Array, description: string, hasLanguage: boolean): boolean =>
  textStart(content, description, hasLanguage) !== undefined;

/** The text behind the description; `other` where the description is another one. */
export const describedText = (content: Uint8Array, description: string, hasLanguage: boolean): DescribedText => {
  const start = textStart(content, description, hasLanguage);
  if (start === undefined) {
    return { kind: 'other' };
  }
  const text = decode(content.subarray(start.offset), start.encoding);
  return text === undefined ? { kind: 'undecodable' } : { kind: 'text', text: withoutTrailingNulls(text) };
};

/** The content of a TXXX frame: Latin-1, which every reader of every version reads, since both texts are ASCII. */
export const describedContent = (description: string, text: string): Uint8Array => concat(Uint8Array.of(0), utf8(`${description}\0${text}`));

type Encoding = 'latin1' | 'utf-16le' | 'utf-16be' | 'utf-8';

const textStart = (content: Uint8Array, description: string, hasLanguage: boolean): { offset: number; encoding: Encoding } | undefined => {
  const at = hasLanguage ? 4 : 1;
  for (const { lead, encoding } of forms(content[0])) {
    const expected = concat(lead, encode(`${description}\0`, encoding));
    if (startsWith(content, expected, at)) {
      return { offset: at + expected.length, encoding };
    }
  }
  return undefined;
};

const NONE = new Uint8Array();
const LITTLE = Uint8Array.of(0xff, 0xfe);
const BIG = Uint8Array.of(0xfe, 0xff);

const forms = (encodingByte: number | undefined): readonly { lead: Uint8Array; encoding: Encoding }[] => {
  switch (encodingByte) {
    case 0:
      return [{ lead: NONE, encoding: 'latin1' }];
    case 1:
      // The byte order mark is compulsory (§4), yet writers leave it out; they are little endian then.
      return [
        { lead: LITTLE, encoding: 'utf-16le' },
        { lead: BIG, encoding: 'utf-16be' },
        { lead: NONE, encoding: 'utf-16le' },
      ];
    case 2:
      return [{ lead: NONE, encoding: 'utf-16be' }];
    case 3:
      return [{ lead: NONE, encoding: 'utf-8' }];
    default:
      return [];
  }
};

const encode = (text: string, encoding: Encoding): Uint8Array => {
  if (encoding === 'latin1' || encoding === 'utf-8') {
    return utf8(text);
  }
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    bytes[index * 2 + (encoding === 'utf-16le' ? 0 : 1)] = text.charCodeAt(index);
  }
  return bytes;
};

const decode = (bytes: Uint8Array, encoding: Encoding): string | undefined => {
  switch (encoding) {
    case 'latin1':
      return latin1(bytes);
    case 'utf-8':
      return fromUtf8(bytes);
    default: {
      const marked = startsWith(bytes, LITTLE) ? 'utf-16le' : startsWith(bytes, BIG) ? 'utf-16be' : undefined;
      try {
        return new TextDecoder(marked ?? encoding, { fatal: true, ignoreBOM: true }).decode(whole(marked === undefined ? bytes : bytes.subarray(2)));
      } catch {
        return undefined;
      }
    }
  }
};

/** Without the lone zero that some writers put behind UTF-16 text. */
const whole = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 1 && bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes);

const withoutTrailingNulls = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return text.slice(0, end);
};
