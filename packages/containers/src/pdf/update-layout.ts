// How the bytes of an incremental update follow each other: objects, cross-reference section, trailer, `startxref`, `%%EOF`, with white space between and nothing else but the two comments by which
// exiftool knows its own updates.
import { latin1 } from '@aigc-label/core';
import type { PdfFile } from './open-pdf.ts';
import { isPdfSpace, type PdfReference, pdfInteger, pdfValue, skipPdfSpace } from './pdf-syntax.ts';
import { readPdfDictionary } from './read-dictionary.ts';
import { streamStart } from './xref-section.ts';

/** An object of an update. */
export interface UpdatedObject {
  readonly reference: PdfReference;
  readonly isStream: boolean;
  /** Whether it is the cross-reference stream of the update. */
  readonly isXref: boolean;
}

/** An update whose every byte was looked at. */
export interface UpdateLayout {
  readonly start: number;
  readonly objects: readonly UpdatedObject[];
}

interface Placed {
  readonly end: number;
  readonly isStream: boolean;
}

/** Objects of an update of metadata: object 0, the dictionary, the metadata, the catalog, the cross-reference stream. */
const MOST_OBJECTS = 8;
const BEGIN = '%BeginExifToolUpdate\n';
const SPACE = '[\\0\\t\\n\\f\\r ]';
const SITE = 'pdf/update';
const END = new RegExp(`^${SPACE}*(?:%EndExifToolUpdate \\d{1,15}\\n)?startxref${SPACE}+(\\d{1,15})${SPACE}+%%EOF`);

/** The layout of revision `index`, provided that it fills a stretch that ends at `end`; else `undefined`. */
export const updateLayout = async (file: PdfFile, index: number, end: number): Promise<UpdateLayout | undefined> => {
  const { source, base, revisions } = file;
  const { section, hybrid } = revisions[index] as PdfFile['revisions'][number];
  const numbers = section.ranges.flatMap(({ first, count }) => Array.from({ length: Math.min(count, MOST_OBJECTS + 1) }, (_, row) => first + row));
  const rows: { readonly reference: PdfReference; readonly at: number }[] = [];
  for (const number of numbers.length > MOST_OBJECTS ? [] : numbers) {
    const entry = await section.entry(number);
    if (entry?.kind === 'offset') {
      rows.push({ reference: { number, generation: entry.generation }, at: base + entry.offset });
    } else if (number !== 0 || entry?.kind !== 'free') {
      return undefined;
    }
  }
  rows.sort((a, b) => a.at - b.at);
  const first = rows[0]?.at;
  if (first === undefined || hybrid !== undefined || new Set(numbers).size !== numbers.length || pdfValue(section.trailer, 'Prev') === undefined) {
    return undefined;
  }
  const objects: UpdatedObject[] = [];
  let at: number | undefined = first;
  for (const row of rows) {
    const isXref = section.kind === 'stream' && row.at === base + section.offset;
    const object: Placed | undefined = at === undefined ? undefined : await objectAt(file, at, row);
    if (object === undefined || (isXref && row !== rows.at(-1))) {
      return undefined;
    }
    objects.push({ reference: row.reference, isStream: object.isStream, isXref });
    at = object.end;
  }
  at = section.kind === 'table' ? await tableEnd(file, at, base + section.offset) : at;
  const found = at === undefined ? null : END.exec(latin1(await source.read(at, 256)));
  if (at === undefined || found === null || Number(found[1]) !== section.offset || !(await isSpace(file, at + found[0].length, end))) {
    return undefined;
  }
  const isExiftool = latin1(await source.read(first - BEGIN.length, BEGIN.length)) === BEGIN;
  return { start: isExiftool ? first - BEGIN.length : first, objects };
};

/** Whether white space is all that stands between two offsets. NULs are none here: they do not belong to the end of a file (`PdfEnd.end`). */
const isSpace = async ({ source }: PdfFile, start: number, end: number): Promise<boolean> =>
  end >= start && end - start <= 1024 && (await source.read(start, end - start)).every((byte) => byte !== 0 && isPdfSpace(byte));

/** The object behind white space at `from`, if it is this one and begins where the table says. */
const objectAt = async (
  { source }: PdfFile,
  from: number,
  { reference: { number, generation }, at }: { readonly reference: PdfReference; readonly at: number },
): Promise<Placed | undefined> => {
  const header = new RegExp(`^${number} ${generation} obj${SPACE}*(?=<<)`).exec(latin1(await source.read(at, 64)));
  const gap = at < from || at - from > 64 ? undefined : await source.read(from, at - from);
  if (header === null || gap === undefined || !gap.every((byte) => isPdfSpace(byte))) {
    return undefined;
  }
  const dictionaryAt = at + header[0].length;
  const dictionary = await readPdfDictionary(source, dictionaryAt, SITE);
  const dataStart = await streamStart(source, dictionary, dictionaryAt);
  const lengthBytes = pdfInteger(pdfValue(dictionary, 'Length'));
  if (dataStart !== undefined && lengthBytes === undefined) {
    return undefined;
  }
  const behind = dataStart === undefined ? dictionaryAt + dictionary.end : dataStart + (lengthBytes ?? 0);
  const closing = new RegExp(`^${dataStart === undefined ? '' : `${SPACE}{0,3}endstream`}${SPACE}*endobj`).exec(
    latin1(await source.read(behind, 64)),
  );
  return closing === null ? undefined : { end: behind + closing[0].length, isStream: dataStart !== undefined };
};

/** Behind the trailer of a table that stands behind white space at `from`. */
const tableEnd = async ({ source }: PdfFile, from: number | undefined, at: number): Promise<number | undefined> => {
  const bytes = await source.read(at, 512);
  const table = new RegExp(`^xref${SPACE}[\\dnf\\0\\t\\n\\f\\r ]+trailer${SPACE}*(?=<<)`).exec(latin1(bytes));
  const gap = from === undefined || at < from || at - from > 64 ? undefined : await source.read(from, at - from);
  if (table === null || gap === undefined || skipPdfSpace(gap, 0) !== gap.length || gap.includes(0x25)) {
    return undefined;
  }
  const trailerAt = at + table[0].length;
  return trailerAt + (await readPdfDictionary(source, trailerAt, SITE)).end;
};
