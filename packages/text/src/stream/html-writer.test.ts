import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { type NoticeStreamOptions, noticeStream } from './index.ts';

const note = (position: string): string => `<p role="note" lang="zh-CN" class="aigc-notice" data-aigc-notice="${position}">AI生成</p>`;
const [S, E] = [note('start'), note('end')];
const options: NoticeStreamOptions = { kind: 'html', positions: ['start', 'end'] };

const textOf = async (chunks: readonly string[], given = options): Promise<string> => {
  const source = new ReadableStream<string>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(chunk);
      }
      controller.close();
    },
  });
  const reader = source.pipeThrough(noticeStream<string>(given)).getReader();
  let out = '';
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    out += read.value;
  }
  return out;
};

/** The names of the elements around each notice, as a browser builds them. */
const around = (html: string, position: string): readonly string[] => {
  const found: string[] = [];
  const walk = (node: DefaultTreeAdapterTypes.Node, path: string): void => {
    if ('attrs' in node && node.attrs.some(({ name, value }) => name === 'data-aigc-notice' && value === position)) {
      found.push(path);
    }
    const inner = 'content' in node ? node.content.childNodes : 'childNodes' in node ? node.childNodes : [];
    for (const child of inner) {
      walk(child, `${path}/${node.nodeName}`);
    }
  };
  walk(parse(html), '');
  return found;
};

describe('HTML', () => {
  it.each([
    ['<p>a</p>', `${S}<p>a</p>${E}`],
    ['text', `${S}text${E}`],
    ['<h1>a', `${S}<h1>a</h1>${E}`],
    ['<ul><li>a<li><b>b', `${S}<ul><li>a<li><b>b</b></li></li></ul>${E}`],
    ['<script>if (a < b) "</scriptx>', `${S}<script>if (a < b) "</scriptx></script>${E}`],
    ['<!-- a', `${S}<!-- a-->${E}`],
    ['<a href="x', `${S}<a href="x"></a>${E}`],
    ["<a title='>' href=y>z", `${S}<a title='>' href=y>z</a>${E}`],
    ['<span><p>a', `${S}<span><p>a</p></span>${E}`],
    ['<p>a<b>b', `${S}<p>a<b>b</b>${E}`],
    ['a <', `${S}a <${E}`],
    ['a </', `${S}a </>${E}`],
    ['<!doctype html><title>t</title><body class=a><p>x</body></html>', `<!doctype html><title>t</title><body class=a>${S}<p>x</body></html>${E}`],
    ['\n<html><head><title>t</title></head><body>', `\n<html><head><title>t</title></head><body>${S}${E}`],
    ['<!DOCTYPE html><p>no body tag', `<!DOCTYPE html><p>no body tag${E}`],
    ['<header>', `${S}<header></header>${E}`],
    ['<h', `${S}<h></h>${E}`],
  ])('%j', async (html, expected) => {
    expect(await textOf([html])).toBe(expected);
    expect(await textOf([...html])).toBe(expected);
    expect(around(expected, 'end')).toEqual(['/#document/html/body']);
  });

  it.each(['<svg><path/><style><!--', '<select><option><style><textarea>', '<svg><title>a', '<math><mi>x', '<select><option>a', '<svg><script>'])(
    'where parsers do not agree: %j',
    async (html) => {
      expect(around(await textOf([html]), 'end')).toEqual(['/#document/html/body']);
    },
  );

  it('a language, and characters that are markup', async () => {
    const out = await textOf(['a'], { kind: 'html', text: 'AI生成 <&>', lang: 'zh-Hant' });
    expect(out).toBe('<p role="note" lang="zh-Hant" class="aigc-notice" data-aigc-notice="start">AI生成 &lt;&amp;></p>a');
    expect(() => noticeStream({ kind: 'html', lang: '"' })).toThrow(TypeError);
  });

  it('any HTML, cut anywhere: the same, and another parser sees the notice outside of what was open', async () => {
    const parts = fc.array(
      fc.constantFrom(
        ...[
          '<',
          '>',
          '/',
          '"',
          "'",
          '=',
          ' ',
          '-',
          '--',
          '!',
          'a',
          'text',
          '<p>',
          '<div>',
          '<span>',
          '</div>',
          '<b>',
          '</b>',
          '<ul><li>',
          '<table><tr><td>',
          '</table>',
        ],
        ...['<!--', '-->', '<script>', '</script>', '<style>', '</style>', '<textarea>', '<title>', '<a href=', '<h2>', '<br>', '<template>'],
        ...['<!doctype html>', '<body>', '<details>', '</details>', '你好', '\n', '<?'],
      ),
      { maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(
        parts.map((all) => all.join('')).filter((html) => html !== ''),
        fc.array(fc.nat(80), { maxLength: 8 }),
        async (html, cuts) => {
          const whole = await textOf([html]);
          const at = [...new Set(cuts.map((cut) => cut % (html.length + 1)))].toSorted((a, b) => a - b);
          expect(await textOf([0, ...at].map((from, index) => html.slice(from, at[index] ?? html.length)))).toBe(whole);
          expect(whole.replace(S, '').startsWith(html)).toBe(true);
          expect(around(whole, 'end')).toEqual(['/#document/html/body']);
        },
      ),
      { seed: 20_260_901, numRuns: 600 },
    );
  });
});
