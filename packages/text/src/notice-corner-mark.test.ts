import { applySplices, bytesSource, fromUtf8, utf8 } from '@aigc-label/core';
import { sampleSlotText } from '@aigc-label/test-fixtures';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { findTextNotice } from './find-notice.ts';
import { textFormats } from './formats/index.ts';
import { type TextNoticeOptions, textNotice } from './notice.ts';

const corner: TextNoticeOptions = { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' };

const mark = async (content: string, id: string, options: TextNoticeOptions = corner): Promise<string> => {
  const bytes = utf8(content);
  const marked = await textNotice.apply(bytesSource(bytes), id, options);
  return fromUtf8(marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices'))!;
};
const find = (content: string, id: string) => findTextNotice(bytesSource(utf8(content)), id);
const sup = (position: string) =>
  `<sup role="note" lang="zh-CN" class="aigc-corner-mark" data-aigc-notice="${position}" aria-label="人工智能生成">AI</sup>`;

describe('corner marks', () => {
  it.each([
    ['plain', '标题\n正文\n', '【AI】\n\n标题\n正文\n\n【AI】\n'],
    ['markdown', '---\nt: 1\n---\n# 标题\n\n- 正文\n', '---\nt: 1\n---\n【AI】\n\n# 标题\n\n- 正文\n\n【AI】\n'],
    [
      'html',
      '<title>é</title><main><h1>标题</h1><p>正文</p></main>',
      `<title>é</title><main><h1>标题${sup('start')}</h1><p>正文</p><p>${sup('end')}</p></main>`,
    ],
    ['html', '<title>é</title><p>正文</p>', `<title>é</title><p>${sup('start')}</p><p>正文</p><p>${sup('end')}</p>`],
  ])('in %s: %j', async (id, before, after) => {
    expect(await textNotice.isPresent(bytesSource(utf8(before)), id, corner)).toBe(false);
    expect(await mark(before, id)).toBe(after);
    expect(await mark(after, id)).toBe(after);
    expect(await textNotice.isPresent(bytesSource(utf8(after)), id, corner)).toBe(true);
    expect(await textNotice.isPresent(bytesSource(utf8(after)), id, { ...corner, text: 'AI生成', form: 'sentence' })).toBe(false);
    expect(await find(after, id)).toEqual(['start', 'end'].map((position) => ({ position, form: 'corner-mark', text: 'AI' })));
    const format = textFormats.find((one) => one.id === id)!;
    const labelled = applySplices(utf8(after), await format.plan(bytesSource(utf8(after)), sampleSlotText));
    expect(await textNotice.isPresent(bytesSource(labelled), id, corner)).toBe(true);
  });

  it.each([
    ['plain', '【AI】新闻\n正文\n'],
    ['plain', '【AI前沿】\n正文\n'],
    ['plain', 'AI\n正文\n'],
    ['markdown', '# 【AI】\n\n正文\n'],
    ['html', '<h1>AI</h1><sup>AI</sup><p>正文'],
    ['html', '<p class="aigc-notice" data-aigc-notice="start">其他</p><p>正文'],
  ])('are not found where none is: %s %j', async (id, content) => {
    expect(await find(content, id)).toEqual([]);
  });

  it('may say AI alone, and nothing longer than a mark; no middle, no pages', async () => {
    for (const options of [{ text: '生成' }, { text: 'AI'.repeat(9) }, { text: 'AI', form: 'sentence' }, { form: 'badge' as 'sentence' }] as const) {
      await expect(mark('a', 'plain', { ...corner, ...options })).rejects.toThrow(TypeError);
    }
    for (const id of ['plain', 'markdown', 'html']) {
      await expect(mark('a\n\nb', id, { ...corner, positions: ['middle'] })).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
      await expect(mark('a\n\nb', id, { ...corner, positions: ['throughout'] })).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    }
    await expect(mark('{}', 'json')).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });
});

describe('a notice in a page', () => {
  const options: TextNoticeOptions = { text: 'AI生成', positions: ['start'] };
  const p = '<p role="note" lang="zh-CN" class="aigc-notice" data-aigc-notice="start">AI生成</p>';
  it.each([
    // Who skips the navigation comes to the notice first.
    ['<body><a href="#m">é</a><nav>1</nav><main id="m"><p>x</p></main>', `<body><a href="#m">é</a><nav>1</nav><main id="m">${p}<p>x</p></main>`],
    ['<body><main hidden>é</main><main><p>x</p></main>', `<body><main hidden>é</main><main>${p}<p>x</p></main>`],
    ['<body><template><main>é</main></template><p>x', `<body>${p}<template><main>é</main></template><p>x`],
    ['---\ntitle: é\n---\n<!doctype html><p>x', `---\ntitle: é\n---\n<!doctype html>${p}<p>x`],
    ['<p>é</p>', `${p}<p>é</p>`],
  ])('%s', async (before, after) => {
    expect(await mark(before, 'html', options)).toBe(after);
    expect(await textNotice.isPresent(bytesSource(utf8(after)), 'html', options)).toBe(true);
    const body = parse(after).childNodes.at(-1) as DefaultTreeAdapterTypes.Element;
    expect(JSON.stringify(body, (key, value: unknown) => (key === 'parentNode' ? undefined : value))).toContain('data-aigc-notice');
    expect(await find(after, 'html')).toEqual([{ position: 'start', form: 'text', text: 'AI生成' }]);
  });

  it('is not seen in what is hidden', async () => {
    const hidden = `<body><div style="display: none">${p}</div><p>x`;
    expect(await textNotice.isPresent(bytesSource(utf8(hidden)), 'html', options)).toBe(false);
    await expect(mark('<body aria-hidden="true"><p>x', 'html', options)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });
});
