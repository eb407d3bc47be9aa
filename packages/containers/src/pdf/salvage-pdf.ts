import { type ByteSource, latin1 } from '@aigc-label/core';
import { type PdfDictionary, parsePdfDictionary, skipPdfSpace } from './pdf-syntax.ts';

/** What is looked through at either end of a file whose cross-reference table leads nowhere. */
const WINDOW_BYTES = 256 << 10;

/**
 * What readers do with a damaged PDF, in small: the document information dictionary that the last trailer in sight names, where its object is in sight too.
 * Good for reading only. `undefined` where there is none, or where its strings are encrypted.
 */
export const salvagePdfInfo = async (source: ByteSource): Promise<PdfDictionary | undefined> => {
  const tailAt = Math.max(0, source.size - WINDOW_BYTES);
  const tail = await source.read(tailAt, source.size - tailAt);
  const head = await source.read(0, Math.min(tailAt, WINDOW_BYTES));
  const windows = [tail, head].map((bytes) => ({ bytes, text: latin1(bytes) }));
  if (windows.some(({ text }) => /\/Encrypt[\0\t\n\f\r ]*(?:\d|<<)/.test(text))) {
    return undefined;
  }
  const reference = windows.flatMap(({ text }) =>
    [...text.matchAll(/\/Info[\0\t\n\f\r ]{1,8}(\d{1,10})[\0\t\n\f\r ]{1,8}(\d{1,5})[\0\t\n\f\r ]{1,8}R/g)].slice(-1),
  )[0];
  if (reference === undefined) {
    return undefined;
  }
  const header = new RegExp(`(?<!\\d)0{0,9}${Number(reference[1])}[\\0\\t\\n\\f\\r ]{1,8}${Number(reference[2])}[\\0\\t\\n\\f\\r ]{1,8}obj`, 'g');
  for (const { bytes, text } of windows) {
    const last = [...text.matchAll(header)].at(-1);
    if (last !== undefined) {
      return parsePdfDictionary(bytes, skipPdfSpace(bytes, last.index + last[0].length));
    }
  }
  return undefined;
};
