// All comments of a list, for whoever has to tell texts from what is none: Vorbis I §5.2.
import { type ByteSource, latin1, viewOf } from '@aigc-label/core';
import { MAXIMUM_COMMENTS } from './read-comments.ts';
import { windowReader } from './window-reader.ts';

/** A comment of a surveyed list; offsets are of the source, `start` that of its length field. */
export interface SurveyedComment {
  /** In capitals; empty for the name of the program that wrote the list, and where there is none. */
  readonly name: string;
  readonly start: number;
  readonly textAt: number;
  readonly end: number;
}

/** The program's name and the comments of the list at `start`, and where it ends; `undefined` where it does not end before `limit`. */
export const surveyComments = async (
  source: ByteSource,
  start: number,
  limit: number,
): Promise<{ readonly comments: readonly SurveyedComment[]; readonly end: number } | undefined> => {
  const read = windowReader(source);
  const comments: SurveyedComment[] = [];
  let position = start;
  const next = async (isNamed: boolean): Promise<boolean> => {
    const textAt = position + 4;
    const end = textAt > limit ? Number.POSITIVE_INFINITY : textAt + viewOf(await read(position, 4)).getUint32(0, true);
    if (end > limit) {
      return false;
    }
    const head = isNamed ? latin1(await read(textAt, Math.min(NAME_WINDOW_BYTES, end - textAt))) : '';
    comments.push({ name: head.slice(0, Math.max(0, head.indexOf('='))).toUpperCase(), start: position, textAt, end });
    position = end;
    return true;
  };
  if (!(await next(false)) || position + 4 > limit) {
    return undefined;
  }
  const count = viewOf(await read(position, 4)).getUint32(0, true);
  position += 4;
  for (let index = 0; index < count; index += 1) {
    if (index === MAXIMUM_COMMENTS || !(await next(true))) {
      return undefined;
    }
  }
  return { comments, end: position };
};

/** Enough for any name that is asked for, with its `=`. */
const NAME_WINDOW_BYTES = 32;
