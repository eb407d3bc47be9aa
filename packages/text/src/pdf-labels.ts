// Where a label can stand in a PDF: the document information dictionary (TC260-PG-20258A §6.3), the XMP of the catalog, and earlier revisions of both the file and its label.
import {
  decodePdfString,
  decodePdfText,
  entryInRevision,
  openPdf,
  type PdfCipher,
  type PdfDictionary,
  type PdfDictionaryEntry,
  type PdfFile,
  type PdfObject,
  type PdfReference,
  parsePdfDictionary,
  pdfAnomaly,
  pdfArray,
  pdfDictionaryOf,
  pdfInteger,
  pdfObject,
  pdfReference,
  pdfStream,
  pdfStringBytes,
  pdfValue,
  salvagePdfInfo,
  unlockPdf,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, LabelError, type Slot, TC260_XMP } from '@aigc-label/core';

export const PDF_KEY = 'AIGC';
export const PDF_XMP_SITE = 'pdf/Metadata';
const INFO_SITE = 'pdf/Info';

/** Revisions with another document information dictionary that are looked into. */
const MAXIMUM_EARLIER = 64;
/** A label has a few hundred bytes, or some thousand with signatures. */
const MAXIMUM_STRING_BYTES = 64 << 10;
/** A signature refers to one or two transforms. */
const MAXIMUM_SIGNATURE_REFERENCES = 64;

/** The document information dictionary as of one revision. */
export interface PdfInfo {
  /** `undefined` where it stands in the trailer itself. */
  readonly reference: PdfReference | undefined;
  readonly dictionary: PdfDictionary;
  /** Whether it stands in an object stream, where strings are not encrypted one by one (ISO 32000-1 §7.5.7). */
  readonly isPacked: boolean;
}

/** What a PDF says, and what an edit needs to know. */
export interface PdfLabels {
  readonly file: PdfFile;
  readonly info: PdfInfo | undefined;
  readonly catalog: PdfObject | undefined;
  readonly metadata: { readonly object: PdfObject; readonly packet: Uint8Array } | undefined;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
  /** Why no edit can be proved safe, where that is so. */
  readonly obstacle: LabelError | undefined;
}

/**
 * Reads the labels of a PDF whose newest cross-reference section can be read.
 * @throws LabelError as `openPdf` does, and `FORMAT_UNSUPPORTED_FEATURE` where the PDF is encrypted with a password.
 */
export const readPdfLabels = async (source: ByteSource): Promise<PdfLabels> => {
  const file = await unlockPdf(await openPdf(source));
  const anomalies: Anomaly[] = [...file.anomalies];
  let obstacle: LabelError | undefined;
  const tried = async <Value>(site: string, promise: Promise<Value>): Promise<Value | undefined> => {
    try {
      return await promise;
    } catch (error) {
      anomalies.push(pdfAnomaly(error, site));
      obstacle ??= error instanceof LabelError ? error : undefined;
      return undefined;
    }
  };
  const info = await tried(INFO_SITE, infoOf(file, 0));
  const catalog = await tried('pdf/Root', catalogOf(file));
  const metadata = catalog === undefined ? undefined : await tried(PDF_XMP_SITE, metadataOf(file, catalog));
  const present = await labelsOf(info, INFO_SITE, file.cipher);
  const xmp =
    metadata === undefined
      ? undefined
      : xmpSlots(metadata.packet, TC260_XMP, { site: PDF_XMP_SITE, isPlace: false, offset: metadata.object.at ?? 0 });
  const earlier = await tried(INFO_SITE, shadowedLabel(file, present.slots[0]?.value, metadata?.object.reference.number));
  const slots = [...present.slots, ...(xmp?.slots ?? [])];
  if (slots.length === 0 && (obstacle !== undefined || file.anomalies.length > 0)) {
    slots.push(...(await salvagePdfSlots(source)));
  }
  anomalies.push(...present.anomalies, ...(xmp?.anomalies ?? []));
  if (earlier !== undefined) {
    anomalies.push(earlier.anomaly);
    if (slots.length === 0) {
      slots.push(earlier.slot);
    }
  }
  return { file, info, catalog, metadata, slots, anomalies: [...anomalies, ...endOf(file)], obstacle };
};

const trailerOf = ({ revisions }: PdfFile, index: number): PdfDictionary => (revisions[index] as PdfFile['revisions'][number]).section.trailer;

const infoOf = async (file: PdfFile, asOf: number): Promise<PdfInfo | undefined> => {
  const value = pdfValue(trailerOf(file, asOf), 'Info');
  const reference = pdfReference(value);
  if (reference === undefined) {
    const dictionary = value === undefined ? undefined : parsePdfDictionary(value, 0);
    return dictionary === undefined ? undefined : { reference, dictionary, isPacked: false };
  }
  const object = await pdfObject(file, reference, asOf);
  return object === undefined ? undefined : { reference, dictionary: object.dictionary, isPacked: object.at === undefined };
};

