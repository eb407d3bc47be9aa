import { ascii, type ByteSource, concat, LabelError, type Splice, viewOf } from '@aigc-label/core';
import { crc32 } from '../png/crc32.ts';
import { setU64le, withoutZip64 } from './fields.ts';
import { HAS_DESCRIPTOR, memberEnd, readLocalMember } from './read-member.ts';
import type { Zip, ZipEntry } from './read-zip.ts';

const LOCAL_BYTES = 30;
const RECORD_BYTES = 46;

/** Options of deflate, which mean nothing in what is stored (APPNOTE §4.4.4). */
const DEFLATE_OPTIONS = 0x0006;

/** 1980-01-01 00:00, the first moment that ZIP knows: the same label must give the same bytes whenever it is written. */
const FIRST_DAY = 0x0021;

/** What is to stand in an archive. */
export interface ZipChange {
  /** The member whose content is replaced; a new one is added at the end where it is absent. */
  readonly entry?: ZipEntry;
  /** The name of a new member: ASCII. */
  readonly name?: string;
  readonly data: Uint8Array;
  /** Whether the content of a replaced member is deflated: for large ones, whose bytes need not be the same wherever they are written. */
  readonly isDeflated?: boolean;
}

/** What stands in an archive: as it is, or deflated. */
interface Stored {
  readonly method: 0 | 8;
  readonly packed: Uint8Array;
  readonly data: Uint8Array;
}

/**
 * The edits that give an archive these contents: a replaced member stays where it is, a new one goes directly before the directory, both stored unless
 * asked otherwise, since what a compressor gives is not the same everywhere; the directory is written anew with the offsets of what moved. Every other member keeps its bytes.
 *
 * @throws LabelError `FILE_DAMAGED` where the archive has a fault or a touched member contradicts the directory, `CARRIER_FULL` where a number no longer fits.
 */
export const editZip = async (source: ByteSource, zip: Zip, changes: readonly ZipChange[]): Promise<readonly Splice[]> => {
  if (zip.fault !== undefined) {
    throw zip.fault;
  }
  const replaced = new Map<ZipEntry, Splice>();
  const records = new Map<ZipEntry, Uint8Array>();
  const added: { local: Uint8Array; record: Uint8Array }[] = [];
  for (const { entry, name, data, isDeflated = false } of changes) {
    if (entry === undefined) {
      added.push(addedMember(name ?? '', data));
      continue;
    }
    const local = await readLocalMember(source, zip, entry);
    const end = await memberEnd(source, entry, local);
    const stored: Stored = isDeflated ? { method: 8, packed: await deflated(data), data } : { method: 0, packed: data, data };
    replaced.set(entry, { at: entry.start, remove: end - entry.start, insert: concat(storedHeader(local.header, stored), stored.packed) });
    records.set(entry, storedRecord(zip.directory.subarray(entry.record.start, entry.record.end), entry, stored));
  }
  const moved = shiftBy([...replaced.values()]);
  const present = zip.entries.map((entry) =>
    placed(records.get(entry) ?? zip.directory.slice(entry.record.start, entry.record.end), entry, records.has(entry), moved(entry.start)),
  );
  const addedStart = zip.end.directoryStart + moved(zip.end.directoryStart);
  let position = addedStart;
  for (const { local, record } of added) {
    viewOf(record).setUint32(42, fitting(position), true);
    position += local.length;
  }
  const directory = concat(...present, ...added.map(({ record }) => record));
  const inserted = concat(...added.map(({ local }) => local), directory);
  return [
    ...replaced.values(),
    { at: zip.end.directoryStart, remove: zip.end.directoryBytes, insert: inserted },
    ...(await endSplices(source, zip, { count: zip.entries.length + added.length, start: position, bytes: directory.length })),
  ];
};

