export { unlockPdf } from './encryption/unlock-pdf.ts';
export { anomalyOf as pdfAnomaly, entryInRevision, freePdfNumber, openPdf, type PdfFile, type PdfRevision } from './open-pdf.ts';
export type { PdfCipher, PdfCodec } from './pdf-cipher.ts';
export { type PdfContent, pdfContent } from './pdf-content.ts';
export { type PdfEnd, pdfHeaderOffset } from './pdf-end.ts';
export { type PdfObject, pdfDictionaryOf, pdfIndirectValue, pdfObject, pdfStream } from './pdf-object.ts';
export type { PdfSource } from './pdf-source.ts';
export { decodePdfString, decodePdfText, encodePdfString, hexadecimalPdfString, type PdfText, pdfStringBytes } from './pdf-string.ts';
export {
  type PdfDictionary,
  type PdfDictionaryEntry,
  type PdfReference,
  parsePdfDictionary,
  pdfArray,
  pdfInteger,
  pdfName,
  pdfReference,
  pdfStrings,
  pdfValue,
} from './pdf-syntax.ts';
export { salvagePdfInfo } from './salvage-pdf.ts';
export { type PdfChange, pdfUpdate } from './update-pdf.ts';
export type { XrefEntry, XrefRange, XrefSection } from './xref-section.ts';
