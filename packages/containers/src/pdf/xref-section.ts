// ISO 32000-1 §7.5.4 and §7.5.8: one cross-reference section, a table or a stream. Of a table only the entries that are asked for are read.
import { damaged, LabelError, latin1 } from '@aigc-label/core';
import { decodePdfStream } from './flate.ts';
import type { PdfSource } from './pdf-source.ts';
import { type PdfDictionary, pdfArray, pdfInteger, pdfName, pdfValue, skipPdfSpace } from './pdf-syntax.ts';
import { readPdfDictionary } from './read-dictionary.ts';

/** Where an object stands. Offsets are as the file says them, counted from its header. */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

/** A row of objects that a section speaks of. */
export interface XrefRange {
  readonly first: number;
  readonly count: number;
}

/** One cross-reference section with its trailer. */
export interface XrefSection {
  readonly kind: 'table' | 'stream';
  /** Its offset, counted from the header. */
  readonly offset: number;
  readonly trailer: PdfDictionary;
  readonly ranges: readonly XrefRange[];
  /** What this section alone says of an object. */
  entry(number: number): Promise<XrefEntry | undefined>;
}

const SITE = 'pdf/xref';

/** Files saved a thousand times have a few thousand; more is a trap. */
const MAXIMUM_RANGES = 65_536;
/** Bytes of an entry of a table (§7.5.4). */
const ENTRY_BYTES = 20;
/** Files made by hand or by simple programs end each entry with one byte, some with three; all readers take them. */
const MAXIMUM_ENTRY_BYTES = 21;
const ENTRY = /^(\d{10}) (\d{5}) ([fn]) ?(?:\r\n|\n|\r)/;
/** A million objects take 2 to 4 MB compressed, and 5 to 8 MB decoded. */
const MAXIMUM_STREAM_BYTES = 4 << 20;
const MAXIMUM_DECODED_BYTES = 16 << 20;

/**
 * The section at `base + offset`.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE` (a filter that is not Flate).
 */
export const readXrefSection = async (source: PdfSource, base: number, offset: number): Promise<XrefSection> => {
  const window = await source.read(base + offset, 256);
  const start = skipPdfSpace(window, 0);
  const word = latin1(window.subarray(start, start + 40));
  if (/^xref[\0\t\n\f\r ]/.test(word)) {
    return readTable(source, base, offset, start + 4);
  }
  const header = /^\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj/.exec(word);
  if (header === null) {
    throw damaged(SITE, base + offset, 'no cross-reference table or stream stands where one is announced');
  }
  return readStream(source, base, offset, start + header[0].length);
};

const readTable = async (source: PdfSource, base: number, offset: number, skip: number): Promise<XrefSection> => {
  const rows: (XrefRange & { readonly at: number; readonly entryBytes: number })[] = [];
  let at = base + offset + skip;
  for (;;) {
    const window = await source.read(at, 64 + MAXIMUM_ENTRY_BYTES);
    const start = skipPdfSpace(window, 0);
    const text = latin1(window.subarray(start));
    if (text.startsWith('trailer')) {
      at += start + 'trailer'.length;
      break;
    }
    const found = /^(\d{1,10})[\t ]+(\d{1,10})[\0\t\f ]*(?:\r\n|\n|\r)/.exec(text);
    if (found === null || rows.length >= MAXIMUM_RANGES) {
      throw damaged(SITE, at, found === null ? 'the cross-reference table has no trailer' : 'the cross-reference table has too many sections');
    }
    const [first, count] = [Number(found[1]), Number(found[2])];
    at += start + found[0].length;
    const entryBytes = ENTRY.exec(text.slice(found[0].length))?.[0].length ?? ENTRY_BYTES;
    rows.push({ first, count, at, entryBytes });
    at += count * entryBytes;
  }
  const trailer = await readPdfDictionary(source, at, SITE);
  return {
    kind: 'table',
    offset,
    trailer,
    ranges: rows,
    async entry(number) {
      const row = rows.find(({ first, count }) => number >= first && number < first + count);
      return row === undefined
        ? undefined
        : entryOfTable(latin1(await source.read(row.at + (number - row.first) * row.entryBytes, row.entryBytes)), row);
    },
  };
};

const entryOfTable = (text: string, { at, entryBytes }: { readonly at: number; readonly entryBytes: number }): XrefEntry => {
  const found = ENTRY.exec(text);
  if (found?.[0].length !== entryBytes) {
    throw damaged(SITE, at, 'an entry of the cross-reference table is longer or shorter than the first');
  }
  return found[3] === 'f' ? { kind: 'free' } : { kind: 'offset', offset: Number(found[1]), generation: Number(found[2]) };
};

