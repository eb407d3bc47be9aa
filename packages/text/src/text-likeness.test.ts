import { bytesSource, utf8 } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { TEXT_LIKENESS_THRESHOLD, textLikeness } from './text-likeness.ts';

const likeness = async (a: string, b: string, [from, to] = ['markdown', 'html']): Promise<number> =>
  (await textLikeness.compare({ source: bytesSource(utf8(a)), format: from! }, { source: bytesSource(utf8(b)), format: to! })).similarity;
const english =
  'The moon rose over the river, and the boats lay still. Nobody had asked the ferryman where he went at night; he would have told them.';
const chinese = '月亮升起在河上，船静静地停着。没有人问过摆渡人夜里去了哪里，他本来会告诉他们的。';

describe('likeness of texts', () => {
  it.each([english, chinese])('finds a text again in other markup', async (text) => {
    const html = `<!doctype html><html><head><title>t</title><style>p{}</style></head><body><p>${text.replace(/[,，]/, ' <b>,</b>\n')}</p><script>x()</script></body></html>`;
    expect(await likeness(`---\ntitle: x\n---\n\n${text}\n`, html)).toBeGreaterThan(TEXT_LIKENESS_THRESHOLD);
    expect(await likeness(text, `${text.toUpperCase()}\nAIGC:{"Label":"1"}\n`, ['plain', 'plain'])).toBeGreaterThan(TEXT_LIKENESS_THRESHOLD);
  });

  it('tells others apart, also one of which a part was changed', async () => {
    expect(await likeness(english, chinese)).toBe(0);
    expect(await likeness(english, english.replace('Nobody had asked the ferryman', 'Everybody knew the old man'))).toBeLessThan(
      TEXT_LIKENESS_THRESHOLD,
    );
    expect(await likeness(english, `${english} ${chinese}`)).toBeLessThan(TEXT_LIKENESS_THRESHOLD);
    expect(await likeness('', '')).toBe(0);
  });

  it('refuses documents whose words it cannot read', async () => {
    await expect(likeness(english, english, ['docx', 'plain'])).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });
});
