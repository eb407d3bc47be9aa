// A page as it is to stand: its content between two streams of ours, and one more font among its resources. What else it says stays to the byte.
import {
  hexadecimalPdfString,
  type PdfCipher,
  type PdfFile,
  type PdfObject,
  type PdfReference,
  parsePdfDictionary,
  pdfArray,
  pdfIndirectValue,
  pdfObject,
  pdfReference,
  pdfStream,
  pdfStringBytes,
  pdfStrings,
  pdfValue,
} from '@aigc-label/containers';
import { ascii, type ByteSource, concat, damaged, LabelError, latin1 } from '@aigc-label/core';
import { type ContentBalance, contentBalance, TRUSTED } from './content-balance.ts';
import type { PageView } from './notice-plate.ts';
import type { PdfPage } from './pdf-pages.ts';

/** Streams of one page; some writers make one a line. */
const MOST_STREAMS = 10_000;
/** What is read of one page to see what it leaves open, in bytes, unpacked. */
const LARGEST_CONTENT_BYTES = 8 << 20;
/** US Letter, for pages that say nothing (no reader refuses them). */
const DEFAULT_BOX: readonly number[] = [0, 0, 612, 792];

/** The part of a page that is seen. */
export const viewOf = async (file: PdfFile, page: PdfPage): Promise<PageView> => {
  const numbersOf = async (key: string): Promise<readonly number[] | undefined> => {
    const box = pdfArray(await pdfIndirectValue(file, page.inherited.get(key)?.value), 4);
    const values = await Promise.all((box ?? []).map(async (value) => numberOf(await pdfIndirectValue(file, value))));
    return values.length === 4 && values.every((value) => value !== undefined) ? (values as readonly number[]) : undefined;
  };
  const [left, bottom, right, top] = inOrder((await numbersOf('MediaBox')) ?? DEFAULT_BOX);
  const crop = await numbersOf('CropBox');
  const [cropLeft, cropBottom, cropRight, cropTop] = inOrder(crop ?? [left, bottom, right, top]);
  // §14.11.2.1: what lies outside the medium is not seen.
  const seen = [Math.max(left, cropLeft), Math.max(bottom, cropBottom), Math.min(right, cropRight), Math.min(top, cropTop)] as const;
  const [x, y, farX, farY] = seen[2] > seen[0] && seen[3] > seen[1] ? seen : ([left, bottom, right, top] as const);
  const turned = numberOf(await pdfIndirectValue(file, page.inherited.get('Rotate')?.value)) ?? 0;
  const unit = numberOf(await pdfIndirectValue(file, pdfValue(page.object.dictionary, 'UserUnit'))) ?? 1;
  return {
    left: x,
    bottom: y,
    width: farX - x,
    height: farY - y,
    rotation: (((Math.round(turned / 90) * 90) % 360) + 360) % 360,
    unit: unit > 0 ? unit : 1,
  };
};

const inOrder = ([x = 0, y = 0, farX = 0, farY = 0]: readonly number[]): readonly [number, number, number, number] => [
  Math.min(x, farX),
  Math.min(y, farY),
  Math.max(x, farX),
  Math.max(y, farY),
];

const numberOf = (value: Uint8Array | undefined): number | undefined => {
  const text = value === undefined || value.length > 32 ? '' : latin1(value);
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
};

/** The streams of a page, in their order (§7.7.3.3 Contents). */
export const contentsOf = async (file: PdfFile, { object }: PdfPage): Promise<readonly PdfReference[]> => {
  const value = pdfValue(object.dictionary, 'Contents');
  const resolved = await pdfIndirectValue(file, value);
  const direct = pdfReference(value);
  if (resolved === undefined || latin1(resolved.subarray(0, 5)) === 'null') {
    return [];
  }
  const values = resolved[0] === 0x5b ? pdfArray(resolved, MOST_STREAMS) : undefined;
  const references = resolved[0] === 0x5b ? values?.map(pdfReference) : [direct];
  if (references === undefined || references.some((reference) => reference === undefined)) {
    throw damaged('pdf/Page/Contents', object.at ?? 0, 'the content of a page is neither a stream nor a row of streams');
  }
  return references as readonly PdfReference[];
};

/** What the content of a page leaves open; trusted where it cannot be unpacked here. */
export const balanceOf = async (file: PdfFile, source: ByteSource, references: readonly PdfReference[]): Promise<ContentBalance> => {
  // The budget of `file` is for its structure.
  const reading: PdfFile = { ...file, source: { size: source.size, read: clampedRead(source), account: () => undefined } };
  const parts: Uint8Array[] = [];
  let rest = LARGEST_CONTENT_BYTES;
  try {
    for (const reference of references) {
      const object = await pdfObject(reading, reference);
      const bytes = object === undefined ? new Uint8Array() : await pdfStream(reading, object, rest);
      rest -= bytes.length;
      parts.push(bytes, ascii('\n'));
    }
  } catch (error) {
    if (error instanceof LabelError && ['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'].includes(error.code)) {
      return TRUSTED;
    }
    throw error;
  }
  return contentBalance(concat(...parts));
};

