// What the content rules of sound and film have in common.
import { XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import {
  type ByteRange,
  type ByteSource,
  type ContentAnomaly,
  type ContentPart,
  type ContentPiece,
  type ContentPlan,
  joinedRanges,
  TC260_XMP,
  utf8,
} from '@aigc-label/core';

/** A plan while it is being made. */
export interface ContentSheet {
  readonly parts: ContentPart[];
  /** In any order; those that touch are joined. */
  readonly carriers: ByteRange[];
  readonly anomalies: ContentAnomaly[];
}

/** An empty sheet. */
export const contentSheet = (): ContentSheet => ({ parts: [], carriers: [], anomalies: [] });

/** The plan of a sheet: names of parts that stand twice get a number, carriers their order. */
export const contentPlan = (method: string, { parts, carriers, anomalies }: ContentSheet): ContentPlan => {
  const counts = new Map<string, number>();
  const named = parts.map((part) => {
    const count = counts.get(part.name) ?? 0;
    counts.set(part.name, count + 1);
    return count === 0 ? part : { ...part, name: `${part.name}[${count}]` };
  });
  return { method, parts: named, carriers: joinedRanges(carriers), ...(anomalies.length === 0 ? {} : { anomalies }) };
};

/** Adds ranges, of which there may be too many for the arguments of one call. */
export const leaveOut = ({ carriers }: ContentSheet, ranges: readonly ContentPiece[]): void => {
  for (const range of ranges) {
    if (!(range instanceof Uint8Array)) {
      carriers.push(range);
    }
  }
};

/** Anomalies of one file that are told; more say nothing new. */
const MAXIMUM_ANOMALIES = 64;

/** Adds anomalies, as long as they are few. */
export const tell = ({ anomalies }: ContentSheet, more: readonly ContentAnomaly[]): void => {
  for (const anomaly of more) {
    if (anomalies.length < MAXIMUM_ANOMALIES) {
      anomalies.push(anomaly);
    }
  }
};

/** Bytes of all ranges. */
export const totalBytes = (ranges: readonly ByteRange[]): number => ranges.reduce((total, { start, end }) => total + end - start, 0);

/** A value as decimal text and a line feed, so that whoever implements a rule anew has no width to guess. */
export const valueLine = (...values: readonly (string | number)[]): Uint8Array => utf8(`${values.join(' ')}\n`);

/** Adds what is hashed, unless there is nothing. */
export const cover = (sheet: ContentSheet, name: string, ...pieces: readonly ContentPiece[]): void => coverAll(sheet, name, pieces);

/** The same of a list that may be too long for the arguments of one call. */
export const coverAll = (sheet: ContentSheet, name: string, pieces: readonly ContentPiece[]): void => {
  const some = pieces.filter((piece) => piece instanceof Uint8Array || piece.end > piece.start);
  if (some.length > 0) {
    sheet.parts.push({ name, pieces: some });
  }
};

/** Bytes of text in any one-byte encoding or UTF-8: no control characters but tab and line ends; zeros only at the end. */
export const isPlainText = (bytes: Uint8Array): boolean => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end -= 1;
  }
  return bytes.subarray(0, end).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
};

/** Whether a packet is well-formed XMP and nothing else stands in it. */
export const isXmpPacket = (bytes: Uint8Array): boolean => {
  if (bytes.length > XMP_LIMIT_BYTES || !isPlainText(bytes)) {
    return false;
  }
  const { anomalies } = xmpSlots(bytes, TC260_XMP, { site: 'xmp', isPlace: false, offset: 0 });
  return anomalies.every(({ code }) => code === 'duplicate_structure') && includes(bytes, RDF);
};

const RDF = utf8('http://www.w3.org/1999/02/22-rdf-syntax-ns#');

const includes = (bytes: Uint8Array, wanted: Uint8Array): boolean => {
  for (let at = bytes.indexOf(wanted[0] as number); at >= 0; at = bytes.indexOf(wanted[0] as number, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) {
      return true;
    }
  }
  return false;
};

/** Looked at in windows of this many bytes. */
const WINDOW_BYTES = 64 << 10;

/** Whether every byte of a stretch is zero. */
export const isZero = async (source: ByteSource, { start, end }: ByteRange): Promise<boolean> => {
  for (let position = start; position < end; position += WINDOW_BYTES) {
    if ((await source.read(position, Math.min(WINDOW_BYTES, end - position))).some((byte) => byte !== 0)) {
      return false;
    }
  }
  return true;
};
