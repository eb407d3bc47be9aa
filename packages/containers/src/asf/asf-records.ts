// ASF 01.20.03 §3.11 (Extended Content Description), §4.7 (Metadata), §4.8 (Metadata Library): counted lists of named values.
import { type ByteSource, viewOf } from '@aigc-label/core';
import { windowReader } from '../vorbis-comment/window-reader.ts';
import type { AsfObject } from './asf-file.ts';
import { ASF_GUIDS } from './guids.ts';

/** The longest text that is read, in bytes of UTF-16. */
const MAXIMUM_TEXT_BYTES = 128 << 10;

/** No more texts than this are read from one list; an honest one has one. */
const MAXIMUM_TEXTS = 3;

/** A value under the name that was looked for. */
export interface AsfRecord {
  readonly start: number;
  readonly end: number;
  /** `undefined` where it is no text, or too much of it. */
  readonly text: string | undefined;
}

/** A list of named values. */
export interface AsfRecords {
  readonly object: AsfObject;
  readonly count: number;
  readonly matches: readonly AsfRecord[];
  /** Set where count, names and values do not fill the object: where reading stopped. */
  readonly brokenAt: number | undefined;
}

/** Whether an object is such a list. */
export const isAsfRecords = ({ guid }: AsfObject): boolean =>
  guid === ASF_GUIDS.extendedContentDescription || guid === ASF_GUIDS.metadata || guid === ASF_GUIDS.metadataLibrary;

/** Reads the values whose name is one of `names`, and of the others only how long they are. */
export const readAsfRecords = async (source: ByteSource, object: AsfObject, names: readonly string[]): Promise<AsfRecords> => {
  const isContent = object.guid === ASF_GUIDS.extendedContentDescription;
  const read = windowReader(source);
  const matches: AsfRecord[] = [];
  if (object.dataStart + 2 > object.end) {
    return { object, count: 0, matches, brokenAt: object.dataStart };
  }
  const count = viewOf(await read(object.dataStart, 2)).getUint16(0, true);
  let position = object.dataStart + 2;
  for (let index = 0; index < count; index += 1) {
    const record = isContent ? await contentRecord(read, position, object.end) : await metadataRecord(read, position, object.end);
    if (record === undefined) {
      return { object, count, matches, brokenAt: position };
    }
    if (record.nameBytes <= MAXIMUM_NAME_BYTES && names.includes(utf16(await read(record.nameAt, record.nameBytes)))) {
      const isText = record.type === 0 && record.valueBytes <= MAXIMUM_TEXT_BYTES && matches.length < MAXIMUM_TEXTS;
      const text = isText ? utf16(await source.read(record.valueAt, record.valueBytes)) : undefined;
      matches.push({ start: position, end: record.end, text });
    }
    position = record.end;
  }
  return { object, count, matches, brokenAt: position === object.end ? undefined : position };
};

const MAXIMUM_NAME_BYTES = 64; // of a name that could be ours

/** One value of a list, by where its parts stand in the file. */
export interface AsfRecordLayout {
  readonly start: number;
  readonly name: string;
  /** 0 is text. */
  readonly type: number;
  readonly valueAt: number;
  readonly end: number;
}

/** Every value of a list; `undefined` where count, names and values do not fill it. */
export const surveyAsfRecords = async (source: ByteSource, object: AsfObject): Promise<readonly AsfRecordLayout[] | undefined> => {
  const isContent = object.guid === ASF_GUIDS.extendedContentDescription;
  const read = windowReader(source);
  if (object.dataStart + 2 > object.end) {
    return undefined;
  }
  const count = viewOf(await read(object.dataStart, 2)).getUint16(0, true);
  const records: AsfRecordLayout[] = [];
  let start = object.dataStart + 2;
  for (let index = 0; index < count; index += 1) {
    const record = isContent ? await contentRecord(read, start, object.end) : await metadataRecord(read, start, object.end);
    if (record === undefined) {
      return undefined;
    }
    const name = record.nameBytes <= MAXIMUM_NAME_BYTES ? utf16(await read(record.nameAt, record.nameBytes)) : '';
    records.push({ start, name, type: record.type, valueAt: record.valueAt, end: record.end });
    start = record.end;
  }
  return start === object.end ? records : undefined;
};

interface Layout {
  readonly nameAt: number;
  readonly nameBytes: number;
  readonly type: number;
  readonly valueAt: number;
  readonly valueBytes: number;
  readonly end: number;
}

type Read = (offset: number, length: number) => Promise<Uint8Array>;

const u16 = async (read: Read, at: number): Promise<number> => viewOf(await read(at, 2)).getUint16(0, true);

const contentRecord = async (read: Read, start: number, limit: number): Promise<Layout | undefined> => {
  const nameAt = start + 2;
  if (nameAt > limit) {
    return undefined;
  }
  const nameBytes = await u16(read, start);
  const valueAt = nameAt + nameBytes + 4;
  if (valueAt > limit) {
    return undefined;
  }
  const type = await u16(read, nameAt + nameBytes);
  const valueBytes = await u16(read, nameAt + nameBytes + 2);
  const end = valueAt + valueBytes;
  return end > limit ? undefined : { nameAt, nameBytes, type, valueAt, valueBytes, end };
};

// Language index, stream number, length of the name, type, length of the value; then name and value.
const METADATA_FIELDS_BYTES = 12;

const metadataRecord = async (read: Read, start: number, limit: number): Promise<Layout | undefined> => {
  const nameAt = start + METADATA_FIELDS_BYTES;
  if (nameAt > limit) {
    return undefined;
  }
  const view = viewOf(await read(start, METADATA_FIELDS_BYTES));
  const nameBytes = view.getUint16(4, true);
  const valueBytes = view.getUint32(8, true);
  const valueAt = nameAt + nameBytes;
  const end = valueAt + valueBytes;
  return end > limit ? undefined : { nameAt, nameBytes, type: view.getUint16(6, true), valueAt, valueBytes, end };
};

const decoder = new TextDecoder('utf-16le');

/** Texts end with a 16-bit zero, or with several. */
const utf16 = (bytes: Uint8Array): string => {
  let end = bytes.length - (bytes.length % 2);
  while (end >= 2 && bytes[end - 1] === 0 && bytes[end - 2] === 0) {
    end -= 2;
  }
  return decoder.decode(bytes.subarray(0, end));
};
