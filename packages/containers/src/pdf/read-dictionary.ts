import { damaged } from '@aigc-label/core';
import type { PdfSource } from './pdf-source.ts';
import { type PdfDictionary, parsePdfDictionary, skipPdfSpace } from './pdf-syntax.ts';

/** Most dictionaries have a few hundred bytes; signatures and catalogs may have some 100 KB. */
const FIRST_WINDOW_BYTES = 1024;
/** A dictionary that is larger is not read. */
export const MAXIMUM_DICTIONARY_BYTES: number = 256 << 10;

/**
 * The dictionary behind white space at `at`; its offsets are into its own bytes, which begin at `at`.
 * @throws LabelError `FILE_DAMAGED` where there is none, or none that ends within `MAXIMUM_DICTIONARY_BYTES`.
 */
export const readPdfDictionary = async (source: PdfSource, at: number, site: string): Promise<PdfDictionary> => {
  for (let length = FIRST_WINDOW_BYTES; ; length *= 4) {
    const bytes = await source.read(at, length);
    const start = skipPdfSpace(bytes, 0);
    const dictionary = parsePdfDictionary(bytes, start);
    if (dictionary !== undefined) {
      return dictionary;
    }
    const isDictionary = bytes[start] === 0x3c && bytes[start + 1] === 0x3c;
    if ((!isDictionary && start < bytes.length - 1) || bytes.length < length || length >= MAXIMUM_DICTIONARY_BYTES) {
      throw damaged(site, at, 'a dictionary is announced and there is none, or it does not end');
    }
  }
};
