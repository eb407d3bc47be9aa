// ASF 01.20.03 §2 (top level), §3 (header), §3.4 (header extension).
import { type Anomaly, type ByteSource, damaged, viewOf } from '@aigc-label/core';
import { ASF_GUIDS, guidAt } from './guids.ts';

/** The header of an object in bytes: a GUID and a 64-bit size that counts itself. */
export const ASF_OBJECT_HEADER_BYTES: number = 24;

/** Objects that are looked at in one file; honest ones have some fifty. */
const MAXIMUM_ASF_OBJECTS = 4096;

/** Where the children of the header, and of its extension, begin behind their start, in bytes. */
const HEADER_FIELDS_BYTES = 30;
const EXTENSION_FIELDS_BYTES = 46;

/** A Data Object without packets, in bytes (ASF 01.20.03 §5.1). */
const EMPTY_DATA_BYTES = 50;

/** An object; offsets and sizes in bytes of the file. */
export interface AsfObject {
  readonly guid: string;
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

/** An ASF file, by the headers of its objects. */
export interface AsfFile {
  readonly header: AsfObject;
  /** The children of the header. */
  readonly children: readonly AsfObject[];
  /** The header extension with its children. */
  readonly extension: { readonly object: AsfObject; readonly children: readonly AsfObject[] } | undefined;
  /** What follows the header on the top level. */
  readonly objects: readonly AsfObject[];
  /** Where the last whole object of the top level ends. */
  readonly end: number;
  /** Whether header and data are whole, and what follows them is no object that was cut off. */
  readonly isWhole: boolean;
  /** Whether the Data Object, as programs leave it that write into a pipe, tells of no packets, and runs to the end of the file. */
  readonly isEndless: boolean;
  readonly anomalies: readonly Anomaly[];
}

/** Whether these first bytes are those of an ASF file. */
export const isAsf = (head: Uint8Array): boolean => head.length >= ASF_OBJECT_HEADER_BYTES && guidAt(head, 0) === ASF_GUIDS.header;

/** The types of the streams whose properties stand within the first bytes of a file. */
export const asfStreamTypes = (head: Uint8Array): readonly string[] => {
  const types: string[] = [];
  for (let at = HEADER_FIELDS_BYTES; at + ASF_OBJECT_HEADER_BYTES + 16 <= head.length; ) {
    const size = sizeAt(head, at + 16);
    if (size < ASF_OBJECT_HEADER_BYTES || guidAt(head, at) === ASF_GUIDS.data) {
      break;
    }
    if (guidAt(head, at) === ASF_GUIDS.streamProperties) {
      types.push(guidAt(head, at + ASF_OBJECT_HEADER_BYTES));
    }
    at += size;
  }
  return types;
};

/**
 * Reads the headers of all objects.
 *
 * @throws LabelError `FILE_DAMAGED` where the file does not begin with a whole Header Object.
 */
export const readAsf = async (source: ByteSource): Promise<AsfFile> => {
  const budget = { left: MAXIMUM_ASF_OBJECTS };
  const top = await walk(source, 0, source.size, budget);
  const [header, ...objects] = top.objects;
  if (header?.guid !== ASF_GUIDS.header || header.end - header.start < HEADER_FIELDS_BYTES) {
    throw damaged('asf/header', 0, 'there is no whole Header Object');
  }
  const anomalies: Anomaly[] = [];
  const inner = await walk(source, header.start + HEADER_FIELDS_BYTES, header.end, budget);
  note(anomalies, 'asf/header', inner);
  const object = inner.objects.find(({ guid, start, end }) => guid === ASF_GUIDS.headerExtension && end - start >= EXTENSION_FIELDS_BYTES);
  const more = object === undefined ? undefined : await walk(source, object.start + EXTENSION_FIELDS_BYTES, object.end, budget);
  if (more !== undefined) {
    note(anomalies, 'asf/header extension', more);
  }
  const isCut = top.problem !== undefined && top.cut !== undefined && TOP_LEVEL.has(top.cut);
  const last = objects.at(-1);
  const isEndless =
    last?.guid === ASF_GUIDS.data && last.end - last.start <= EMPTY_DATA_BYTES && top.problem !== undefined && !isCut && top.isLimit !== true;
  if (isCut) {
    anomalies.push({ code: top.isBeyond ? 'truncated' : 'damaged', site: 'asf', offset: top.end, detail: top.problem ?? '' });
  } else if (top.isLimit) {
    note(anomalies, 'asf', top);
  } else if (top.end < source.size && !isEndless) {
    anomalies.push({ code: 'trailing_data', site: 'asf', offset: top.end, detail: 'bytes follow the last object' });
  }
  const hasData = objects.some(({ guid }) => guid === ASF_GUIDS.data);
  if (!hasData && !isCut) {
    anomalies.push({ code: 'damaged', site: 'asf', offset: header.end, detail: 'there is no Data Object' });
  }
  return {
    header,
    children: inner.objects,
    extension: object === undefined || more === undefined ? undefined : { object, children: more.objects },
    objects,
    end: top.end,
    isEndless,
    isWhole: hasData && !isCut && !isEndless && !top.isLimit && inner.problem === undefined && more?.problem === undefined,
    anomalies,
  };
};

/** Objects of the top level that are believed when their size leaves the file: junk can look like anything else. */
const TOP_LEVEL: ReadonlySet<string> = new Set([
  ASF_GUIDS.header,
  ASF_GUIDS.data,
  ASF_GUIDS.simpleIndex,
  ASF_GUIDS.index,
  ASF_GUIDS.mediaObjectIndex,
  ASF_GUIDS.timecodeIndex,
  ASF_GUIDS.xmp,
]);

interface Walk {
  readonly objects: readonly AsfObject[];
  readonly end: number;
  readonly problem?: string;
  readonly isBeyond?: boolean;
  readonly isLimit?: boolean;
  /** The GUID of the object that does not fit. */
  readonly cut?: string;
}

const walk = async (source: ByteSource, start: number, end: number, budget: { left: number }): Promise<Walk> => {
  const objects: AsfObject[] = [];
  let position = start;
  while (position < end) {
    if (position + ASF_OBJECT_HEADER_BYTES > end) {
      return { objects, end: position, problem: `${end - position} bytes are too few for an object`, isBeyond: true };
    }
    if (budget.left === 0) {
      return { objects, end: position, problem: `the file has more than ${MAXIMUM_ASF_OBJECTS} objects`, isLimit: true };
    }
    budget.left -= 1;
    const head = await source.read(position, ASF_OBJECT_HEADER_BYTES);
    const guid = guidAt(head, 0);
    const size = sizeAt(head, 16);
    if (size < ASF_OBJECT_HEADER_BYTES || position + size > end) {
      const problem = `an object announces ${size} bytes; ${end - position} are there`;
      return { objects, end: position, problem, isBeyond: size >= ASF_OBJECT_HEADER_BYTES, cut: guid };
    }
    objects.push({ guid, start: position, dataStart: position + ASF_OBJECT_HEADER_BYTES, end: position + size });
    position += size;
  }
  return { objects, end: position };
};

const note = (anomalies: Anomaly[], site: string, { problem, isLimit, end }: Walk): void => {
  if (problem !== undefined) {
    anomalies.push({ code: isLimit === true ? 'limit' : 'damaged', site, offset: end, detail: problem });
  }
};

/** Sizes have no sign; above 2^53 they are approximate, and beyond any file. */
const sizeAt = (bytes: Uint8Array, at: number): number => viewOf(bytes).getUint32(at, true) + viewOf(bytes).getUint32(at + 4, true) * 2 ** 32;
