import { expect, test } from 'vitest';
import { allWords } from './words.ts';

const leaves = (value: unknown, path = ''): readonly (readonly [string, string])[] => {
  if (typeof value === 'function') {
    const counts = {
      labelled: 1,
      updated: 0,
      unchanged: 0,
      done_earlier: 0,
      refused: 2,
      not_begun: 0,
      violations: 0,
      unlabelled: 1,
      undetermined: 0,
      errors: 0,
    };
    const facts = { measure: 'x', found: 1, required: 2, clause: 'y', path: 'z', pixels: 3, percent: 4 };
    return [[path, String(/summary/.test(path) ? value(counts, true) : value(/shortfall|drawn/.test(path) ? facts : 3, 'jws'))]];
  }
  return typeof value === 'string' ? [[path, value]] : Object.entries(value as object).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));
};

test('every sentence exists in both languages', () => {
  // English reasons are the errors' own sentences.
  const [en, zh] = [leaves({ ...allWords.en, reasons: {} }), leaves({ ...allWords.zh, reasons: {} })];
  expect(en.map(([path]) => path)).toEqual(zh.map(([path]) => path));
  for (const [path, text] of [...en, ...zh]) {
    expect(text, path).not.toMatch(/undefined|\[object|^$/);
  }
  for (const [path, text] of zh) {
    expect(/\p{Script=Han}|：/u.test(text) || /badgePosition/.test(path), `${path}: ${text}`).toBe(true);
  }
});
