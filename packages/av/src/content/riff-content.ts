// What RIFF files and their kin have in common: every chunk is content but a closed list (spec/content/audio.md §3).
import { listChildren, type Riff, type RiffChunk, readRiff, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, type ContentPlan, fromUtf8 } from '@aigc-label/core';
import {
  type ContentSheet,
  contentPlan,
  contentSheet,
  cover,
  coverAll,
  isPlainText,
  isXmpPacket,
  isZero,
  leaveOut,
  totalBytes,
  valueLine,
} from './content-sheet.ts';
import { id3Content } from './id3-content.ts';

/** The longest text that is looked at whether it is one, in bytes. */
export const MAXIMUM_TEXT_BYTES: number = 64 << 10;

/** What is looked at in all chunks of metadata of one file, in bytes. */
const METADATA_BUDGET_BYTES = 16 << 20;

/** What rules of a format work with. */
export interface RiffContext {
  readonly source: ByteSource;
  readonly riff: Riff;
  readonly sheet: ContentSheet;
  /** Bytes of metadata that may still be looked at. */
  readonly budget: { left: number };
}

/** What differs between formats. */
export interface RiffRules {
  readonly method: string;
  /** Bytes behind the header of a chunk that are no samples yet; `undefined` where it holds none. */
  perceivedFrom(context: RiffContext, chunk: RiffChunk): Promise<number | undefined>;
  /** Whether a whole chunk is metadata; then it is on the sheet, what is foreign in it covered. */
  isMetadata(context: RiffContext, chunk: RiffChunk): Promise<boolean>;
}

/** The content of a file of this family. @throws LabelError `FILE_DAMAGED` where it has no header. */
export const riffContent = async (source: ByteSource, rules: RiffRules): Promise<ContentPlan> => {
  const riff = await readRiff(source);
  const sheet = contentSheet();
  const chunks: ContentSheet = { ...sheet, parts: [] };
  const context: RiffContext = { source, riff, sheet: chunks, budget: { left: METADATA_BUDGET_BYTES } };
  const zeroPads: ByteRange[] = [];
  for (const chunk of riff.chunks) {
    if (chunk.isOpen || chunk.sizeBytes > context.budget.left || !(await rules.isMetadata(context, chunk))) {
      coverChunk(context, chunk, await rules.perceivedFrom(context, chunk));
    }
    if (chunk.isPadded) {
      const padding = { start: chunk.dataStart + chunk.sizeBytes, end: chunk.end };
      if (await isZero(source, padding)) {
        zeroPads.push(padding);
      } else {
        cover(chunks, 'padding', padding);
      }
    }
  }
  cover(sheet, 'RIFF', ...headPieces(riff, [...chunks.carriers, ...zeroPads]));
  for (const part of chunks.parts) {
    sheet.parts.push(part);
  }
  cover(sheet, 'rest', { start: riff.end, end: source.size });
  return contentPlan(rules.method, sheet);
};

/** The four letters and the form type, and the size of the whole as it would be without carriers and padding. */
const headPieces = ({ sizeField }: Riff, leftOut: readonly ByteRange[]): readonly ContentPiece[] => {
  if (sizeField === undefined) {
    return [{ start: 0, end: 12 }];
  }
  const announcedEnd = 8 + sizeField.value;
  const size = sizeField.value - totalBytes(leftOut.filter(({ start }) => start < announcedEnd));
  const magic = sizeField.at === 4 ? { start: 0, end: 4 } : { start: 0, end: 8 };
  return [magic, { start: 8, end: 12 }, valueLine(size)];
};

const coverChunk = ({ riff: { sizeField }, sheet }: RiffContext, chunk: RiffChunk, from: number | undefined): void => {
  const { id, start, dataStart, sizeBytes } = chunk;
  const [name, dataEnd] = [id.trim(), dataStart + sizeBytes];
  if (from !== undefined) {
    const perceivedAt = Math.min(dataStart + from, dataEnd);
    cover(sheet, `${name}/header`, { start, end: perceivedAt });
    sheet.parts.push({ name, pieces: [{ start: perceivedAt, end: dataEnd }], isPerceived: true });
  } else if (sizeField?.widthBytes === 8 && sizeField.at >= dataStart && sizeField.at + 8 <= dataEnd) {
    // ds64: the size of the whole is covered as a value.
    cover(sheet, name, { start, end: sizeField.at }, { start: sizeField.at + 8, end: dataEnd });
  } else {
    cover(sheet, name, { start, end: dataEnd });
  }
};

