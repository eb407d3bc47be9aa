// Comment lists as Vorbis I §5.2 has them; Opus (RFC 7845 §5.2), FLAC (RFC 9639 §8.6), Theora (§6.3.3) and Speex use the same.
import { type Anomaly, type ByteSource, fromUtf8, isLooseLabel, latin1, viewOf } from '@aigc-label/core';
import { windowReader } from './window-reader.ts';

/** Comments of an honest list; each costs a read. */
export const MAXIMUM_COMMENTS: number = 10_000;

/** The longest text that is read from a comment, in bytes. */
export const MAXIMUM_COMMENT_BYTES: number = 64 << 10;

/** Bytes of comments whose text is read from one list, in all. */
const MAXIMUM_READ_BYTES = 256 << 10;

/** A comment that holds a label; offsets are of the source, its length field included. */
export interface CommentMatch {
  /** As it stands; names are compared without regard to case. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** `undefined` where it is too long, or not UTF-8. */
  readonly text: string | undefined;
}

/** A comment list and what is needed to edit it; offsets are of the source. */
export interface VorbisComments {
  readonly start: number;
  /** Where the number of comments stands. */
  readonly countAt: number;
  readonly count: number;
  /** Behind the last comment. */
  readonly end: number;
  readonly matches: readonly CommentMatch[];
  /** Set where the list was not understood to its end, so that no edit is safe. */
  readonly problem: { readonly code: 'damaged' | 'limit'; readonly offset: number; readonly what: string } | undefined;
  readonly anomalies: readonly Anomaly[];
}

/** Names under which people put a label as a free text (spec/labels.md §5.1, rows 8 and 13). */
const LOOSE_NAMES: readonly string[] = ['COMMENT', 'DESCRIPTION', 'COMMENTS'];

/** Enough for any name that is asked for, with its `=`. */
const NAME_WINDOW_BYTES = 32;

/**
 * Reads the list that stands at `start`.
 *
 * @param limit where it must end. @param key of the comments that are wanted, ASCII. @param site for anomalies; offsets in them are of the source.
 */
export const readVorbisComments = async (
  source: ByteSource,
  start: number,
  limit: number,
  { key, site }: { readonly key: string; readonly site: string },
): Promise<VorbisComments> => {
  const read = windowReader(source);
  const matches: CommentMatch[] = [];
  const anomalies: Anomaly[] = [];
  let [position, countAt, count, budget] = [start, start, 0, MAXIMUM_READ_BYTES];
  const result = (problem?: VorbisComments['problem']): VorbisComments => {
    const said: readonly Anomaly[] = problem === undefined ? [] : [{ code: problem.code, site, offset: problem.offset, detail: problem.what }];
    return { start, countAt, count, end: position, matches, problem, anomalies: [...anomalies, ...said] };
  };
  const bad = (what: string): VorbisComments => result({ code: 'damaged', offset: position, what });
  const lengthAt = async (offset: number): Promise<number | undefined> =>
    offset + 4 > limit ? undefined : viewOf(await read(offset, 4)).getUint32(0, true);

  const vendorBytes = await lengthAt(start);
  if (vendorBytes === undefined || start + 4 + vendorBytes + 4 > limit) {
    return bad('the comments end inside the name of the program that wrote them');
  }
  countAt = start + 4 + vendorBytes;
  count = (await lengthAt(countAt)) ?? 0;
  position = countAt + 4;
  for (let index = 0; index < count; index += 1) {
    if (index === MAXIMUM_COMMENTS) {
      return result({ code: 'limit', offset: position, what: `there are more than ${MAXIMUM_COMMENTS} comments` });
    }
    const bytes = await lengthAt(position);
    const textAt = position + 4;
    if (bytes === undefined || textAt + bytes > limit) {
      return bad(`comment ${index + 1} of ${count} reaches beyond the list`);
    }
    const head = latin1(await read(textAt, Math.min(NAME_WINDOW_BYTES, bytes)));
    const nameBytes = head.indexOf('=');
    const upper = head.slice(0, Math.max(0, nameBytes)).toUpperCase();
    const isOurs = nameBytes > 0 && upper === key.toUpperCase();
    if (isOurs || (nameBytes > 0 && LOOSE_NAMES.includes(upper))) {
      const isRead = bytes <= Math.min(MAXIMUM_COMMENT_BYTES, budget);
      budget -= isRead ? bytes : 0;
      const text = isRead ? fromUtf8((await source.read(textAt, bytes)).subarray(nameBytes + 1)) : undefined;
      if (isOurs || (text !== undefined && isLooseLabel(text, key))) {
        matches.push({ name: head.slice(0, nameBytes), start: position, end: textAt + bytes, text });
      }
      if (isOurs && text === undefined) {
        anomalies.push({ code: isRead ? 'undecodable' : 'limit', site, offset: position, detail: `comment ${key} of ${bytes} bytes` });
      }
    }
    position = textAt + bytes;
  }
  return result();
};
