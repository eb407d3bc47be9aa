// Labels in Markdown, as `plan` takes them out (spec/content/text.md §3.2).
import type { ByteRange } from '@aigc-label/core';
import type { MarkdownEnds } from '../front-matter.ts';
import type { TextLine } from '../lines.ts';
import type { BodyCarrier } from '../markdown-carriers.ts';

/** The lines of labels. Front matter in which nothing else stands is there for the label only, and goes with it. */
export const markdownCuts = ({ frontMatter, head }: MarkdownEnds, body: readonly BodyCarrier[]): readonly ByteRange[] => {
  const removable = body.filter(({ isRemovable }) => isRemovable).map(({ at, end }) => ({ start: at, end }));
  const piece = frontMatter.piece?.kind === 'mapping' ? frontMatter.piece : undefined;
  if (frontMatter.kind !== 'yaml' || piece?.indent === undefined || piece.entries.some(({ isRemovable }) => !isRemovable)) {
    return removable;
  }
  const { inner, lineCount } = frontMatter;
  const lines = piece.entries.map(({ firstLine, endLine }) => inner.slice(firstLine, endLine));
  const isAlone = inner.length === new Set(lines.flat()).size && isFence(head[0]) && isFence(head[lineCount - 1]);
  return [...(isAlone ? [rangeOf(head.slice(0, lineCount))] : lines.map(rangeOf)), ...removable];
};

const isFence = (line: TextLine | undefined): boolean => line?.text === '---';

const rangeOf = (lines: readonly TextLine[]): ByteRange => ({ start: lines[0]?.at ?? 0, end: lines.at(-1)?.end ?? 0 });
