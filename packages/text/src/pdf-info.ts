// The document information dictionary of a PDF (ISO 32000-1 §14.3.3) and the labels in it (TC260-PG-20258A §6.3).
import {
  decodePdfString,
  decodePdfText,
  type PdfCipher,
  type PdfDictionary,
  type PdfDictionaryEntry,
  type PdfFile,
  type PdfReference,
  parsePdfDictionary,
  pdfObject,
  pdfReference,
  pdfStringBytes,
  pdfValue,
  salvagePdfInfo,
} from '@aigc-label/containers';
import type { Anomaly, ByteSource, Slot } from '@aigc-label/core';

const PDF_KEY = 'AIGC';
export const INFO_SITE = 'pdf/Info';

/** A label has a few hundred bytes, or some thousand with signatures. */
const MAXIMUM_STRING_BYTES = 64 << 10;

/** The document information dictionary as of one revision. */
export interface PdfInfo {
  /** `undefined` where it stands in the trailer itself. */
  readonly reference: PdfReference | undefined;
  readonly dictionary: PdfDictionary;
  /** Whether it stands in an object stream, where strings are not encrypted one by one (ISO 32000-1 §7.5.7). */
  readonly isPacked: boolean;
}

/** The trailer of a revision, counted from the newest (0). */
export const trailerOf = ({ revisions }: PdfFile, index: number): PdfDictionary => (revisions[index] as PdfFile['revisions'][number]).section.trailer;

/** The document information dictionary as of a revision. Throws as `pdfObject` does. */
export const infoOf = async (file: PdfFile, asOf: number): Promise<PdfInfo | undefined> => {
  const value = pdfValue(trailerOf(file, asOf), 'Info');
  const reference = pdfReference(value);
  if (reference === undefined) {
    const dictionary = value === undefined ? undefined : parsePdfDictionary(value, 0);
    return dictionary === undefined ? undefined : { reference, dictionary, isPacked: false };
  }
  const object = await pdfObject(file, reference, asOf);
  return object === undefined ? undefined : { reference, dictionary: object.dictionary, isPacked: object.at === undefined };
};

/** The labels in a document information dictionary. */
export const labelsOf = async (
  info: PdfInfo | undefined,
  site: string,
  cipher?: PdfCipher,
): Promise<{ readonly slots: readonly Slot[]; readonly anomalies: readonly Anomaly[] }> => {
  const slots: Slot[] = [];
  const anomalies: Anomaly[] = [];
  for (const [index, entry] of labelEntries(info?.dictionary).entries()) {
    const place = index === 0 ? `${site}/${PDF_KEY}` : `${site}/${PDF_KEY}[${index}]`;
    const text = info === undefined ? undefined : await textOf(info, entry, cipher);
    if (text === undefined) {
      anomalies.push({ code: 'undecodable', site: place, detail: 'the value is no text, or too long' });
    } else {
      slots.push({ key: PDF_KEY, site: place, isGuidePlace: text.isPlain && index === 0 && info?.reference !== undefined, value: text.value });
    }
  }
  return { slots, anomalies };
};

/** What a damaged PDF can still be heard to say; never in a place that counts. */
export const salvagePdfSlots = async (source: ByteSource): Promise<readonly Slot[]> => {
  const dictionary = await salvagePdfInfo(source);
  const info = dictionary === undefined ? undefined : { reference: undefined, dictionary, isPacked: true };
  return (await labelsOf(info, `${INFO_SITE}[salvaged]`)).slots;
};

/** The entries of a document information dictionary that hold a label. */
export const labelEntries = (dictionary: PdfDictionary | undefined): readonly PdfDictionaryEntry[] =>
  (dictionary?.entries ?? []).filter(({ key }) => key === PDF_KEY).slice(0, 100);

const textOf = async (
  { dictionary, reference, isPacked }: PdfInfo,
  { valueStart, valueEnd }: PdfDictionaryEntry,
  cipher: PdfCipher | undefined,
): Promise<{ readonly value: string; readonly isPlain: boolean } | undefined> => {
  const value = valueEnd - valueStart > MAXIMUM_STRING_BYTES ? undefined : dictionary.bytes.subarray(valueStart, valueEnd);
  if (value !== undefined && cipher !== undefined && reference !== undefined && !isPacked) {
    const encrypted = pdfStringBytes(value);
    const bytes = encrypted === undefined ? undefined : await cipher.strings.decrypt(reference, encrypted);
    const text = bytes === undefined ? undefined : decodePdfText(bytes);
    return text === undefined ? undefined : { value: text.text, isPlain: !text.hasMark && PRINTABLE.test(text.text) };
  }
  const decoded = value === undefined ? undefined : decodePdfString(value);
  if (decoded === undefined) {
    return undefined;
  }
  // spec/labels.md §5.1, row 27: JSON that was put between the parentheses as it is; unescaping it would spoil it.
  const isUnescaped = decoded.raw !== decoded.text && !isJson(decoded.text) && isJson(decoded.raw);
  return { value: isUnescaped ? decoded.raw : decoded.text, isPlain: decoded.isPlain && !isUnescaped && PRINTABLE.test(decoded.text) };
};

/** What is ever written (`SlotText`). */
const PRINTABLE = /^[\x20-\x7e]*$/;

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};
