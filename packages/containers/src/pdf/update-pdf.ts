// ISO 32000-1 §7.5.6: an incremental update. Objects, a cross-reference section of the kind that the file has, a trailer; nothing before it changes.
import { ascii, concat, LabelError } from '@aigc-label/core';
import { freePdfNumber, type PdfFile } from './open-pdf.ts';
import { type PdfReference, pdfArray, pdfValue } from './pdf-syntax.ts';

/** An object as it is to stand from now on. */
export interface PdfChange {
  readonly reference: PdfReference;
  /** Everything between `obj` and `endobj`. */
  readonly body: Uint8Array;
}

/** Offsets of a table have ten digits (§7.5.4). */
const MAXIMUM_TABLE_OFFSET = 9_999_999_999;

/** Readers need not know higher numbers (ISO 32000-1 annex C). */
const MAXIMUM_OBJECT_NUMBER = 8_388_607;

/** Keys that belong to one section, not to the file (§7.5.5 table 15, §7.5.8.2 table 17), and those that are written anew. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'Size',
  'Prev',
  'XRefStm',
  'Info',
  'ID',
  'Type',
  'Index',
  'W',
  'Length',
  'Filter',
  'DecodeParms',
  'F',
  'FFilter',
  'FDecodeParms',
  'DL',
]);

/**
 * The bytes to put at `file.end.end`. The same file and changes give the same bytes.
 *
 * @param info what the trailer shall call the document information dictionary; `undefined` where the file has none.
 * @throws LabelError `LIMIT_EXCEEDED` where a table cannot say the offset, or there are too many objects.
 */
export const pdfUpdate = async (file: PdfFile, changes: readonly PdfChange[], info: PdfReference | undefined): Promise<Uint8Array> => {
  const { section } = file.revisions[0] as PdfFile['revisions'][number];
  const [last] = await file.source.read(file.end.end - 1, 1);
  const parts: Uint8Array[] = last === 0x0a || last === 0x0d ? [] : [ascii('\n')];
  const placed: { readonly reference: PdfReference; readonly offset: number }[] = [];
  let offset = file.end.end - file.base + (parts[0]?.length ?? 0);
  const push = (part: Uint8Array): void => {
    parts.push(part);
    offset += part.length;
  };
  for (const { reference, body } of changes.toSorted((a, b) => a.reference.number - b.reference.number)) {
    placed.push({ reference, offset });
    push(concat(ascii(`${reference.number} ${reference.generation} obj\n`), body, ascii('\nendobj\n')));
  }
  const xrefAt = offset;
  const used = Math.max(freePdfNumber(file), ...changes.map(({ reference }) => reference.number + 1));
  if (used > MAXIMUM_OBJECT_NUMBER) {
    throw new LabelError('LIMIT_EXCEEDED', `This PDF counts ${used} objects, more than readers know; save it anew with another program.`, {
      data: { site: 'pdf/xref', limit: MAXIMUM_OBJECT_NUMBER },
    });
  }
  const kept = [
    ...section.trailer.entries.filter(({ key }) => !OWN_KEYS.has(key)).map(({ start, valueEnd }) => section.trailer.bytes.subarray(start, valueEnd)),
    ...(await identifierOf(pdfValue(section.trailer, 'ID'), changes)),
    ...(info === undefined ? [] : [ascii(`/Info ${info.number} ${info.generation} R`)]),
    ascii(`/Prev ${file.end.startxref}`),
  ];
  if (section.kind === 'table') {
    if (xrefAt > MAXIMUM_TABLE_OFFSET) {
      throw new LabelError(
        'LIMIT_EXCEEDED',
        'This PDF is too large for its kind of cross-reference table; save it as PDF 1.5 or later with cross-reference streams.',
        {
          data: { site: 'pdf/xref', offset: xrefAt, limit: MAXIMUM_TABLE_OFFSET },
        },
      );
    }
    const rows = placed.map(({ reference, offset: at }) => `${reference.number} 1\n${digits(at, 10)} ${digits(reference.generation, 5)} n \n`);
    push(ascii(`xref\n${rows.join('')}trailer\n`));
    push(dictionary([ascii(`/Size ${used}`), ...kept]));
  } else {
    const rows = [...placed, { reference: { number: used, generation: 0 }, offset: xrefAt }];
    const width = Math.max(1, Math.ceil(Math.log2(xrefAt + 1) / 8));
    const data = concat(
      ...rows.map(({ reference, offset: at }) => concat(Uint8Array.of(1), bigEndian(at, width), bigEndian(reference.generation, 2))),
    );
    const index = rows.map(({ reference }) => `${reference.number} 1`).join(' ');
    push(ascii(`${used} 0 obj\n`));
    push(dictionary([ascii(`/Type/XRef/Size ${used + 1}/W[1 ${width} 2]/Index[${index}]/Length ${data.length}`), ...kept]));
    push(concat(ascii('stream\n'), data, ascii('\nendstream\nendobj\n')));
  }
  push(ascii(`startxref\n${xrefAt}\n%%EOF\n`));
  return concat(...parts);
};

const dictionary = (entries: readonly Uint8Array[]): Uint8Array =>
  concat(ascii('<<'), ...entries.flatMap((entry) => [entry, ascii('\n')]), ascii('>>\n'));

const digits = (value: number, count: number): string => String(value).padStart(count, '0');

const bigEndian = (value: number, width: number): Uint8Array => {
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let index = width - 1; index >= 0; index -= 1) {
    bytes[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
};

/** §14.4: the first identifier stays, the second changes with the content. A digest instead of a time, so that the same label gives the same bytes. */
const identifierOf = async (present: Uint8Array | undefined, changes: readonly PdfChange[]): Promise<readonly Uint8Array[]> => {
  const parts = pdfArray(present, 3);
  if (present === undefined || parts?.length !== 2) {
    return present === undefined ? [] : [concat(ascii('/ID '), present)];
  }
  const [first, second] = parts as [Uint8Array, Uint8Array];
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', concat(second, ...changes.map(({ body }) => body)).slice()));
  const text = [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [concat(ascii('/ID['), first, ascii(`<${text}>]`))];
};
