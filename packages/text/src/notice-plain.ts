import { LabelError } from '@aigc-label/core';
import { encodingOf } from './encoding.ts';
import { endingOf, isBlank, linesOf } from './lines.ts';
import type { NoticePlan, TextNoticeOptions } from './notice.ts';
import { assertPlaces, noticeEncoder } from './notice-encoder.ts';
import { bracketed, linesNotice } from './notice-lines.ts';
import { plainCarriers } from './plain-carriers.ts';

/** A paragraph of its own; behind a label that stands first, before one that stands last. */
export const plainNotice = (bytes: Uint8Array, options: TextNoticeOptions): NoticePlan => {
  assertPlaces(options);
  const encoding = encodingOf(bytes);
  const content = bytes.subarray(encoding.markBytes);
  if (content.length % encoding.unitBytes !== 0) {
    throw new LabelError('FILE_DAMAGED', 'This UTF-16 text ends in half a character; export it again from its source.', { data: { site: 'plain' } });
  }
  const lines = linesOf(content, encoding.markBytes, encoding);
  const carriers = plainCarriers({ encoding, head: lines, tail: lines, isWhole: true, hasOddByte: false });
  const bodyAt = carriers.findLast(({ where }) => where === 'first')?.end ?? encoding.markBytes;
  const bodyEnd = carriers.find(({ where }) => where === 'last')?.at ?? bytes.length;
  const from = indexAt(lines, bodyAt);
  const until = indexAt(lines, bodyEnd);
  const inside = lines.map((_line, index) => index).filter((index) => index > from && index < until && !isBlank(lines[index] ?? NO_LINE));
  const paragraphs = inside.filter((index) => isBlank(lines[index - 1] ?? NO_LINE) && lines.slice(from, index).some((line) => !isBlank(line)));
  return linesNotice(
    {
      lines,
      from,
      until,
      emptyAt: bodyAt,
      encoding,
      ending: endingOf(lines),
      isLazy: false,
      encode: noticeEncoder(content, encoding),
      // A text without blank lines has a paragraph a line, as Chinese prose often has.
      boundaries: paragraphs.length > 0 ? paragraphs : inside,
    },
    options.form === 'corner-mark' ? bracketed(options.text) : options.text,
    options.positions,
  );
};

const NO_LINE = { text: '', at: 0, end: 0, ending: '' };

const indexAt = (lines: readonly { readonly at: number }[], at: number): number => {
  const found = lines.findIndex((line) => line.at >= at);
  return found < 0 ? lines.length : found;
};
