// The directories of a TIFF file: a chain of pages, and what hangs on them (TIFF 6.0 §2, TIFF-EP, Exif 3.0 §4.6.3).
import { type Anomaly, type ByteSource, damaged } from '@aigc-label/core';
import { readTiffTable, type TiffBudget, type TiffEntry, type TiffTable } from './tiff-directory.ts';
import { readTiffHeader, TIFF_HEADER_BYTES, type TiffHeader, tiffNumber } from './tiff-header.ts';

/** Bytes of directories that are read from one file in all: some three thousand pages. */
const MAXIMUM_TABLE_BYTES = 768 << 10;
/** Directories of one file; scans have hundreds of pages. */
const MAXIMUM_DIRECTORIES = 4_096;
/** Directories that one entry points to; pyramids and raw files have fewer than 20. */
const MAXIMUM_SUBDIRECTORIES = 256;
/** Anomalies of one file; a report of a hostile file stays readable. */
const MAXIMUM_ANOMALIES = 64;

/** What a directory describes: a page of the chain, a picture below one, or metadata. */
export type TiffDirectoryKind = 'page' | 'sub' | 'exif' | 'gps' | 'interoperability' | 'other';

/** A directory, and its place among the others. */
export interface TiffDirectory extends TiffTable {
  readonly kind: TiffDirectoryKind;
  /** `ifd0`, `ifd0/exif`, `ifd1/sub[2]`. */
  readonly site: string;
}

/** What a walk over all directories found. */
export interface Tiff {
  readonly header: TiffHeader;
  /** The first is IFD0, where it can be read; what hangs on a page comes before the next page. */
  readonly directories: readonly TiffDirectory[];
  readonly anomalies: readonly Anomaly[];
  /** Whether there are more directories than were read. */
  readonly isLimited: boolean;
  /** Offsets at which directories are announced where none can be. */
  readonly dangling: readonly number[];
}

const POINTERS: ReadonlyMap<number, TiffDirectoryKind> = new Map([
  [0x014a, 'sub'],
  [0x8769, 'exif'],
  [0x8825, 'gps'],
  [0xa005, 'interoperability'],
  [0x0190, 'other'],
]);

interface Pending {
  readonly at: number;
  readonly kind: TiffDirectoryKind;
  readonly site: string;
  /** Where it was announced, for anomalies. */
  readonly from: number;
}

/**
 * Walks all directories without recursion; loops, and counts and offsets that leave the file, are anomalies. Every directory is read once.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no TIFF header.
 */
export const readTiff = async (source: ByteSource): Promise<Tiff> => {
  const header = readTiffHeader(await source.read(0, Math.min(source.size, TIFF_HEADER_BYTES)));
  if (header === undefined) {
    throw damaged('tiff', 0, 'there is no TIFF header');
  }
  const budget: TiffBudget = { bytes: MAXIMUM_TABLE_BYTES };
  const anomalies: Anomaly[] = [];
  const directories: TiffDirectory[] = [];
  const seen = new Map<number, TiffDirectoryKind>();
  const pending: Pending[] = [{ at: header.first, kind: 'page', site: 'ifd0', from: header.pointerAt }];
  const dangling: number[] = [];
  let [pages, isLimited] = [1, false];
  const fault = (code: Anomaly['code'], { site, from }: Pending, detail: string): void => {
    isLimited ||= code === 'limit';
    if (anomalies.length < MAXIMUM_ANOMALIES) {
      anomalies.push({ code, site: `tiff/${site}`, offset: from, detail });
    }
  };
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const known = seen.get(one.at);
    if (known !== undefined) {
      // Two pages may share their Exif data; a page that comes again is a loop.
      if (one.kind === 'page' || known !== one.kind) {
        fault('damaged', one, `the directory at byte ${one.at} is announced twice`);
      }
      continue;
    }
    const table = directories.length + pending.length < MAXIMUM_DIRECTORIES ? await readTiffTable(source, header, one.at, budget) : 'limit';
    if (table === 'limit') {
      fault('limit', one, `more than ${MAXIMUM_DIRECTORIES} directories, or ${MAXIMUM_TABLE_BYTES} bytes of them`);
      break;
    }
    if (table === undefined) {
      fault('damaged', one, `a directory is announced at byte ${one.at}, outside of the file`);
      dangling.push(one.at);
      continue;
    }
    seen.set(one.at, one.kind);
    const directory: TiffDirectory = { ...table, kind: one.kind, site: one.site };
    directories.push(directory);
    if (!table.isComplete) {
      fault('truncated', one, `the file ends inside the directory at byte ${one.at}`);
    }
    if (one.kind === 'page' && table.next !== 0) {
      pending.push({ at: table.next, kind: 'page', site: `ifd${pages}`, from: table.end - header.offsetBytes });
      pages += 1;
    }
    for (const entry of table.entries) {
      const kind = POINTERS.get(entry.tag);
      if (kind === undefined) {
        continue;
      }
      const pointers = await pointersOf(source, header, entry, kind, directory, fault);
      // The walk stops at the next directory.
      budget.bytes -= pointers.length * header.offsetBytes;
      pending.push(...pointers);
      if (budget.bytes < 0 || pending.length > MAXIMUM_DIRECTORIES) {
        break;
      }
    }
  }
  return { header, directories, anomalies, isLimited, dangling };
};

const pointersOf = async (
  source: ByteSource,
  { isLittleEndian }: TiffHeader,
  { at, type, count, valueAt, sizeBytes }: TiffEntry,
  kind: TiffDirectoryKind,
  { site }: TiffDirectory,
  fault: (code: Anomaly['code'], pending: Pending, detail: string) => void,
): Promise<readonly Pending[]> => {
  const size = count === 0 ? 0 : sizeBytes / count;
  const announced: Pending = { at: 0, kind, site: `${site}/${kind}`, from: at };
  if ((size !== 4 && size !== 8) || ![4, 13, 16, 18].includes(type)) {
    return [];
  }
  if (valueAt + sizeBytes > source.size) {
    fault('damaged', announced, `${count} directories are announced, beyond the end of the file`);
    return [];
  }
  if (count > MAXIMUM_SUBDIRECTORIES) {
    fault('limit', announced, `an entry points to ${count} directories; at most ${MAXIMUM_SUBDIRECTORIES} are followed`);
  }
  const number = Math.min(count, MAXIMUM_SUBDIRECTORIES);
  const bytes = await source.read(valueAt, number * size);
  const pointers = Array.from({ length: number }, (_, index) => tiffNumber(bytes, index * size, size, isLittleEndian));
  return pointers
    .map((target, index): Pending => ({ ...announced, at: target, site: kind === 'sub' ? `${site}/sub[${index}]` : `${site}/${kind}` }))
    .filter((pointer) => pointer.at !== 0);
};