const clampedRead =
  (source: ByteSource) =>
  async (offset: number, length: number): Promise<Uint8Array> => {
    const end = Math.min(source.size, offset + length);
    return offset < 0 || offset >= end ? new Uint8Array() : source.read(offset, end - offset);
  };

/** What is new about a page. */
export interface PageChanges {
  readonly contents: readonly PdfReference[];
  /** More resources of a kind (§7.8.3), by name. */
  readonly resources: Readonly<Record<'Font' | 'XObject', readonly [name: string, reference: PdfReference]>>;
  readonly structParents: number | undefined;
}

/** The body of a page object with these changes. */
export const pageWith = async (file: PdfFile, page: PdfPage, { contents, resources: more, structParents }: PageChanges): Promise<Uint8Array> => {
  const { object, inherited } = page;
  const { dictionary, reference } = object;
  const resources = await heldDictionary(file, inherited.get('Resources'), reference);
  const kinds: Uint8Array[] = [];
  for (const [kind, [name, { number }]] of Object.entries(more)) {
    const value = resources === undefined ? undefined : pdfValue(resources.dictionary, kind);
    const present =
      resources === undefined || value === undefined ? undefined : await heldDictionary(file, { value, holder: resources.holder }, reference);
    kinds.push(ascii(`/${kind}<<`), ...(await entriesOf(file, present, reference, [])), ascii(`/${name} ${number} 0 R>>`));
  }
  const without = ['Contents', 'Resources', ...(structParents === undefined ? [] : ['StructParents'])];
  return concat(
    ascii('<<'),
    ...(await entriesOf(file, { dictionary, holder: object }, reference, without)),
    ascii(structParents === undefined ? '' : `/StructParents ${structParents}`),
    ascii(`/Contents[${contents.map(({ number, generation }) => `${number} ${generation} R`).join(' ')}]/Resources<<`),
    ...(await entriesOf(file, resources, reference, Object.keys(more))),
    ...kinds,
    ascii('>>>>'),
  );
};

/** A dictionary, and the object that it stands in. */
export interface Held {
  readonly dictionary: PdfObject['dictionary'];
  readonly holder: PdfObject;
}

/** The dictionary that an attribute is or refers to, and the object that it stands in. */
export const heldDictionary = async (
  file: PdfFile,
  attribute: { readonly value: Uint8Array; readonly holder: PdfObject } | undefined,
  page: PdfReference,
): Promise<Held | undefined> => {
  if (attribute === undefined) {
    return undefined;
  }
  const reference = pdfReference(attribute.value);
  if (reference !== undefined) {
    const object = await pdfObject(file, reference);
    return object === undefined ? undefined : { dictionary: object.dictionary, holder: object };
  }
  const dictionary = parsePdfDictionary(attribute.value, 0);
  if (dictionary === undefined && latin1(attribute.value.subarray(0, 5)) !== 'null') {
    throw damaged(`pdf/object[${page.number}]/Resources`, attribute.holder.at ?? 0, 'the resources of a page are no dictionary');
  }
  return dictionary === undefined ? undefined : { dictionary, holder: attribute.holder };
};

/** Entries of a dictionary as they stand, without some; strings as they must be encrypted where they come to stand. */
export const entriesOf = async (
  { cipher }: PdfFile,
  held: Held | undefined,
  to: PdfReference,
  without: readonly string[],
): Promise<readonly Uint8Array[]> => {
  const parts: Uint8Array[] = [];
  for (const { key, start, valueEnd } of held?.dictionary.entries ?? []) {
    if (held !== undefined && !without.includes(key)) {
      parts.push(...(await movedStrings(held, start, valueEnd, to, cipher)), ascii('\n'));
    }
  }
  return parts;
};

/** §7.6.2: strings are encrypted for the object that they stand in, those of an object stream not by themselves (§7.5.7). */
const movedStrings = async (
  { dictionary: { bytes }, holder }: Held,
  start: number,
  end: number,
  to: PdfReference,
  cipher: PdfCipher | undefined,
): Promise<readonly Uint8Array[]> => {
  const isPacked = holder.at === undefined;
  const isSame = holder.reference.number === to.number && holder.reference.generation === to.generation;
  if (cipher === undefined || (isSame && !isPacked)) {
    return [bytes.subarray(start, end)];
  }
  const parts: Uint8Array[] = [];
  let at = start;
  for (const string of pdfStrings(bytes, start, end)) {
    const read = pdfStringBytes(bytes.subarray(string.start, string.end)) ?? new Uint8Array();
    const clear = isPacked ? read : ((await cipher.strings.decrypt(holder.reference, read)) ?? read);
    parts.push(bytes.subarray(at, string.start), hexadecimalPdfString(await cipher.strings.encrypt(to, clear)));
    at = string.end;
  }
  return [...parts, bytes.subarray(at, end)];
};
