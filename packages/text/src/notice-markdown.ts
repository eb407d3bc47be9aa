import { LabelError } from '@aigc-label/core';
import { encodingOf } from './encoding.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { frontMatterOf } from './front-matter.ts';
import { endingOf, isBlank, linesOf, type TextLine } from './lines.ts';
import { topLevelOf } from './markdown-blocks.ts';
import { bodyCarriers } from './markdown-carriers.ts';
import type { NoticePlan, TextNoticeOptions } from './notice.ts';
import { assertPlaces, noticeEncoder } from './notice-encoder.ts';
import { bracketed, linesNotice } from './notice-lines.ts';

/** A block quote between blocks of the body, or a corner mark in brackets (`<sup>` would be taken out by many renderers): behind front matter, never inside a fence, a list, a table or HTML. */
export const markdownNotice = (bytes: Uint8Array, options: TextNoticeOptions): NoticePlan => {
  assertPlaces(options);
  const encoding = encodingOf(bytes);
  const content = bytes.subarray(encoding.markBytes);
  const lines = linesOf(content, encoding.markBytes, encoding);
  const frontMatter = frontMatterOf(lines, encoding, true);
  if (frontMatter.kind === 'other') {
    throw new LabelError('NOTICE_UNSUPPORTED', 'The front matter of this file is TOML or JSON; convert it to YAML first.', {
      data: { reason: 'front-matter' },
    });
  }
  if (content.length % encoding.unitBytes !== 0 || (frontMatter.kind !== 'none' && frontMatter.kind !== 'yaml')) {
    throw new LabelError(
      'FILE_DAMAGED',
      'The front matter of this file is not closed or not YAML, or the file ends in half a character; correct it first.',
      {
        data: { site: 'markdown/front-matter' },
      },
    );
  }
  const carriers = bodyCarriers({ encoding, frontMatter, head: lines, tail: lines, isWhole: true, hasOddByte: false });
  const isLabel = (line: TextLine): boolean => carriers.some(({ at, end }) => line.at >= at && line.at < end);
  let from = frontMatter.lineCount;
  for (let index = from; index < lines.length && isSkipped(lines[index], isLabel); index += 1) {
    from = isBlank(lines[index] as TextLine) ? from : index + 1;
  }
  let until = lines.length;
  for (let index = until - 1; index >= from && isSkipped(lines[index], isLabel); index -= 1) {
    until = isBlank(lines[index] as TextLine) ? until : index;
  }
  const ending = endingOf(lines);
  const { boundaries, openEnd } = topLevelOf(lines, from, until);
  return linesNotice(
    {
      lines,
      from,
      until,
      emptyAt: lines[from - 1]?.end ?? encoding.markBytes,
      encoding,
      ending: ending === '\r' ? '\n' : ending,
      isLazy: true,
      encode: noticeEncoder(content, encoding),
      boundaries,
      openEnd,
    },
    options.form === 'corner-mark' ? bracketed(escapeMarkdown(options.text)) : `> ${escapeMarkdown(options.text)}`,
    options.positions,
  );
};

const isSkipped = (line: TextLine | undefined, isLabel: (line: TextLine) => boolean): boolean =>
  line !== undefined && (isBlank(line) || isLabel(line));
