// ISO 32000-1 §7.3.10 and §7.5.7: indirect objects, in the open or in an object stream.
import { damaged, LabelError, latin1 } from '@aigc-label/core';
import { decodePdfStream } from './flate.ts';
import { entryOf, type PdfFile } from './open-pdf.ts';
import {
  type PdfDictionary,
  type PdfReference,
  parsePdfDictionary,
  pdfInteger,
  pdfName,
  pdfReference,
  pdfValue,
  pdfValueEnd,
  skipPdfSpace,
} from './pdf-syntax.ts';
import { readPdfDictionary } from './read-dictionary.ts';
import { streamStart } from './xref-section.ts';

/** An object that is a dictionary, or a stream. */
export interface PdfObject {
  readonly reference: PdfReference;
  readonly dictionary: PdfDictionary;
  /** Where its dictionary's bytes begin in the file; `undefined` in an object stream. */
  readonly at?: number;
}

/** Object streams hold some hundred small objects; the largest seen have 100 KB. */
const MAXIMUM_PACKED_BYTES = 1 << 20;
const MAXIMUM_UNPACKED_BYTES = 4 << 20;
/** The numbers and offsets at the start of an object stream; some five thousand objects. */
const MAXIMUM_DIRECTORY_BYTES = 64 << 10;
/** Object streams that are unpacked of one file: one a revision, for the dictionary that each may have rewritten. */
const MAXIMUM_UNPACKED_STREAMS = 128;

/**
 * The dictionary that a reference means as of a revision; `undefined` where it means nothing (§7.3.10: the null object).
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE`.
 */
export const pdfObject = async (file: PdfFile, reference: PdfReference, asOf: number = 0): Promise<PdfObject | undefined> => {
  const entry = await entryOf(file, reference.number, asOf);
  if (entry === undefined || entry.kind === 'free') {
    return undefined;
  }
  const site = `pdf/object[${reference.number}]`;
  // §7.5.8.3: an object in an object stream has generation 0.
  if ((entry.kind === 'compressed' ? 0 : entry.generation) !== reference.generation) {
    throw damaged(site, 0, 'the cross-reference table knows another generation of the object');
  }
  if (entry.kind === 'compressed') {
    const bytes = await packedObject(file, entry.stream, reference.number, asOf);
    const dictionary = parsePdfDictionary(bytes, skipPdfSpace(bytes, 0));
    if (dictionary === undefined) {
      throw damaged(site, 0, 'an object of an object stream is no dictionary');
    }
    return { reference, dictionary };
  }
  const at = await behindHeader(file, entry.offset, reference);
  return { reference, dictionary: await readPdfDictionary(file.source, at, site), at };
};

/** Arrays of the references to pages have some 100 KB. */
const FIRST_VALUE_BYTES = 4096;
const MAXIMUM_VALUE_BYTES = 1 << 20;

/**
 * A value as it stands: an indirect one is fetched, whatever it is; `undefined` where it means nothing.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE`.
 */
export const pdfIndirectValue = async (file: PdfFile, value: Uint8Array | undefined): Promise<Uint8Array | undefined> => {
  const reference = pdfReference(value);
  if (reference === undefined) {
    return value;
  }
  const entry = await entryOf(file, reference.number);
  if (entry === undefined || entry.kind === 'free') {
    return undefined;
  }
  if (entry.kind === 'compressed') {
    const bytes = await packedObject(file, entry.stream, reference.number, 0);
    return bytes.subarray(0, pdfValueEnd(bytes, 0) ?? 0);
  }
  const at = await behindHeader(file, entry.offset, reference);
  for (let length = FIRST_VALUE_BYTES; ; length *= 4) {
    const bytes = await file.source.read(at, length);
    const start = skipPdfSpace(bytes, 0);
    const end = pdfValueEnd(bytes, start);
    // A number that ends with the window may go on behind it.
    if (end !== undefined && (end < bytes.length || bytes.length < length)) {
      return bytes.subarray(start, end);
    }
    if (bytes.length < length || length >= MAXIMUM_VALUE_BYTES) {
      throw damaged(`pdf/object[${reference.number}]`, at, 'a value is announced and there is none, or it does not end');
    }
  }
};

/** The dictionary that a value is, or refers to. */
export const pdfDictionaryOf = async (file: PdfFile, value: Uint8Array | undefined): Promise<PdfDictionary | undefined> => {
  const reference = pdfReference(value);
  if (reference !== undefined) {
    return (await pdfObject(file, reference))?.dictionary;
  }
  return value === undefined ? undefined : parsePdfDictionary(value, 0);
};

/**
 * The bytes of a stream, unpacked; at most `limitBytes`, packed and unpacked.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE` (a filter that is not Flate).
 */
export const pdfStream = async (file: PdfFile, object: PdfObject, limitBytes: number): Promise<Uint8Array> =>
  streamBytes(file, object, await integerOf(file, pdfValue(object.dictionary, 'Length')), { packedBytes: limitBytes, unpackedBytes: limitBytes });

