import { utf8 } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { encodingOf } from './encoding.ts';
import { linesOf } from './lines.ts';
import { topLevelOf } from './markdown-blocks.ts';

const topLevel = (text: string): ReturnType<typeof topLevelOf> => {
  const bytes = utf8(text);
  const lines = linesOf(bytes, 0, encodingOf(bytes));
  return topLevelOf(lines, 0, lines.length);
};

describe('top level of Markdown', () => {
  it.each([
    ['a\n\nb\n\n# c\n', [2, 4]],
    ['a\n\n\n- b\n\n- c\n\n  d\n\ne\n', [3, 9]],
    ['1. a\n\n2. b\n', []],
    ['a\n\n    code\n\nb\n', [4]],
    ['```\n\nx\n\n```\n\na\n', [6]],
    ['````\n\n```\n\n````\n\na\n', [6]],
    ['<!--\n\nx\n\n-->\n\na\n', [6]],
    ['<div>\n\na\n\n</div>\n\nb\n', [6]],
    ['<pre>\n\n<b>\n</pre>\n\n<!-- c -->\n\na\n', [5, 7]],
    ['<b>\n```\n\na\n', [3]],
    ['text\n<b>\n```\n\nx\n\n```\n\na\n', [8]],
    ['$$\n\nx\n\n$$\n\na\n', [6]],
    ['- a\n  ```\n\n  x\n  ```\n\nb\n', [6]],
    ['- a\n\n  ```\nb\n\nc\n', []],
    ['a\n\n: b\n', []],
  ])('blocks of %j begin at %j', (text, boundaries) => {
    expect(topLevel(text)).toEqual({ boundaries, openEnd: text === '- a\n\n  ```\nb\n\nc\n' ? expect.any(String) : undefined });
  });

  it.each(['```\na\n', '~~~\n```\n', '<!-- a\n', '<script>\n', '<details>\n\na\n', '$$\nx\n', '- ```\n', '<?php\n\na\n'])(
    '%j is open at its end',
    (text) => {
      expect(topLevel(text).openEnd).toEqual(expect.any(String));
    },
  );
});
