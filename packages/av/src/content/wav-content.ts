// What of a WAV is content: every chunk but a closed list (spec/content/audio.md §3).
import { listChildren, listType, type Riff, type RiffChunk, readRiff, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, type ContentPlan, fromUtf8 } from '@aigc-label/core';
import { type ContentSheet, contentPlan, contentSheet, cover, isPlainText, isXmpPacket, isZero, totalBytes, valueLine } from './content-sheet.ts';
import { id3Content } from './id3-content.ts';

/** The longest text that is looked at whether it is one, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;

/** What is looked at in all chunks of metadata of one file, in bytes. */
const METADATA_BUDGET_BYTES = 16 << 20;

/**
 * The content of a WAV (RIFF, RIFX, RF64, BW64): `wav-1`.
 *
 * @throws LabelError `FILE_DAMAGED` where there is no RIFF header.
 */
export const wavContent = async (source: ByteSource): Promise<ContentPlan> => {
  const riff = await readRiff(source);
  const sheet = contentSheet();
  const budget = { left: METADATA_BUDGET_BYTES };
  const chunks: ContentSheet = { ...sheet, parts: [] };
  const zeroPads: ByteRange[] = [];
  for (const chunk of riff.chunks) {
    const dataEnd = chunk.dataStart + chunk.sizeBytes;
    const isMetadata = !chunk.isOpen && chunk.sizeBytes <= budget.left && (await metadataChunk(source, riff, chunk, chunks, budget));
    if (!isMetadata) {
      coverChunk(riff, chunk, chunks);
    }
    if (chunk.isPadded) {
      const padding = { start: dataEnd, end: chunk.end };
      if (await isZero(source, padding)) {
        zeroPads.push(padding);
      } else {
        cover(chunks, 'padding', padding);
      }
    }
  }
  cover(sheet, 'RIFF', ...headPieces(riff, [...chunks.carriers, ...zeroPads]));
  sheet.parts.push(...chunks.parts);
  cover(sheet, 'rest', { start: riff.end, end: source.size });
  return contentPlan('wav-1', sheet);
};

/** The four letters and the form type, and the size of the whole as it would be without carriers and padding. */
export const headPieces = ({ sizeField }: Riff, leftOut: readonly ByteRange[]): readonly ContentPiece[] => {
  if (sizeField === undefined) {
    return [{ start: 0, end: 12 }];
  }
  const announcedEnd = 8 + sizeField.value;
  const size = sizeField.value - totalBytes(leftOut.filter(({ start }) => start < announcedEnd));
  const magic = sizeField.at === 4 ? { start: 0, end: 4 } : { start: 0, end: 8 };
  return [magic, { start: 8, end: 12 }, valueLine(size)];
};

const coverChunk = ({ sizeField }: Riff, chunk: RiffChunk, sheet: ContentSheet): void => {
  const { id, start, dataStart, sizeBytes } = chunk;
  const [name, dataEnd] = [id.trim(), dataStart + sizeBytes];
  if (id === 'data') {
    cover(sheet, 'data/header', { start, end: dataStart });
    sheet.parts.push({ name, pieces: [{ start: dataStart, end: dataEnd }], isPerceived: true });
  } else if (sizeField?.widthBytes === 8 && sizeField.at >= dataStart && sizeField.at + 8 <= dataEnd) {
    // ds64: the size of the whole is covered as a value.
    cover(sheet, name, { start, end: sizeField.at }, { start: sizeField.at + 8, end: dataEnd });
  } else {
    cover(sheet, name, { start, end: dataEnd });
  }
};

/** Whether a chunk is one of the closed list; then it is on the sheet, what is foreign in it covered. */
const metadataChunk = async (source: ByteSource, riff: Riff, chunk: RiffChunk, sheet: ContentSheet, budget: { left: number }): Promise<boolean> => {
  const { id, start, dataStart, sizeBytes } = chunk;
  const dataEnd = dataStart + sizeBytes;
  const whole = { start, end: dataEnd };
  const data = async (): Promise<Uint8Array> => {
    budget.left -= sizeBytes;
    return source.read(dataStart, sizeBytes);
  };
  switch (id) {
    case 'AIGC':
      if (sizeBytes > MAXIMUM_TEXT_BYTES || !isLabelText(await data())) {
        sheet.anomalies.push({ site: 'wav/AIGC', offset: start, detail: `${sizeBytes} bytes in the place of a label are no text` });
      }
      break;
    case 'LIST':
      return (await listType(source, chunk)) === 'INFO' && (await infoContent(source, riff, chunk, sheet, budget));
    case 'id3 ':
    case 'ID3 ':
      return nestedId3(source, chunk, sheet, budget);
    case '_PMX':
      if (sizeBytes > XMP_LIMIT_BYTES || !isXmpPacket(await data())) {
        return false;
      }
      break;
    case 'bext':
      if (sizeBytes > MAXIMUM_TEXT_BYTES || !isBroadcastExtension(await data())) {
        return false;
      }
      break;
    case 'iXML':
      if (sizeBytes > XMP_LIMIT_BYTES || !isXml(await data())) {
        return false;
      }
      break;
    case 'JUNK':
    case 'junk':
    case 'PAD ':
    case 'FLLR':
      budget.left -= sizeBytes;
      if (!(await isZero(source, { start: dataStart, end: dataEnd }))) {
        return false;
      }
      break;
    default:
      return false;
  }
  sheet.carriers.push(whole);
  return true;
};

const isLabelText = (bytes: Uint8Array): boolean => isPlainText(bytes) && fromUtf8(bytes) !== undefined;

const isXml = (bytes: Uint8Array): boolean =>
  isPlainText(bytes) &&
  (fromUtf8(bytes)
    ?.trimStart()
    .replace(/^\uFEFF/, '')
    .startsWith('<') ??
    false);

/** EBU Tech 3285 §2.3: texts, numbers, 180 reserved bytes (254 before version 1) that are zero, then a text. */
const isBroadcastExtension = (bytes: Uint8Array): boolean =>
  bytes.length >= BEXT_BYTES && bytes.subarray(BEXT_BYTES - 180, BEXT_BYTES).every((byte) => byte === 0) && isPlainText(bytes.subarray(BEXT_BYTES));

const BEXT_BYTES = 602;

/** An ID3v2 tag that fills its chunk. */
export const nestedId3 = async (
  source: ByteSource,
  { start, dataStart, sizeBytes }: RiffChunk,
  sheet: ContentSheet,
  budget: { left: number },
): Promise<boolean> => {
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
export const infoContent = async (
  source: ByteSource,
  riff: Riff,
  list: RiffChunk,
  sheet: ContentSheet,
  budget: { left: number },
): Promise<boolean> => {
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
  for (const range of [...covered, rest]) {
    cover(sheet, 'INFO', range);
  }
  sheet.carriers.push(
    ...(allBut(
      list.start,
      dataEnd,
      [...covered, rest].filter((range) => range.end > range.start),
    ) as readonly ByteRange[]),
  );
  return true;
};
