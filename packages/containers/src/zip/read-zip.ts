// APPNOTE.TXT 6.3.10 §4.3.12: the central directory, which alone says what an archive holds.
import { type Anomaly, type ByteSource, damaged, equalBytes, LabelError, latin1, readBounded, viewOf } from '@aigc-label/core';
import { readZipEnd, type ZipEnd } from './end-record.ts';
import { extraFields, u64le, ZIP64_FIELD } from './fields.ts';

/** The most members that are listed: what the end record counts without ZIP64. Real documents hold some hundreds. */
const MAXIMUM_ENTRIES = 65_535;

/** The largest central directory that is read, in bytes: 65,535 members with names of 200 bytes. */
const MAXIMUM_DIRECTORY_BYTES = 16 << 20;

const RECORD_BYTES = 46;
const LOCAL_BYTES = 30;

/** A member of an archive, as the central directory lists it. Offsets are in bytes from the beginning of the file. */
export interface ZipEntry {
  /** One character a byte where the name is not ASCII. */
  readonly name: string;
  readonly flags: number;
  /** 0 stored · 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Its local header. */
  readonly start: number;
  /** Where the next member, or the directory, begins: nothing of this one stands behind. */
  readonly limit: number;
  /** Its record in `Zip.directory`. */
  readonly record: { readonly start: number; readonly end: number };
  /** Where, in `Zip.directory`, the offset of its local header stands: 4 bytes, or 8 with ZIP64. */
  readonly offsetField: { readonly at: number; readonly isWide: boolean };
}

/** An archive, its members in the order of the directory. */
export interface Zip {
  readonly entries: readonly ZipEntry[];
  readonly directory: Uint8Array;
  readonly end: ZipEnd;
  /** What is wrong with the archive as a whole: members that share bytes or a name, or that would be unpacked outside the folder. It must not be edited then. */
  readonly fault?: LabelError;
  readonly anomalies: readonly Anomaly[];
}

/**
 * Lists the members of a ZIP archive; reads its end and its central directory, nothing else.
 *
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED` above 65,535 members or 16 MiB of directory, `FORMAT_UNSUPPORTED_FEATURE` for split archives.
 */
export const readZip = async (source: ByteSource): Promise<Zip> => {
  const end = await readZipEnd(source);
  if (end.entryCount > MAXIMUM_ENTRIES) {
    throw new LabelError('LIMIT_EXCEEDED', `The archive holds ${end.entryCount} members; at most ${MAXIMUM_ENTRIES} are read.`, {
      data: { site: 'zip/directory', count: end.entryCount, limit: MAXIMUM_ENTRIES },
    });
  }
  const directory = await readBounded(source, end.directoryStart, end.directoryBytes, MAXIMUM_DIRECTORY_BYTES, 'zip/directory');
  const entries = listEntries(directory, end);
  setLimits(entries, end.directoryStart);
  const anomalies: Anomaly[] =
    end.end < source.size
      ? [{ code: 'trailing_data', site: 'zip', offset: end.end, detail: `${source.size - end.end} bytes follow the end of the archive` }]
      : [];
  const fault = faultOf(entries, directory, end);
  if (fault !== undefined) {
    anomalies.push({ code: 'damaged', site: 'zip', detail: fault.message });
  }
  return { entries, directory, end, anomalies, ...(fault === undefined ? {} : { fault }) };
};

type ListedEntry = Omit<ZipEntry, 'limit'> & { limit: number };

