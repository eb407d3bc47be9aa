// What of an ASF file is content: all but texts, XMP and empty padding (spec/content/video.md §5).
import {
  ASF_GUIDS,
  type AsfFile,
  type AsfObject,
  type AsfRecordLayout,
  isAsfRecords,
  readAsf,
  surveyAsfRecords,
  XMP_LIMIT_BYTES,
} from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, type ContentPlan, fromUtf8, utf8, viewOf } from '@aigc-label/core';
import { type ContentSheet, contentPlan, contentSheet, cover, isPlainText, isXmpPacket, isZero, leaveOut, valueLine } from './content-sheet.ts';

/** All texts of one header that are looked at whether they are text, in bytes. */
const MAXIMUM_TEXT_BYTES = 4 << 20;

/** Lists with more values that are no text are covered as they stand. */
const MAXIMUM_COVERED = 1024;

/** Behind the start of the header: count of its children and two reserved bytes; of its extension: a GUID, two bytes, the size of what follows. */
const HEADER_FIELDS_AT = 24;
const HEADER_CHILDREN_AT = 30;
const EXTENSION_FIELDS_AT = 24;
const EXTENSION_SIZE_AT = 42;
const EXTENSION_CHILDREN_AT = 46;

/** Behind the start of File Properties: the size of the file, the date of its creation, and at its end the highest bit rate, by which no player goes. */
const FILE_SIZE_AT = 40;
const DATE_AT = 48;
const PROPERTIES_AT = 56;
const FLAGS_AT = 88;
const RATE_AT = 100;
const PROPERTIES_BYTES = 104;

/** In front of the packets of the Data Object, in bytes, its header included. */
const DATA_FIELDS_BYTES = 50;

/**
 * The content of an ASF file: `asf-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no whole Header Object.
 */
export const asfContent = async (source: ByteSource): Promise<ContentPlan> => {
  const file = await readAsf(source);
  const sheet = contentSheet();
  const context: Context = { source, file, sheet, budget: { left: MAXIMUM_TEXT_BYTES } };
  if (childrenFill(file.header, file.children, HEADER_CHILDREN_AT) && (file.extension === undefined || extensionIsWhole(file.extension))) {
    await headerContent(context);
  } else {
    cover(sheet, 'header', { start: file.header.start, end: file.header.end });
  }
  for (const object of file.objects) {
    await topLevelContent(context, object);
  }
  cover(sheet, 'rest', { start: file.end, end: source.size });
  return contentPlan('asf-1', sheet);
};

interface Context {
  readonly source: ByteSource;
  readonly file: AsfFile;
  readonly sheet: ContentSheet;
  readonly budget: { left: number };
}

const childrenFill = (parent: AsfObject, children: readonly AsfObject[], from: number): boolean =>
  (children.at(-1)?.end ?? parent.start + from) === parent.end;

const extensionIsWhole = ({ object, children }: NonNullable<AsfFile['extension']>): boolean => childrenFill(object, children, EXTENSION_CHILDREN_AT);

const headerContent = async (context: Context): Promise<void> => {
  const { source, file, sheet } = context;
  const { start } = file.header;
  const count = viewOf(await source.read(start + HEADER_FIELDS_AT, 4)).getUint32(0, true);
  const isTrueCount = count === file.children.length;
  cover(sheet, 'header', ...(isTrueCount ? [] : [valueLine(count)]), { start: start + HEADER_FIELDS_AT + 4, end: start + HEADER_CHILDREN_AT });
  for (const child of file.children) {
    if (child === file.extension?.object) {
      await extensionContent(context, file.extension);
    } else {
      await objectContent(context, child);
    }
  }
};

const extensionContent = async (context: Context, { object, children }: NonNullable<AsfFile['extension']>): Promise<void> => {
  const { source, sheet } = context;
  const { start, end } = object;
  const size = viewOf(await source.read(start + EXTENSION_SIZE_AT, 4)).getUint32(0, true);
  const isTrueSize = size === end - start - EXTENSION_CHILDREN_AT;
  cover(sheet, 'header extension', { start: start + EXTENSION_FIELDS_AT, end: start + EXTENSION_SIZE_AT }, ...(isTrueSize ? [] : [valueLine(size)]));
  for (const child of children) {
    await objectContent(context, child);
  }
};