const readStream = async (source: PdfSource, base: number, offset: number, skip: number): Promise<XrefSection> => {
  const at = base + offset + skip;
  const trailer = await readPdfDictionary(source, at, SITE);
  const lengthBytes = pdfInteger(pdfValue(trailer, 'Length'));
  const start = await streamStart(source, trailer, at);
  if (pdfName(pdfValue(trailer, 'Type')) !== 'XRef' || lengthBytes === undefined || start === undefined || start + lengthBytes > source.size) {
    throw damaged(SITE, base + offset, 'the object that is announced as a cross-reference stream is none');
  }
  const ranges = rangesOf(trailer);
  const widths = pdfArray(pdfValue(trailer, 'W'), 8)?.map(pdfInteger);
  const [typeBytes = -1, secondBytes = -1, thirdBytes = -1] = (widths ?? []) as readonly number[];
  const rowBytes = typeBytes + secondBytes + thirdBytes;
  if (ranges === undefined || Math.min(typeBytes, secondBytes, thirdBytes) < 0 || Math.max(typeBytes, secondBytes, thirdBytes) > 8 || rowBytes < 1) {
    throw damaged(SITE, base + offset, 'the cross-reference stream does not say what its entries are');
  }
  if (lengthBytes > MAXIMUM_STREAM_BYTES) {
    throw tooLarge(base + offset, lengthBytes);
  }
  const decoded = await decodePdfStream(trailer, await source.read(start, lengthBytes), MAXIMUM_DECODED_BYTES);
  if (decoded === 'unsupported') {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The cross-reference stream of this PDF is packed in a way that is not known; save it anew with another program.',
      {
        data: { site: SITE, offset: base + offset },
      },
    );
  }
  if (typeof decoded === 'string') {
    throw decoded === 'limit' ? tooLarge(base + offset, lengthBytes) : damaged(SITE, base + offset, 'the cross-reference stream cannot be unpacked');
  }
  source.account(decoded.length);
  const field = (row: number, skipBytes: number, width: number): number => {
    let value = 0;
    for (let index = 0; index < width; index += 1) {
      value = value * 256 + (decoded[row * rowBytes + skipBytes + index] as number);
    }
    return value;
  };
  return {
    kind: 'stream',
    offset,
    trailer,
    ranges,
    async entry(number) {
      let before = 0;
      for (const { first, count } of ranges) {
        if (number >= first && number < first + count) {
          const row = before + number - first;
          if ((row + 1) * rowBytes > decoded.length) {
            throw damaged(SITE, base + offset, 'the cross-reference stream is shorter than it says');
          }
          const type = typeBytes === 0 ? 1 : field(row, 0, typeBytes);
          const [second, third] = [field(row, typeBytes, secondBytes), field(row, typeBytes + secondBytes, thirdBytes)];
          // §7.5.8.3: an unknown type is a reference to the null object.
          return type === 1
            ? { kind: 'offset', offset: second, generation: third }
            : type === 2
              ? { kind: 'compressed', stream: second, index: third }
              : { kind: 'free' };
        }
        before += count;
      }
      return undefined;
    },
  };
};

const tooLarge = (offset: number, lengthBytes: number): LabelError =>
  new LabelError(
    'LIMIT_EXCEEDED',
    `The cross-reference stream of this PDF at byte ${offset} is too large to be read; save it anew with another program.`,
    {
      data: { site: SITE, offset, lengthBytes, limitBytes: MAXIMUM_DECODED_BYTES },
    },
  );

const rangesOf = (trailer: PdfDictionary): readonly XrefRange[] | undefined => {
  const index = pdfValue(trailer, 'Index');
  const size = pdfInteger(pdfValue(trailer, 'Size'));
  const numbers = index === undefined ? [0, size] : pdfArray(index, 2 * MAXIMUM_RANGES)?.map(pdfInteger);
  if (numbers === undefined || numbers.length % 2 === 1 || numbers.some((number) => number === undefined)) {
    return undefined;
  }
  return Array.from({ length: numbers.length / 2 }, (_, row) => ({ first: numbers[2 * row] as number, count: numbers[2 * row + 1] as number }));
};

/** Where the bytes of a stream begin whose dictionary was read at `at` (§7.3.8.1). */
export const streamStart = async (source: PdfSource, dictionary: PdfDictionary, at: number): Promise<number | undefined> => {
  const behind = at + dictionary.end;
  const found = /^[\0\t\n\f\r ]*stream(?:\r\n|\n|\r)/.exec(latin1(await source.read(behind, 64)));
  return found === null ? undefined : behind + found[0].length;
};
