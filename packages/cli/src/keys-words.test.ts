import { expect, test } from 'vitest';
import { secondsOf } from './keys-session.ts';
import { keysWords } from './keys-words.ts';

const leaves = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'string' || typeof value === 'function'
    ? [[path, typeof value === 'function' ? String(value('x', 2)) : value]]
    : Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));

test('every sentence exists in both languages', () => {
  const [en, zh] = [leaves(keysWords.en), leaves(keysWords.zh)];
  expect(en.map(([path]) => path)).toEqual(zh.map(([path]) => path));
  for (const [path, text] of zh) {
    expect(/\p{Script=Han}/u.test(text), path).toBe(true);
  }
  for (const [path, text] of en) {
    expect(/\p{Script=Han}/u.test(text), path).toBe(false);
  }
});

test.each<[string, number | undefined]>([
  ['2026-12-01', 1796083200],
  ['2026-12-01T08:00:00Z', 1796112000],
  ['2026-12-01T16:00+08:00', 1796112000],
  ['0', 0],
  ['1796083200', 1796083200],
  ['tomorrow', undefined],
  ['2026-13-01', undefined],
  ['2026-12-01T08:00:00', undefined],
  ['1960-01-01', undefined],
  ['', undefined],
])('%j is %j seconds', (text, seconds) => {
  if (seconds === undefined) {
    expect(() => secondsOf('--at', text, keysWords.en)).toThrow('is no time');
  } else {
    expect(secondsOf('--at', text, keysWords.en)).toBe(seconds);
  }
});
