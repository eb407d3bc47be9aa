// ISO 32000-1 §7.5: the chain of cross-reference sections of a PDF, newest first.
import { type Anomaly, type ByteSource, damaged, LabelError } from '@aigc-label/core';
import type { PdfCipher } from './pdf-cipher.ts';
import { findPdfEnd, type PdfEnd, pdfHeaderOffset } from './pdf-end.ts';
import { type PdfSource, pdfSource } from './pdf-source.ts';
import { pdfInteger, pdfValue } from './pdf-syntax.ts';
import { readXrefSection, type XrefEntry, type XrefSection } from './xref-section.ts';

/** Files saved hundreds of times have hundreds of revisions; more is a trap. */
const MAXIMUM_SECTIONS = 1024;

/** One link of the chain: a section and, in a hybrid file, the stream beside its table (§7.5.8.4). */
export interface PdfRevision {
  readonly section: XrefSection;
  readonly hybrid?: XrefSection;
}

/** A PDF whose newest cross-reference section could be read. */
export interface PdfFile {
  readonly source: PdfSource;
  /** What offsets are counted from: the header, or 0 where the file counts from its first byte. */
  readonly base: number;
  readonly end: PdfEnd;
  /** Newest first; at least one. */
  readonly revisions: readonly PdfRevision[];
  /** Why the chain could not be followed to its end; nothing is written then. */
  readonly anomalies: readonly Anomaly[];
  /** Set by `unlockPdf` where the file is encrypted. */
  readonly cipher?: PdfCipher;
  /** Object streams that were unpacked. */
  readonly unpacked: Map<number, Uint8Array>;
}

const SITE = 'pdf/xref';

/**
 * Follows the chain of cross-reference sections; what breaks it behind the newest one is an anomaly.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE` where not even the newest section can be read.
 */
export const openPdf = async (source: ByteSource): Promise<PdfFile> => {
  const view = pdfSource(source);
  const header = pdfHeaderOffset(await view.read(0, 1100));
  const end = await findPdfEnd(view);
  if (header === undefined || end === undefined) {
    throw damaged('pdf', header === undefined ? 0 : view.size, header === undefined ? 'there is no header' : 'there is no "startxref" at its end');
  }
  const { base, first } = await newestSection(view, header, end);
  const revisions: PdfRevision[] = [];
  const anomalies: Anomaly[] = [];
  const seen = new Set<number>();
  let section: XrefSection | undefined = first;
  try {
    while (section !== undefined) {
      seen.add(section.offset);
      revisions.push(await withHybrid(view, base, section));
      const previous: number | undefined = previousOf(section);
      if (previous !== undefined && (seen.has(previous) || revisions.length >= MAXIMUM_SECTIONS)) {
        const detail = seen.has(previous) ? 'the chain of cross-reference sections is a loop' : 'there are too many cross-reference sections';
        anomalies.push({ code: seen.has(previous) ? 'damaged' : 'limit', site: SITE, offset: base + previous, detail });
        break;
      }
      section = previous === undefined ? undefined : await readXrefSection(view, base, previous);
    }
  } catch (error) {
    anomalies.push(anomalyOf(error, SITE));
  }
  return { source: view, base, end, revisions: revisions.length === 0 ? [{ section: first }] : revisions, anomalies, unpacked: new Map() };
};

/** Some files with bytes before the header count from the header (ISO 32000-1 annex H, note 13), some from the first byte. */
const newestSection = async (source: PdfSource, header: number, end: PdfEnd): Promise<{ readonly base: number; readonly first: XrefSection }> => {
  try {
    return { base: header, first: await readXrefSection(source, header, end.startxref) };
  } catch (error) {
    if (header === 0) {
      throw error;
    }
    return { base: 0, first: await readXrefSection(source, 0, end.startxref) };
  }
};

const previousOf = ({ trailer, offset }: XrefSection): number | undefined => {
  const value = pdfValue(trailer, 'Prev');
  const previous = pdfInteger(value);
  if (value !== undefined && previous === undefined) {
    throw damaged(SITE, offset, '/Prev of a trailer is no offset');
  }
  return previous;
};

const withHybrid = async (source: PdfSource, base: number, section: XrefSection): Promise<PdfRevision> => {
  const value = section.kind === 'table' ? pdfValue(section.trailer, 'XRefStm') : undefined;
  const at = pdfInteger(value);
  if (value !== undefined && at === undefined) {
    throw damaged(SITE, section.offset, '/XRefStm of a trailer is no offset');
  }
  return at === undefined ? { section } : { section, hybrid: await readXrefSection(source, base, at) };
};

/** A `LabelError` of hostile bytes as an anomaly; anything else is thrown again. */
export const anomalyOf = (error: unknown, site: string): Anomaly => {
  if (!(error instanceof LabelError) || !['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'].includes(error.code)) {
    throw error;
  }
  const { offset, what } = error.data;
  return {
    code: error.code === 'LIMIT_EXCEEDED' ? 'limit' : 'damaged',
    site: typeof error.data['site'] === 'string' ? error.data['site'] : site,
    ...(typeof offset === 'number' ? { offset } : {}),
    detail: typeof what === 'string' ? what : error.message,
  };
};

/** What one revision alone says of an object. */
export const entryInRevision = async ({ section, hybrid }: PdfRevision, number: number): Promise<XrefEntry | undefined> => {
  const entry = await section.entry(number);
  // §7.5.8.4: objects that old readers must not see are free in the table, and stand in the stream.
  return hybrid !== undefined && entry?.kind !== 'offset' ? ((await hybrid.entry(number)) ?? entry) : entry;
};

/** Where an object stands as of a revision, counted from the newest (0). */
export const entryOf = async ({ revisions }: PdfFile, number: number, asOf: number = 0): Promise<XrefEntry | undefined> => {
  for (const revision of revisions.slice(asOf)) {
    const entry = await entryInRevision(revision, number);
    if (entry !== undefined) {
      return entry;
    }
  }
  return undefined;
};

/** The lowest number that no object of the file has. */
export const freePdfNumber = ({ revisions }: PdfFile): number =>
  revisions.reduce((highest, { section, hybrid }) => {
    const ranges = [...section.ranges, ...(hybrid?.ranges ?? [])];
    const size = pdfInteger(pdfValue(section.trailer, 'Size')) ?? 0;
    return ranges.reduce((most, { first, count }) => Math.max(most, count === 0 ? 0 : first + count), Math.max(highest, size));
  }, 1);