/** An object of the header. */
const objectContent = async (context: Context, object: AsfObject): Promise<void> => {
  const { source, file, sheet } = context;
  const { guid, start, dataStart, end } = object;
  if (object === file.children.find((child) => child.guid === ASF_GUIDS.fileProperties) && end - start === PROPERTIES_BYTES) {
    const view = viewOf(await source.read(start, PROPERTIES_BYTES));
    const size = view.getBigUint64(FILE_SIZE_AT, true);
    // Of a broadcast it means nothing, and nobody keeps it right.
    const isBroadcast = (view.getUint32(FLAGS_AT, true) & 1) === 1;
    const isTrue = !isBroadcast && (size === BigInt(file.end) || size === BigInt(source.size));
    const said: ContentPiece = isTrue ? valueLine('right') : valueLine(String(size));
    cover(sheet, 'file properties', { start: dataStart, end: start + FILE_SIZE_AT }, said, { start: start + PROPERTIES_AT, end: start + RATE_AT });
    sheet.carriers.push({ start: start + DATE_AT, end: start + PROPERTIES_AT }, { start: start + RATE_AT, end });
  } else if (guid === ASF_GUIDS.padding && (await isZero(source, { start: dataStart, end }))) {
    sheet.carriers.push({ start, end });
  } else if (guid === ASF_GUIDS.contentDescription && (await isDescription(context, object))) {
    sheet.carriers.push({ start, end });
  } else if (!isAsfRecords(object) || !(await recordsContent(context, object))) {
    cover(sheet, guid, { start: dataStart, end });
  }
};

/** A list of named values: texts go, numbers and pictures stay. */
const recordsContent = async ({ source, sheet, budget }: Context, object: AsfObject): Promise<boolean> => {
  const records = await surveyAsfRecords(source, object);
  if (records === undefined) {
    return false;
  }
  const covered: (ByteRange & { readonly name: string })[] = [];
  const foreign: AsfRecordLayout[] = [];
  for (const record of records) {
    const { start, end, name, type, valueAt } = record;
    budget.left -= end - start;
    if (budget.left >= 0 && type === 0 && isWideText(await source.read(valueAt, end - valueAt))) {
      continue;
    }
    if (name === 'AIGC' || name === 'WM/AIGC') {
      foreign.push(record);
    } else {
      covered.push({ name, start, end });
    }
  }
  if (covered.length > MAXIMUM_COVERED) {
    return false;
  }
  for (const { start } of foreign) {
    sheet.anomalies.push({ site: 'asf/header', offset: start, detail: 'what stands in the place of a label is no text' });
  }
  for (const { name, start, end } of covered) {
    cover(sheet, `${object.guid}/${name}`, { start, end });
  }
  leaveOut(sheet, allBut(object.start, object.end, covered));
  return true;
};

const decoder = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true });

/** UTF-16 without control characters, zeros at its end only. */
const isWideText = (bytes: Uint8Array): boolean => {
  try {
    return isPlainText(utf8(decoder.decode(bytes)));
  } catch {
    return false;
  }
};

/** ASF 01.20.03 §3.10: five lengths, then title, author, copyright, description and rating. */
const isDescription = async ({ source, budget }: Context, { dataStart, end }: AsfObject): Promise<boolean> => {
  if (dataStart + 10 > end || end - dataStart > budget.left) {
    return false;
  }
  budget.left -= end - dataStart;
  const bytes = await source.read(dataStart, end - dataStart);
  const view = viewOf(bytes);
  let at = 10;
  for (let index = 0; index < 5; index += 1) {
    const to = at + view.getUint16(index * 2, true);
    if (to > bytes.length || !isWideText(bytes.subarray(at, to))) {
      return false;
    }
    at = to;
  }
  return at === bytes.length;
};

const topLevelContent = async ({ source, sheet }: Context, { guid, start, dataStart, end }: AsfObject): Promise<void> => {
  if (guid === ASF_GUIDS.data) {
    const packetsAt = Math.min(start + DATA_FIELDS_BYTES, end);
    cover(sheet, 'data', { start, end: packetsAt });
    sheet.parts.push({ name: 'packets', pieces: [{ start: packetsAt, end }], isPerceived: true });
  } else if (guid === ASF_GUIDS.xmp && end - dataStart <= XMP_LIMIT_BYTES && isXmp(await source.read(dataStart, end - dataStart))) {
    sheet.carriers.push({ start, end });
  } else {
    cover(sheet, guid, { start, end });
  }
};

const isXmp = (bytes: Uint8Array): boolean => fromUtf8(bytes) !== undefined && isXmpPacket(bytes);
