import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { tailLabel } from '../tail-label.ts';
import { differenceOf } from './difference.ts';

describe('differenceOf', () => {
  it('is one splice, or none', async () => {
    for (const [before, after] of [
      ['same', 'same'],
      ['abcdef', 'abXYdef'],
      ['aaaa', 'aaaaaa'],
      ['abcabc', 'abc'],
      ['', 'new'],
    ] as const) {
      const splices = await differenceOf(bytesSource(utf8(before)), bytesSource(utf8(after)));
      expect(splices).toHaveLength(before === after ? 0 : 1);
      expect(applySplices(utf8(before), splices)).toEqual(utf8(after));
    }
  });
});

describe('tailLabel', () => {
  it('ends with the file, save for a short mark', async () => {
    const label = '{"AIGC":{"Label":"1"}}';
    expect(await tailLabel(bytesSource(utf8(`pixels${label}##END##`)))).toEqual({ start: 6, value: label });
    expect(await tailLabel(bytesSource(utf8(`pixels${label}${'p'.repeat(65)}`)))).toBeUndefined();
  });
});
