import { concat, LabelError, type Splice, u32le, utf8 } from '@aigc-label/core';
import type { CommentMatch, VorbisComments } from './read-comments.ts';

/** What changes in a comment list. */
export interface VorbisCommentEdit {
  /** Comments that go; from `comments.matches`. */
  readonly remove: readonly CommentMatch[];
  /** The comment that comes, behind the last one. */
  readonly insert?: { readonly name: string; readonly text: string };
}

/**
 * The splices of one edit, the number of comments included; offsets are of the source that was read.
 *
 * @throws LabelError `FILE_DAMAGED` or `LIMIT_EXCEEDED` where the list was not understood to its end.
 */
export const editVorbisComments = (comments: VorbisComments, { remove, insert }: VorbisCommentEdit, site: string): readonly Splice[] => {
  if (comments.problem !== undefined) {
    const { code, offset, what } = comments.problem;
    throw new LabelError(
      code === 'limit' ? 'LIMIT_EXCEEDED' : 'FILE_DAMAGED',
      `The comments cannot be edited: ${what}. Let a tag editor write them anew.`,
      {
        data: { site, offset, what },
      },
    );
  }
  const count = comments.count - remove.length + (insert === undefined ? 0 : 1);
  return [
    ...(count === comments.count ? [] : [{ at: comments.countAt, remove: 4, insert: u32le(count) }]),
    ...remove.map(({ start, end }): Splice => ({ at: start, remove: end - start, insert: new Uint8Array() })),
    ...(insert === undefined ? [] : [{ at: comments.end, remove: 0, insert: comment(insert.name, insert.text) }]),
  ];
};

/** A list of one comment, with the name of the program that writes it. */
export const newVorbisComments = (vendor: string, name: string, text: string): Uint8Array => {
  const program = utf8(vendor);
  return concat(u32le(program.length), program, u32le(1), comment(name, text));
};

const comment = (name: string, text: string): Uint8Array => {
  const bytes = utf8(`${name}=${text}`);
  return concat(u32le(bytes.length), bytes);
};
