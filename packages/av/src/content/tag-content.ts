// Tags around a stream of frames, and what of them is content (spec/content/audio.md §2).
import { readTrailers, surveyApe, type TrailerRange } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, startsWith, utf8 } from '@aigc-label/core';
import { type ContentSheet, cover, isPlainText, leaveOut } from './content-sheet.ts';
import { id3Content } from './id3-content.ts';

/** Tags that stand in a row at the start; as many as are read. */
const MAXIMUM_TAGS = 8;

/** The longest lyrics, and the longest text of an APE tag, that are looked at whether they are text, in bytes. */
const MAXIMUM_TEXT_BYTES = 1 << 20;

/** Where tags stand; what is between them is everything else. */
export interface TagRanges {
  /** Where those at the start end. */
  readonly start: number;
  /** Those at the end, ascending. */
  readonly trailers: readonly ByteRange[];
}

/** Puts the tags at both ends of a file on the sheet. What is none, or does not add up, is in no range. */
export const tagContent = async (source: ByteSource, sheet: ContentSheet): Promise<TagRanges> => {
  let start = 0;
  for (let count = 0; count < MAXIMUM_TAGS && start < source.size; count += 1) {
    const end = await id3Content(source, start, sheet);
    if (end === undefined) {
      break;
    }
    start = end;
  }
  const trailers: ByteRange[] = [];
  for (const range of (await readTrailers(source)).ranges) {
    // A tag that reaches into those in front is none.
    if (range.start >= start && (await trailerContent(source, range, sheet))) {
      trailers.push(range);
    }
  }
  return { start, trailers: trailers.toReversed() };
};

const trailerContent = async (source: ByteSource, { kind, start, end }: TrailerRange, sheet: ContentSheet): Promise<boolean> => {
  switch (kind) {
    case 'id3v1':
      sheet.carriers.push({ start, end });
      return true;
    case 'lyrics3': {
      if (end - start > MAXIMUM_TEXT_BYTES) {
        return false;
      }
      const bytes = await source.read(start, end - start);
      if (!startsWith(bytes, LYRICS) || !isPlainText(bytes)) {
        return false;
      }
      sheet.carriers.push({ start, end });
      return true;
    }
    case 'ape':
      return apeContent(source, end - APE_FOOTER_BYTES, sheet);
    case 'id3v2':
      return (await id3Content(source, start, sheet, 0, 'id3[appended]')) !== undefined;
  }
};

const LYRICS = utf8('LYRICSBEGIN');
const APE_FOOTER_BYTES = 32;

const apeContent = async (source: ByteSource, footerAt: number, sheet: ContentSheet): Promise<boolean> => {
  const tag = await surveyApe(source, footerAt);
  if (tag === undefined) {
    return false;
  }
  let left = MAXIMUM_TEXT_BYTES;
  const covered: ByteRange[] = [];
  for (const { key, start, valueAt, end, isText } of tag.items) {
    const isRead = isText && end - valueAt <= left;
    left -= isRead ? end - valueAt : 0;
    if (isRead && isListOfTexts(await source.read(valueAt, end - valueAt))) {
      continue;
    }
    if (key.toUpperCase() === 'AIGC') {
      sheet.anomalies.push({ site: 'ape/AIGC', offset: start, detail: `${end - valueAt} bytes in the place of a label are no text` });
    } else {
      covered.push({ start, end });
      cover(sheet, `ape/${key}`, { start, end });
    }
  }
  leaveOut(sheet, allBut(tag.start, tag.end, covered));
  return true;
};

/** Several texts of one item are separated by zeros. */
const isListOfTexts = (bytes: Uint8Array): boolean => isPlainText(bytes.map((byte) => (byte === 0 ? 0x20 : byte)));
