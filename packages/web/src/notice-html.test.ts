import { describe, expect, it } from 'vitest';
import { AigcNotice, defineAigcNotice, isNoticeText, noticeHtml } from './index.ts';

describe('where there is no document', () => {
  it('the module loads, and defines nothing', () => {
    expect(typeof AigcNotice).toBe('function');
    expect(() => defineAigcNotice()).not.toThrow();
  });

  it('a notice is written as HTML', () => {
    const html = noticeHtml('<p>text</p>', { text: 'AI生成 & "more" <b>', position: 'below' });
    expect(html).toMatch(/^<aigc-notice position="below" text="AI生成 &amp; &quot;more&quot; &lt;b&gt;"><template shadowrootmode="open"><style>/);
    expect(html).toContain('<span lang="zh-CN">AI生成 &amp; &quot;more&quot; &lt;b&gt;</span>');
    expect(html.endsWith('</template><p>text</p></aigc-notice>')).toBe(true);
    expect(html.indexOf('<slot>')).toBeLessThan(html.indexOf('role="note"'));
    expect(noticeHtml('', { lang: 'en', nonce: 'a"b' })).toMatch(
      /^<aigc-notice position="above" lang="en">.*<style nonce="a&quot;b">.*<span lang="zh-CN">AI生成<\/span> · <span lang="en">AI-generated<\/span>/s,
    );
  });

  it.each([
    { text: '' },
    { text: 'AI-generated' },
    { text: '人工智能' },
    { text: 'AI\u202e生成' },
    { text: `AI生成${'a'.repeat(200)}` },
    { lang: '"' },
    { position: 'nowhere' as never },
  ])('misuse is told: %j', (options) => {
    expect(() => noticeHtml('', options)).toThrow(TypeError);
  });

  it('both elements, in one line', () => {
    expect(['AI生成', '人工智能合成', '本内容由人工智能生成合成'].every(isNoticeText)).toBe(true);
  });
});
