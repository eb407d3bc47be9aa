import { describe, expect, test } from 'vitest';
import { printable, printableJson, shortened } from './printable.ts';

describe('printable', () => {
  test.each([
    ['plain 文字 é 🎨', 'plain 文字 é 🎨'],
    ['a\nb\tc\r', 'a\\nb\\tc\\r'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['\u009b31m\u007f\0', '\\u{9b}31m\\u{7f}\\u{0}'],
    ['gnp.\u202exe', 'gnp.\\u{202e}xe'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('JSON stays the same value and is harmless', () => {
    const value = { name: '\u001b[31m\u202e\u2028\u{e0041}\u009b文\ud800', list: [1, null, true] };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toMatch(/^[\x20-\x7e文]*$/);
  });

  test('shortening counts characters, not halves of them', () => {
    expect(shortened('🎨🎨🎨', 2)).toBe('🎨🎨…');
    expect(shortened('abc', 3)).toBe('abc');
    expect(shortened('x'.repeat(1_000_000), 5)).toBe('xxxxx…');
  });
});
