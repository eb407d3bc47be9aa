import { ascii, type ByteSource, damaged, LabelError, latin1, type Splice, startsWith, viewOf } from '@aigc-label/core';
import type { JpegSegment } from './jpeg-segments.ts';

const APP2 = 0xe2;
const MPF_SIGNATURE = ascii('MPF\0');
const MP_ENTRY_TAG = 0xb002;
const MP_ENTRY_BYTES = 16;
/** Entries of an IFD and pictures of a file that are looked at; cameras write some tens at most. */
const MAXIMUM_ENTRIES = 4_000;

/** Where trailers are looked for: AFCP holds IPTC and a small preview, and others may follow it. */
const TRAILER_WINDOW_BYTES = 1 << 16;

/** A 32-bit number that must follow when a JPEG grows before its first scan. */
export interface JpegOffsetField {
  /** Where it stands, in bytes of the file. */
  readonly at: number;
  readonly value: number;
  readonly isLittle: boolean;
  /** It grows by what comes at this offset of the file or behind it. */
  readonly countsFrom: number;
  /** `size` of the first picture, which no reader needs and ExifTool leaves as it was. */
  readonly role: 'size' | 'offset';
}

/**
 * The size of the first picture and the offsets of the others in the MPF index (CIPA DC-007 §5.2.3.3), which count from the MPF header, and the absolute offsets of an AFCP trailer; in the order
 * of the file.
 *
 * @throws LabelError `FILE_DAMAGED` for an AFCP directory that does not fit.
 */
export const readJpegOffsets = async (source: ByteSource, segments: readonly JpegSegment[]): Promise<readonly JpegOffsetField[]> => [
  ...(await mpfFields(source, segments)),
  ...(await afcpFields(source, segments.at(-1)?.end ?? 0)),
];

/** The edits that keep these numbers valid when others change the file before its first scan. */
export const movedJpegOffsets = async (
  source: ByteSource,
  segments: readonly JpegSegment[],
  splices: readonly Splice[],
): Promise<readonly Splice[]> => {
  const growth = (from: number): number => splices.reduce((sum, { at, insert, remove }) => sum + (at >= from ? insert.length - remove : 0), 0);
  const fields = [...(await mpfFields(source, segments)), ...(growth(0) === 0 ? [] : await afcpFields(source, segments.at(-1)?.end ?? 0))];
  return fields.flatMap(({ at, value, isLittle, countsFrom }) => {
    const change = growth(countsFrom);
    return change === 0 ? [] : [number32(at, value + change, isLittle)];
  });
};

const mpfFields = async (source: ByteSource, segments: readonly JpegSegment[]): Promise<readonly JpegOffsetField[]> => {
  const segment = segments.find(({ marker, head }) => marker === APP2 && startsWith(head, MPF_SIGNATURE));
  if (segment === undefined) {
    return [];
  }
  const base = segment.dataStart + MPF_SIGNATURE.length;
  const data = await source.read(base, segment.end - base);
  const table = mpEntries(data);
  const fields: JpegOffsetField[] = [];
  for (let at = table?.start ?? 0; table !== undefined && at + MP_ENTRY_BYTES <= table.end; at += MP_ENTRY_BYTES) {
    const view = viewOf(data);
    const size = view.getUint32(at + 4, table.isLittle);
    const offset = view.getUint32(at + 8, table.isLittle);
    // The first picture, the one that holds this index, has the offset 0.
    if (offset !== 0) {
      fields.push({ at: base + at + 8, value: offset, isLittle: table.isLittle, countsFrom: base, role: 'offset' });
    } else if (size !== 0) {
      fields.push({ at: base + at + 4, value: size, isLittle: table.isLittle, countsFrom: 0, role: 'size' });
    }
  }
  return fields;
};

/** Where the MP entries stand in the MPF data; `undefined` where it has none, or is too damaged for any reader. */
const mpEntries = (data: Uint8Array): { readonly start: number; readonly end: number; readonly isLittle: boolean } | undefined => {
  const mark = latin1(data.subarray(0, 4));
  const isLittle = mark === 'II*\0';
  if ((!isLittle && mark !== 'MM\0*') || data.length < 10) {
    return undefined;
  }
  const view = viewOf(data);
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > data.length) {
    return undefined;
  }
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < Math.min(count, MAXIMUM_ENTRIES); index += 1) {
    const at = directory + 2 + index * 12;
    if (at + 12 > data.length) {
      return undefined;
    }
    if (view.getUint16(at, isLittle) === MP_ENTRY_TAG) {
      const length = view.getUint32(at + 4, isLittle);
      const start = view.getUint32(at + 8, isLittle);
      return length < MP_ENTRY_BYTES || length > MAXIMUM_ENTRIES * MP_ENTRY_BYTES || start + length > data.length
        ? undefined
        : { start, end: start + length, isLittle };
    }
  }
  return undefined;
};

const afcpFields = async (source: ByteSource, scanStart: number): Promise<readonly JpegOffsetField[]> => {
  const windowStart = Math.max(scanStart, source.size - TRAILER_WINDOW_BYTES);
  const window = await source.read(windowStart, source.size - windowStart);
  // The record at its end: mark, where it starts, a reserved number. It counts only if the same mark stands where it points.
  for (let at = window.lastIndexOf(0x41, window.length - 12); at >= 0; at = at === 0 ? -1 : window.lastIndexOf(0x41, at - 1)) {
    if (window[at + 1] !== 0x58 || window[at + 2] !== 0x53 || at + 12 > window.length) {
      continue;
    }
    const mark = latin1(window.subarray(at, at + 4));
    if (mark !== 'AXS!' && mark !== 'AXS*') {
      continue;
    }
    const isLittle = mark === 'AXS*';
    const start = viewOf(window).getUint32(at + 4, isLittle);
    if (start < scanStart || start + 12 > windowStart + at) {
      continue;
    }
    const header = await source.read(start, 12);
    if (latin1(header.subarray(0, 4)) === mark) {
      const count = viewOf(header).getUint16(6, isLittle);
      if (count > MAXIMUM_ENTRIES || start + 12 + count * 12 > windowStart + at) {
        throw damaged('jpeg/AFCP', start, `the directory announces ${count} entries that do not fit`);
      }
      const directory = await source.read(start + 12, count * 12);
      const entries = Array.from({ length: count }, (_, index): JpegOffsetField => {
        const offset = index * 12 + 8;
        return { at: start + 12 + offset, value: viewOf(directory).getUint32(offset, isLittle), isLittle, countsFrom: 0, role: 'offset' };
      });
      return [...entries, { at: windowStart + at + 4, value: start, isLittle, countsFrom: 0, role: 'offset' }];
    }
  }
  return [];
};

const number32 = (at: number, value: number, isLittle: boolean): Splice => {
  if (value < 0 || value > 0xffffffff) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The offset at byte ${at} would no longer fit its 32 bits; the file cannot grow.`, {
      data: { at, value },
    });
  }
  const insert = new Uint8Array(4);
  viewOf(insert).setUint32(0, value, isLittle);
  return { at, remove: 4, insert };
};
