// What of a list of comments is no metadata (spec/content/audio.md §5).
import { surveyComments } from '@aigc-label/containers';
import { type ByteRange, type ByteSource, type ContentAnomaly, fromUtf8 } from '@aigc-label/core';
import { isPlainText } from './content-sheet.ts';

/** Texts of one list that are looked at whether they are text, in bytes. */
const MAXIMUM_TEXT_BYTES = 4 << 20;

/** More than these that are covered one by one are none of an honest list: then all of it is covered. */
const MAXIMUM_COVERED = 256;

/** Comments that are pictures in base64, which people see. */
const PICTURES: readonly string[] = ['METADATA_BLOCK_PICTURE', 'COVERART'];

/** A list of comments with what has to be covered in it. */
export interface CommentsContent {
  /** Ascending, of the source that was read: pictures, and whatever is no text. */
  readonly covered: readonly (ByteRange & { readonly name: string })[];
  /** Where the list ends. */
  readonly end: number;
  readonly anomalies: readonly ContentAnomaly[];
}

/** The list at `start`; `undefined` where it does not end before `limit`, or too much of it is no text. */
export const commentsContent = async (source: ByteSource, start: number, limit: number, site: string): Promise<CommentsContent | undefined> => {
  const list = await surveyComments(source, start, limit);
  if (list === undefined) {
    return undefined;
  }
  const covered: (ByteRange & { readonly name: string })[] = [];
  const anomalies: ContentAnomaly[] = [];
  let left = MAXIMUM_TEXT_BYTES;
  for (const { name, start: at, textAt, end } of list.comments) {
    const isRead = !PICTURES.includes(name) && end - textAt <= left;
    left -= isRead ? end - textAt : 0;
    if (isRead && isText(await source.read(textAt, end - textAt))) {
      continue;
    }
    if (name === 'AIGC') {
      anomalies.push({ site, offset: at, detail: `${end - textAt} bytes in the place of a label are no text` });
    } else {
      covered.push({ name, start: at, end });
    }
  }
  return covered.length > MAXIMUM_COVERED ? undefined : { covered, end: list.end, anomalies };
};

const isText = (bytes: Uint8Array): boolean => isPlainText(bytes) && fromUtf8(bytes) !== undefined;
