import { LabelError, utf8 } from '@aigc-label/core';
import { encodeUnits, strictly, type TextEncoding } from './encoding.ts';
import { encodeGb18030, isGb18030 } from './gb18030.ts';
import type { TextNoticeOptions } from './notice.ts';

/**
 * How new text is written into a plain or Markdown file: UTF-16 as its mark says, UTF-8 where all of it is, GB18030 where it surely is.
 * @throws LabelError `NOTICE_UNSUPPORTED` for other encodings, and for characters that GB18030 writes with four bytes.
 */
export const noticeEncoder = (bytes: Uint8Array, encoding: TextEncoding): ((text: string) => Uint8Array) => {
  if (encoding.unitBytes === 2) {
    return (text) => encodeUnits(text, encoding);
  }
  if (strictly('utf-8', bytes) !== undefined) {
    return utf8;
  }
  if (!isGb18030(bytes)) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      'The encoding of this text is neither UTF-8, UTF-16 nor surely GBK or GB18030; save it as UTF-8 first.',
      {
        data: { reason: 'encoding' },
      },
    );
  }
  return (text) => {
    const encoded = encodeGb18030(text);
    if (encoded === undefined) {
      throw new LabelError('NOTICE_UNSUPPORTED', 'The notice has characters that this GBK text cannot hold; save it as UTF-8 first.', {
        data: { reason: 'character' },
      });
    }
    return encoded;
  };
};

/** @throws LabelError `NOTICE_UNSUPPORTED` where a position is wanted that only what has pages knows, or, of a corner mark, one that is no corner. */
export const assertPlaces = ({ positions, form }: TextNoticeOptions): void => {
  if (positions.includes('throughout')) {
    throw noPlaceFor('throughout', 'it has no pages');
  }
  if (form === 'corner-mark' && positions.includes('middle')) {
    throw noPlaceFor('middle', 'a corner mark stands at the start or the end');
  }
};

/** There is no middle between two blocks, or no end that is seen. */
export const noPlaceFor = (position: string, reason: string): LabelError =>
  new LabelError('NOTICE_UNSUPPORTED', `This text has no place for a notice at its ${position}: ${reason}. Choose another position.`, {
    data: { reason: 'position', position },
  });