const streamBytes = async (
  file: PdfFile,
  { dictionary, at, reference }: PdfObject,
  lengthBytes: number | undefined,
  { packedBytes, unpackedBytes }: { readonly packedBytes: number; readonly unpackedBytes: number },
): Promise<Uint8Array> => {
  const site = `pdf/object[${reference.number}]`;
  const start = at === undefined ? undefined : await streamStart(file.source, dictionary, at);
  if (lengthBytes === undefined || start === undefined || start + lengthBytes > file.source.size) {
    throw damaged(site, at ?? 0, 'a stream is announced and there is none, or it does not say how long it is');
  }
  if (!/^[\0\t\n\f\r ]{0,3}endstream/.test(latin1(await file.source.read(start + lengthBytes, 12)))) {
    throw damaged(site, start + lengthBytes, 'a stream does not end where it says');
  }
  const raw = lengthBytes > packedBytes ? undefined : await file.source.read(start, lengthBytes);
  const isClear = file.cipher === undefined || (!file.cipher.encryptsMetadata && pdfName(pdfValue(dictionary, 'Type')) === 'Metadata');
  const data = raw === undefined || isClear ? raw : ((await file.cipher?.streams.decrypt(reference, raw)) ?? 'damaged');
  const decoded = data === undefined ? 'limit' : data === 'damaged' ? data : await decodePdfStream(dictionary, data, unpackedBytes);
  if (typeof decoded !== 'string') {
    file.source.account(decoded.length);
    return decoded;
  }
  if (decoded === 'damaged') {
    throw damaged(site, start, 'a stream cannot be unpacked');
  }
  const [code, what] =
    decoded === 'limit' ? (['LIMIT_EXCEEDED', 'too large'] as const) : (['FORMAT_UNSUPPORTED_FEATURE', 'packed in a way that is not known'] as const);
  throw new LabelError(code, `A stream of this PDF that must be read is ${what} (byte ${start}); save the PDF anew with another program.`, {
    data: { site, offset: start, lengthBytes, limitBytes: unpackedBytes },
  });
};

const behindHeader = async ({ source, base }: PdfFile, offset: number, { number, generation }: PdfReference): Promise<number> => {
  const window = latin1(await source.read(base + offset, 64));
  const found = /^[\0\t\n\f\r ]*(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+obj/.exec(window);
  if (found === null || Number(found[1]) !== number || Number(found[2]) !== generation) {
    throw damaged(`pdf/object[${number}]`, base + offset, 'another object stands where the cross-reference table announces this one');
  }
  return base + offset + found[0].length;
};

/** An integer that stands directly in a dictionary, or in an object of its own. */
const integerOf = async (file: PdfFile, value: Uint8Array | undefined): Promise<number | undefined> => {
  const reference = pdfReference(value);
  if (reference === undefined) {
    return pdfInteger(value);
  }
  const entry = await entryOf(file, reference.number);
  if (entry?.kind === 'compressed') {
    const bytes = await packedObject(file, entry.stream, reference.number, 0);
    return pdfInteger(bytes.subarray(0, pdfValueEnd(bytes, 0) ?? 0));
  }
  return openInteger(file, reference, 0);
};

const openInteger = async (file: PdfFile, reference: PdfReference, asOf: number): Promise<number | undefined> => {
  const entry = await entryOf(file, reference.number, asOf);
  if (entry?.kind !== 'offset') {
    return undefined;
  }
  const bytes = await file.source.read(await behindHeader(file, entry.offset, reference), 64);
  const start = skipPdfSpace(bytes, 0);
  return pdfInteger(bytes.subarray(start, pdfValueEnd(bytes, start) ?? start));
};

/** The bytes of one object of an object stream (§7.5.7), from its first byte on. */
const packedObject = async (file: PdfFile, stream: number, number: number, asOf: number): Promise<Uint8Array> => {
  const site = `pdf/object[${stream}]`;
  const reference = { number: stream, generation: 0 };
  const entry = await entryOf(file, stream, asOf);
  // §7.5.7: an object stream never stands in another, so this goes no deeper.
  if (entry?.kind !== 'offset') {
    throw damaged(site, 0, 'an object stream is announced and there is none');
  }
  const at = await behindHeader(file, entry.offset, reference);
  const dictionary = await readPdfDictionary(file.source, at, site);
  const [count, first] = [pdfInteger(pdfValue(dictionary, 'N')), pdfInteger(pdfValue(dictionary, 'First'))];
  const bytes = file.unpacked.get(at) ?? (await unpack(file, { reference, dictionary, at }, asOf));
  if ((first ?? 0) > MAXIMUM_DIRECTORY_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `An object stream of this PDF holds too many objects (byte ${at}); save it anew with another program.`, {
      data: { site, offset: at, limitBytes: MAXIMUM_DIRECTORY_BYTES },
    });
  }
  const head = latin1(bytes.subarray(0, first ?? 0));
  const numbers = head.match(/\d{1,10}/g) ?? [];
  for (let index = 0; index < Math.min(count ?? 0, numbers.length / 2); index += 1) {
    if (Number(numbers[2 * index]) === number) {
      const start = (first ?? 0) + Number(numbers[2 * index + 1]);
      return bytes.subarray(skipPdfSpace(bytes, start));
    }
  }
  throw damaged(site, at, `object ${number} is not in the object stream where it should be`);
};

const unpack = async (file: PdfFile, object: PdfObject & { readonly at: number }, asOf: number): Promise<Uint8Array> => {
  if (file.unpacked.size >= MAXIMUM_UNPACKED_STREAMS) {
    throw new LabelError('LIMIT_EXCEEDED', 'The structure of this PDF is spread over too many object streams; save it anew with another program.', {
      data: { site: 'pdf', limit: MAXIMUM_UNPACKED_STREAMS },
    });
  }
  const value = pdfValue(object.dictionary, 'Length');
  const reference = pdfReference(value);
  const lengthBytes = reference === undefined ? pdfInteger(value) : await openInteger(file, reference, asOf);
  const bytes = await streamBytes(file, object, lengthBytes, { packedBytes: MAXIMUM_PACKED_BYTES, unpackedBytes: MAXIMUM_UNPACKED_BYTES });
  file.unpacked.set(object.at, bytes);
  return bytes;
};