const deflated = async (data: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([data.slice()]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

/** How far what begins at an offset moves. */
const shiftBy = (splices: readonly Splice[]): ((offset: number) => number) => {
  const sorted = splices.toSorted((a, b) => a.at - b.at);
  return (offset) => sorted.reduce((total, { at, remove, insert }) => (at < offset ? total + insert.length - remove : total), 0);
};

/** The member that `editZip` adds: its local header with its content, and its record, whose offset is still 0. */
export const addedMember = (name: string, data: Uint8Array): { local: Uint8Array; record: Uint8Array } => {
  const local = new Uint8Array(LOCAL_BYTES);
  const view = viewOf(local);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(4, 20, true);
  view.setUint16(12, FIRST_DAY, true);
  view.setUint16(26, name.length, true);
  writeSizes(view, 14, { method: 0, packed: data, data });
  const record = new Uint8Array(RECORD_BYTES);
  record.set(local.subarray(4, LOCAL_BYTES), 6);
  viewOf(record).setUint32(0, 0x02014b50, true);
  viewOf(record).setUint16(4, 20, true);
  return { local: concat(local, ascii(name), data), record: concat(record, ascii(name)) };
};

const storedHeader = (header: Uint8Array, content: Stored): Uint8Array => {
  const nameEnd = LOCAL_BYTES + viewOf(header).getUint16(26, true);
  const stored = concat(header.subarray(0, nameEnd), withoutZip64(header.subarray(nameEnd)));
  const view = viewOf(stored);
  writeStored(view, 6, content);
  view.setUint16(28, stored.length - nameEnd, true);
  return stored;
};

const storedRecord = (record: Uint8Array, { offsetField, start }: ZipEntry, content: Stored): Uint8Array => {
  const nameEnd = RECORD_BYTES + viewOf(record).getUint16(28, true);
  const extraEnd = nameEnd + viewOf(record).getUint16(30, true);
  const extra = withoutZip64(record.subarray(nameEnd, extraEnd));
  // The sizes are small now; only an offset can still need 64 bits.
  const wide = new Uint8Array(offsetField.isWide ? 12 : 0);
  if (offsetField.isWide) {
    viewOf(wide).setUint16(0, 1, true);
    viewOf(wide).setUint16(2, 8, true);
    setU64le(wide, 4, start);
  }
  const stored = concat(record.subarray(0, nameEnd), wide, extra, record.subarray(extraEnd));
  const view = viewOf(stored);
  writeStored(view, 8, content);
  view.setUint16(30, wide.length + extra.length, true);
  return stored;
};

const writeStored = (view: DataView, flagsAt: number, content: Stored): void => {
  view.setUint16(flagsAt, view.getUint16(flagsAt, true) & ~(HAS_DESCRIPTOR | DEFLATE_OPTIONS), true);
  view.setUint16(flagsAt + 2, content.method, true);
  writeSizes(view, flagsAt + 8, content);
};

const writeSizes = (view: DataView, at: number, { packed, data }: Stored): void => {
  view.setUint32(at, crc32(data), true);
  view.setUint32(at + 4, packed.length, true);
  view.setUint32(at + 8, data.length, true);
};

/** A record whose member has moved. */
const placed = (record: Uint8Array, entry: ZipEntry, isRewritten: boolean, shift: number): Uint8Array => {
  const { at, isWide } = entry.offsetField;
  if (shift === 0) {
    return record;
  }
  if (isWide) {
    // A rewritten record has its 64-bit field directly behind its name, with nothing but the offset in it.
    setU64le(record, isRewritten ? RECORD_BYTES + entry.name.length + 4 : at - entry.record.start, entry.start + shift);
  } else {
    viewOf(record).setUint32(42, fitting(entry.start + shift), true);
  }
  return record;
};

const endSplices = async (
  source: ByteSource,
  { end }: Zip,
  directory: { readonly count: number; readonly start: number; readonly bytes: number },
): Promise<readonly Splice[]> => {
  const record = (await source.read(end.start + 8, 12)).slice();
  const view = viewOf(record);
  const isSaturated = (value: number, most: number): boolean => end.zip64 !== undefined && value === most;
  if (!isSaturated(view.getUint16(2, true), 0xffff)) {
    view.setUint16(0, fitting(directory.count, 0xffff), true);
    view.setUint16(2, directory.count, true);
  }
  for (const [at, value] of [[4, directory.bytes] as const, [8, directory.start] as const]) {
    if (!isSaturated(view.getUint32(at, true), 0xffffffff)) {
      view.setUint32(at, fitting(value), true);
    }
  }
  const short: Splice = { at: end.start + 8, remove: 12, insert: record };
  if (end.zip64 === undefined) {
    return [short];
  }
  const numbers = new Uint8Array(32);
  for (const [index, value] of [directory.count, directory.count, directory.bytes, directory.start].entries()) {
    setU64le(numbers, index * 8, value);
  }
  const moved = directory.start + directory.bytes - end.directoryStart - end.directoryBytes;
  const locator = new Uint8Array(8);
  setU64le(locator, 0, end.zip64.start + moved);
  return [{ at: end.zip64.start + 24, remove: 32, insert: numbers }, { at: end.zip64.locatorStart + 8, remove: 8, insert: locator }, short];
};

/** A number that a field of the archive can hold; 0xFFFF and 0xFFFFFFFF themselves announce ZIP64. */
const fitting = (value: number, most = 0xffffffff): number => {
  if (value >= most) {
    throw new LabelError(
      'CARRIER_FULL',
      `The archive has grown to ${value}, and without ZIP64 its numbers end at ${most - 1}; pack it again with ZIP64.`,
      {
        data: { site: 'zip/directory', value, most },
      },
    );
  }
  return value;
};