/** A chunk of at most `limitBytes` that is metadata where its data are as `is` says. */
export const chunkThat = async (
  { source, sheet, budget }: RiffContext,
  { start, dataStart, sizeBytes }: RiffChunk,
  limitBytes: number,
  is: (data: Uint8Array) => boolean,
): Promise<boolean> => {
  if (sizeBytes > limitBytes) {
    return false;
  }
  budget.left -= sizeBytes;
  if (!is(await source.read(dataStart, sizeBytes))) {
    return false;
  }
  sheet.carriers.push({ start, end: dataStart + sizeBytes });
  return true;
};

/** A chunk of XMP, `prefixBytes` behind its beginning. */
export const xmpChunk = (context: RiffContext, chunk: RiffChunk, prefixBytes = 0): Promise<boolean> =>
  chunkThat(context, chunk, XMP_LIMIT_BYTES, (data) => isXmpPacket(data.subarray(prefixBytes)));

/** A chunk that is a label; one that is no text is left out all the same, since labelling replaces it, but it is told. */
export const labelChunk = async (context: RiffContext, chunk: RiffChunk): Promise<boolean> => {
  const { start, dataStart, sizeBytes } = chunk;
  if (!(await chunkThat(context, chunk, MAXIMUM_TEXT_BYTES, isUtf8Text))) {
    context.sheet.carriers.push({ start, end: dataStart + sizeBytes });
    context.sheet.anomalies.push({ site: chunk.id, offset: start, detail: `${sizeBytes} bytes in the place of a label are no text` });
  }
  return true;
};

const isUtf8Text = (bytes: Uint8Array): boolean => isPlainText(bytes) && fromUtf8(bytes) !== undefined;

/** A chunk of padding, all zero. */
export const paddingChunk = async ({ source, sheet, budget }: RiffContext, { start, dataStart, sizeBytes }: RiffChunk): Promise<boolean> => {
  budget.left -= sizeBytes;
  const end = dataStart + sizeBytes;
  if (!(await isZero(source, { start: dataStart, end }))) {
    return false;
  }
  sheet.carriers.push({ start, end });
  return true;
};

/** An ID3v2 tag that fills its chunk. */
export const nestedId3 = async ({ source, sheet, budget }: RiffContext, { start, dataStart, sizeBytes }: RiffChunk): Promise<boolean> => {
  const inside: ByteSource = { size: sizeBytes, read: (offset, length) => source.read(dataStart + offset, length) };
  budget.left -= sizeBytes;
  const end = await id3Content(inside, 0, sheet, dataStart);
  if (end === undefined) {
    return false;
  }
  sheet.carriers.push({ start, end: dataStart });
  cover(sheet, 'id3/rest', { start: dataStart + end, end: dataStart + sizeBytes });
  return true;
};

/** A LIST of type INFO: children that are texts are carriers, others are covered. */
export const infoContent = async ({ source, riff, sheet, budget }: RiffContext, list: RiffChunk): Promise<boolean> => {
  const { chunks, end } = await listChildren(source, riff, list);
  const covered: ByteRange[] = [];
  for (const { id, start, dataStart, sizeBytes, isOpen, end: childEnd } of chunks) {
    const isRead = !isOpen && sizeBytes <= MAXIMUM_TEXT_BYTES && sizeBytes <= budget.left;
    budget.left -= isRead ? sizeBytes : 0;
    const isText =
      isRead && isPlainText(await source.read(dataStart, sizeBytes)) && (await isZero(source, { start: dataStart + sizeBytes, end: childEnd }));
    if (!isText && id === 'AIGC' && !isOpen) {
      sheet.anomalies.push({ site: 'LIST[INFO]/AIGC', offset: start, detail: `${sizeBytes} bytes in the place of a label are no text` });
    } else if (!isText) {
      covered.push({ start, end: childEnd });
    }
  }
  const dataEnd = list.dataStart + list.sizeBytes;
  const last = covered.at(-1);
  const rest = { start: Math.max(end, last?.end ?? 0), end: dataEnd };
  const kept = [...covered, rest].filter((range) => range.end > range.start);
  coverAll(sheet, 'INFO', kept);
  leaveOut(sheet, allBut(list.start, dataEnd, kept));
  return true;
};
