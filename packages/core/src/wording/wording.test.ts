import { describe, expect, test } from 'vitest';
import { wordings } from './wordings.ts';

const sentences = (value: unknown, path: string): readonly (readonly [string, string])[] => {
  if (typeof value === 'string') {
    return [[path, value]];
  }
  if (typeof value === 'function') {
    const facts = {
      path: 'a.png',
      site: 'png/IHDR',
      offset: 12,
      field: 'Label',
      value: 'x',
      producer: 'p',
      produceId: 'i',
      key: 'k',
      place: 'l',
      problem: 'p.',
    };
    return [[path, value.length === 1 && path.startsWith('deviations') ? value('Label') : value(facts, 'An English sentence.')]];
  }
  return Object.entries(value as object).flatMap(([name, inner]) => sentences(inner, path === '' ? name : `${path}.${name}`));
};

describe('wording', () => {
  test('both languages say something at the same places', () => {
    const [en, zh] = [sentences(wordings.en, ''), sentences(wordings.zh, '')];
    expect(en.map(([path]) => path)).toEqual(zh.map(([path]) => path));
    for (const [path, text] of [...en, ...zh]) {
      expect(text !== '' || path === 'integrities.unsigned.next' || path === 'integrities.verified.next', path).toBe(true);
      expect(text, path).not.toMatch(/undefined|\[object/);
    }
  });

  test('Chinese sentences are Chinese, also where the error only knows English', () => {
    for (const [path, text] of sentences(wordings.zh, '')) {
      expect(text === '' || /\p{Script=Han}/u.test(text), `${path}: ${text}`).toBe(true);
      expect(text).not.toContain('English');
    }
  });

  test('nothing found never means that a person made it', () => {
    expect(wordings.en.actions.none.meaning).toContain('never means that a person made it');
    expect(wordings.zh.actions.none.meaning).toContain('绝不表示内容由人创作');
  });

  test('an invalid field says why', () => {
    expect(wordings.zh.errors.LABEL_INVALID({ field: 'ContentProducer', reason: 'charset', value: '公司' }, '')).toContain('“公司”');
    expect(wordings.en.errors.LABEL_INVALID({ field: 'ContentProducer', reason: 'charset', value: '公司' }, '')).toContain('Annex E j)');
  });

  test.each(['en', 'zh'] as const)('%s: a label that names nobody is told of as one', (language) => {
    const sentence = wordings[language].errors.LABEL_DISAGREES({ producer: '', produceId: '' }, '');
    expect(sentence).not.toMatch(/ {2}|ProduceID/);
    expect(sentence).toContain('aigc-label propagate');
  });
});
