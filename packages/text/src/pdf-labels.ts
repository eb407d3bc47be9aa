// Where a label can stand in a PDF: the document information dictionary (TC260-PG-20258A §6.3), the XMP of the catalog, and earlier revisions of both the file and its label.
import {
  openPdf,
  type PdfFile,
  type PdfObject,
  pdfAnomaly,
  pdfArray,
  pdfDictionaryOf,
  pdfInteger,
  pdfObject,
  pdfReference,
  pdfStream,
  pdfValue,
  unlockPdf,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, LabelError, type Slot, TC260_XMP } from '@aigc-label/core';
import { shadowedLabel } from './pdf-history.ts';
import { INFO_SITE, infoOf, labelsOf, type PdfInfo, salvagePdfSlots, trailerOf } from './pdf-info.ts';

export const PDF_XMP_SITE = 'pdf/Metadata';

/** A signature refers to one or two transforms. */
const MAXIMUM_SIGNATURE_REFERENCES = 64;

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
  const tried = async <Value>(site: string, promise: Promise<Value>, isNeeded = true): Promise<Value | undefined> => {
    try {
      return await promise;
    } catch (error) {
      anomalies.push(pdfAnomaly(error, site));
      obstacle ??= error instanceof LabelError && isNeeded ? error : undefined;
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
  const earlier = await tried(INFO_SITE, shadowedLabel(file, present.slots[0]?.value, metadata?.object.reference.number), false);
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

const catalogOf = async (file: PdfFile): Promise<PdfObject | undefined> => {
  const reference = pdfReference(pdfValue(trailerOf(file, 0), 'Root'));
  return reference === undefined ? undefined : pdfObject(file, reference);
};

const metadataOf = async (file: PdfFile, { dictionary }: PdfObject): Promise<PdfLabels['metadata']> => {
  const reference = pdfReference(pdfValue(dictionary, 'Metadata'));
  const object = reference === undefined ? undefined : await pdfObject(file, reference);
  return object === undefined ? undefined : { object, packet: await pdfStream(file, object, XMP_LIMIT_BYTES) };
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
