import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LabelError } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { outlineOf } from './badge-font.ts';

const assets = new URL('../assets/', import.meta.url);

describe('the bundled font', () => {
  it('is what scripts/subset-font.mjs makes', () => {
    const sha256 = createHash('sha256')
      .update(readFileSync(new URL('NotoSansSC-Medium-subset.ttf', assets)))
      .digest('hex');
    expect(sha256).toBe('4eccb625cdf14490955e0847f40da5be37aa804786491123ec0eb03f2e75394e');
  });

  it('ships with its licence, whose reserved name is not the font’s', () => {
    const licence = readFileSync(new URL('OFL.txt', assets), 'utf8');
    expect(licence).toContain('SIL OPEN FONT LICENSE Version 1.1');
    expect(/Reserved Font Name '([^']+)'/.exec(licence)?.[1]).toBe('Source');
    const { files } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { files: string[] };
    expect(files).toContain('assets');
  });

  it('has every character of GB/T 2312 level 1, ASCII and common punctuation', () => {
    const decoder = new TextDecoder('gb2312');
    let text = '·—…「」《》，。：；！？、（）“”';
    for (let row = 0xb0; row <= 0xd7; row += 1) {
      for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell += 1) {
        text += decoder.decode(Uint8Array.of(row, cell));
      }
    }
    for (let code = 0x21; code < 0x7f; code += 1) {
      text += String.fromCharCode(code);
    }
    expect(text.length).toBeGreaterThan(3755 + 94);
    expect([...text].filter((character) => outlineOf(character).path === '')).toEqual([]);
  });

  it.each(['😀', '龘', '\t', '\u202e', 'ก', '\ud800'])('refuses %j, which it cannot show', (character) => {
    expect(() => outlineOf(character)).toThrow(expect.objectContaining({ code: 'NOTICE_NOT_DRAWABLE' }) as LabelError);
  });
});