const listEntries = (directory: Uint8Array, { directoryStart, entryCount }: ZipEnd): readonly ListedEntry[] => {
  const view = viewOf(directory);
  const entries: ListedEntry[] = [];
  let at = 0;
  while (at < directory.length) {
    const start = at;
    const bad = (what: string): LabelError => damaged('zip/directory', directoryStart + start, what);
    if (start + RECORD_BYTES > directory.length || view.getUint32(start, true) !== 0x02014b50) {
      throw bad('a record of the directory is missing');
    }
    const nameEnd = start + RECORD_BYTES + view.getUint16(start + 28, true);
    const extraEnd = nameEnd + view.getUint16(start + 30, true);
    const end = extraEnd + view.getUint16(start + 32, true);
    if (end > directory.length || entries.length >= entryCount) {
      throw bad('the directory holds more than the end of the archive says');
    }
    const wide = wideNumbers(directory, start, nameEnd, extraEnd);
    if (wide === undefined) {
      throw bad('a 64-bit size or offset is missing');
    }
    entries.push({
      name: latin1(directory.subarray(start + RECORD_BYTES, nameEnd)),
      flags: view.getUint16(start + 8, true),
      method: view.getUint16(start + 10, true),
      crc: view.getUint32(start + 16, true),
      ...wide,
      limit: 0,
      record: { start, end },
    });
    at = end;
  }
  if (entries.length !== entryCount) {
    throw damaged('zip/directory', directoryStart, `${entryCount} members are announced and ${entries.length} are listed`);
  }
  return entries;
};

/** Sizes and offset of a record: those that are 0xFFFFFFFF stand in the 64-bit field, in this order (APPNOTE §4.5.3). */
const wideNumbers = (
  directory: Uint8Array,
  start: number,
  extraStart: number,
  extraEnd: number,
): Pick<ZipEntry, 'compressedBytes' | 'sizeBytes' | 'start' | 'offsetField'> | undefined => {
  const view = viewOf(directory);
  const short = [view.getUint32(start + 24, true), view.getUint32(start + 20, true), view.getUint32(start + 42, true)] as const;
  let offsetField = { at: start + 42, isWide: false };
  if (!short.includes(0xffffffff)) {
    return { sizeBytes: short[0], compressedBytes: short[1], start: short[2], offsetField };
  }
  const field = extraFields(directory.subarray(extraStart, extraEnd)).find(({ id }) => id === ZIP64_FIELD);
  let at = extraStart + (field?.start ?? 0);
  const numbers: number[] = [];
  for (const [index, number] of short.entries()) {
    if (number !== 0xffffffff) {
      numbers.push(number);
      continue;
    }
    const value = field === undefined || at + 8 > extraStart + field.end ? undefined : u64le(directory, at);
    if (value === undefined) {
      return undefined;
    }
    if (index === 2) {
      offsetField = { at, isWide: true };
    }
    numbers.push(value);
    at += 8;
  }
  return { sizeBytes: numbers[0] as number, compressedBytes: numbers[1] as number, start: numbers[2] as number, offsetField };
};

/** Sets where each ends: where the next one, in the order of the file, begins. */
const setLimits = (entries: readonly ListedEntry[], directoryStart: number): void => {
  let limit = directoryStart;
  for (const entry of entries.toSorted((a, b) => b.start - a.start)) {
    entry.limit = limit;
    limit = entry.start;
  }
};

const faultOf = (entries: readonly ZipEntry[], directory: Uint8Array, end: ZipEnd): LabelError | undefined => {
  const view = viewOf(directory);
  const names = new Set<string>();
  if (end.directoryStart + end.directoryBytes !== (end.zip64?.start ?? end.start)) {
    return damaged('zip/directory', end.directoryStart, 'the directory does not end where the end of the archive begins');
  }
  for (const { name, start, limit, compressedBytes, record } of entries) {
    const what =
      start + LOCAL_BYTES + name.length + compressedBytes > limit
        ? 'shares bytes with another member'
        : names.has(name)
          ? 'stands twice in the archive'
          : /^[/\\]|^[a-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/i.test(name)
            ? 'would be unpacked outside the folder'
            : // Made on Unix, and a symbolic link there.
              directory[record.start + 5] === 3 && view.getUint16(record.start + 40, true) >>> 12 === 0xa
              ? 'is a symbolic link'
              : undefined;
    if (what !== undefined) {
      return damaged('zip/directory', end.directoryStart + record.start, `the member ${JSON.stringify(name.slice(0, 100))} ${what}`);
    }
    names.add(name);
  }
  return undefined;
};

/** Whether the name in a local header is the one in the directory. */
export const isNamed = (zip: Zip, entry: ZipEntry, name: Uint8Array): boolean =>
  equalBytes(name, zip.directory.subarray(entry.record.start + RECORD_BYTES, entry.record.start + RECORD_BYTES + entry.name.length));