const catalogOf = async (file: PdfFile): Promise<PdfObject | undefined> => {
  const reference = pdfReference(pdfValue(trailerOf(file, 0), 'Root'));
  return reference === undefined ? undefined : pdfObject(file, reference);
};

const metadataOf = async (file: PdfFile, { dictionary }: PdfObject): Promise<PdfLabels['metadata']> => {
  const reference = pdfReference(pdfValue(dictionary, 'Metadata'));
  const object = reference === undefined ? undefined : await pdfObject(file, reference);
  return object === undefined ? undefined : { object, packet: await pdfStream(file, object, XMP_LIMIT_BYTES) };
};

const labelsOf = async (
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

/**
 * The newest label of an earlier revision that an update of something else has taken away or changed. What an update of nothing but the label has replaced is
 * history, and no finding (docs/decisions/0018).
 */
const shadowedLabel = async (
  file: PdfFile,
  newest: string | undefined,
  metadata: number | undefined,
): Promise<{ anomaly: Anomaly; slot: Slot } | undefined> => {
  let later: { readonly value: string | undefined; readonly isLabelUpdate: boolean } = {
    value: newest,
    isLabelUpdate: await isLabelUpdate(file, 0, metadata),
  };
  let looked = 0;
  for (let index = 1; index < file.revisions.length && looked < MAXIMUM_EARLIER; index += 1) {
    if (await speaksOfInfo(file, index)) {
      looked += 1;
      const [slot] = (await labelsOf(await infoOf(file, index), `${INFO_SITE}[earlier]`, file.cipher)).slots;
      if (slot !== undefined && slot.value !== later.value && !(later.isLabelUpdate && later.value !== undefined)) {
        const detail =
          later.value === undefined ? 'an update of the file has taken a label away' : 'an update of the file has put one label in place of another';
        return { anomaly: { code: 'duplicate_structure', site: slot.site, detail }, slot: { ...slot, isGuidePlace: false } };
      }
      later = { value: slot?.value, isLabelUpdate: await isLabelUpdate(file, index, metadata) };
    }
  }
  return undefined;
};

const speaksOfInfo = async (file: PdfFile, index: number): Promise<boolean> => {
  const number = pdfReference(pdfValue(trailerOf(file, index), 'Info'))?.number;
  const before = pdfReference(pdfValue(trailerOf(file, index - 1), 'Info'))?.number;
  const own = number === undefined ? undefined : await entryInRevision(file.revisions[index] as PdfFile['revisions'][number], number);
  return number !== before || own !== undefined;
};

/** Objects of an update of nothing but the label: object 0, the dictionary, the metadata, the cross-reference stream. */
const MOST_LABEL_OBJECTS = 4;

/** Whether a revision touches nothing but the document information dictionary, the metadata of the catalog, and its own cross-reference stream. */
export const isLabelUpdate = async ({ revisions }: PdfFile, index: number, metadata: number | undefined): Promise<boolean> => {
  const { section, hybrid } = revisions[index] as PdfFile['revisions'][number];
  const count = section.ranges.reduce((total, range) => total + range.count, 0);
  if (hybrid !== undefined || pdfValue(section.trailer, 'Prev') === undefined || count > MOST_LABEL_OBJECTS) {
    return false;
  }
  const allowed = [0, pdfReference(pdfValue(section.trailer, 'Info'))?.number, metadata];
  for (const number of section.ranges.flatMap((range) => Array.from({ length: range.count }, (_, row) => range.first + row))) {
    const entry = await section.entry(number);
    const isItself = section.kind === 'stream' && entry?.kind === 'offset' && entry.offset === section.offset;
    if (!isItself && !allowed.includes(number)) {
      return false;
    }
  }
  return true;
};

const endOf = ({ end }: PdfFile): readonly Anomaly[] => [
  ...(end.isComplete ? [] : [{ code: 'truncated' as const, site: 'pdf', offset: end.at, detail: 'the file does not end with %%EOF' }]),
  ...(end.trailingBytes === 0
    ? []
    : [{ code: 'trailing_data' as const, site: 'pdf', offset: end.end, detail: `${end.trailingBytes} bytes follow the last %%EOF` }]),
];

/** Whether the author's signature forbids every change (ISO 32000-1 §12.8.2.2, DocMDP with P = 1). */
export const forbidsChanges = async (file: PdfFile, catalog: PdfObject): Promise<boolean> => {
  const permissions = await pdfDictionaryOf(file, pdfValue(catalog.dictionary, 'Perms'));
  const signature = permissions === undefined ? undefined : await pdfDictionaryOf(file, pdfValue(permissions, 'DocMDP'));
  const references = signature === undefined ? undefined : pdfValue(signature, 'Reference');
  for (const value of pdfArray(references, MAXIMUM_SIGNATURE_REFERENCES) ?? []) {
    const reference = await pdfDictionaryOf(file, value);
    const parameters = reference === undefined ? undefined : await pdfDictionaryOf(file, pdfValue(reference, 'TransformParams'));
    if (parameters !== undefined && pdfInteger(pdfValue(parameters, 'P')) === 1) {
      return true;
    }
  }
  return false;
};
