import { bytesSource, utf8 } from '@aigc-label/core';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { textNotice } from '../notice.ts';
import { type NoticeStreamOptions, noticeStream, noticeTokens } from './index.ts';

const N = 'AI生成';
const Q = `> ${N}`;

const through = async <Chunk extends string | Uint8Array>(chunks: readonly Chunk[], options: NoticeStreamOptions): Promise<readonly Chunk[]> => {
  const out: Chunk[] = [];
  const source = new ReadableStream<Chunk>({
    start(controller) {
      chunks.forEach((chunk) => {
        controller.enqueue(chunk);
      });
      controller.close();
    },
  });
  const reader = source.pipeThrough(noticeStream<Chunk>(options)).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    out.push(read.value);
  }
  return out;
};
const textOf = async (chunks: readonly string[], options: NoticeStreamOptions = {}): Promise<string> => (await through(chunks, options)).join('');
const both: NoticeStreamOptions = { positions: ['start', 'end'] };
const html: NoticeStreamOptions = { kind: 'html', positions: ['start', 'end'] };
const plain: NoticeStreamOptions = { kind: 'plain', positions: ['start', 'end'] };
const pieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
};

describe('plain text', () => {
  it.each([
    [['Hello', ' world'], `${N}\n\nHello world\n\n${N}`],
    [['a\n'], `${N}\n\na\n\n${N}\n`],
    [['a\n', '\n'], `${N}\n\na\n\n${N}\n`],
    [['\ufeff', 'a'], `\ufeff${N}\n\na\n\n${N}`],
    [['\ud83d', '\ude00'], `${N}\n\n\u{1f600}\n\n${N}`],
    [[], ''],
    [['', ''], ''],
  ])('%j', async (chunks, expected) => {
    expect(await textOf(chunks, plain)).toBe(expected);
  });
});

describe('Markdown', () => {
  it.each([
    ['# Title\n\ntext', `${Q}\n\n# Title\n\ntext\n\n${Q}`],
    ['- a\n- b', `${Q}\n\n- a\n- b\n\n${Q}`],
    ['```js\nlet a', `${Q}\n\n\`\`\`js\nlet a\n\`\`\`\n\n${Q}`],
    ['```js\nlet a\n', `${Q}\n\n\`\`\`js\nlet a\n\`\`\`\n\n${Q}\n`],
    ['~~~~\n~~~\n```', `${Q}\n\n~~~~\n~~~\n\`\`\`\n~~~~\n\n${Q}`],
    ['```\na\n```', `${Q}\n\n\`\`\`\na\n\`\`\`\n\n${Q}`],
    ['- ```\n  a', `${Q}\n\n- \`\`\`\n  a\n\n${Q}`],
    ['-      a\n\n  ```\n  b', `${Q}\n\n-      a\n\n  \`\`\`\n  b\n\n${Q}`],
    ['-\n\n  ```\n  b', `${Q}\n\n-\n\n  \`\`\`\n  b\n\`\`\`\n\n${Q}`],
    ['-\n  a\n\n  ```\n  b', `${Q}\n\n-\n  a\n\n  \`\`\`\n  b\n\n${Q}`],
    ['> ```\n> a', `${Q}\n\n> \`\`\`\n> a\n\n${Q}`],
    ['    ```\na', `${Q}\n\n    \`\`\`\na\n\n${Q}`],
    ['```not`a fence\na', `${Q}\n\n\`\`\`not\`a fence\na\n\n${Q}`],
    ['<!-- open\n\ntext', `${Q}\n\n<!-- open\n\ntext\n-->\n\n${Q}`],
    ['<details>\n<summary>s</summary>\n\ntext', `${Q}\n\n<details>\n<summary>s</summary>\n\ntext\n\n</details>\n\n${Q}`],
    ['<div>\n<b\nclass="x">hidden\n', `${Q}\n\n<div>\n<b\nclass="x">hidden\n</b>\n</div>\n\n${Q}\n`],
    ['<script>\nlet a;', `${Q}\n\n<script>\nlet a;\n</script>\n\n${Q}`],
    ['$$\nx', `${Q}\n\n$$\nx\n$$\n\n${Q}`],
    ['| a |\n|---|\n| b |', `${Q}\n\n| a |\n|---|\n| b |\n\n${Q}`],
    ['---\ntitle: x\n---\ntext', `---\ntitle: x\n---\n${Q}\n\ntext\n\n${Q}`],
    ['---\r\ntitle: x\r\n---\r\ntext', `---\r\ntitle: x\r\n---\r\n${Q}\n\ntext\n\n${Q}`],
    ['\ufeff---\nt: 1\n---\n', `\ufeff---\nt: 1\n---\n\n${Q}\n`],
    ['---\n\ntext', `---\n${Q}\n\n\ntext\n\n${Q}`],
    ['---', `${Q}\n\n---\n\n${Q}`],
    ['--- a\nb\n\nc', `--- a\nb\n\n${Q}\n\nc\n\n${Q}`],
    ['---\ntext\nmore\n\n- a\n\n  b\n\nc', `---\ntext\nmore\n\n${Q}\n\n- a\n\n  b\n\nc\n\n${Q}`],
    ['---\nnever: closed\n', `---\nnever: closed\n\n${Q}\n`],
    ['-', `${Q}\n\n-\n\n${Q}`],
    ['--', `${Q}\n\n--\n\n${Q}`],
  ])('%j', async (text, expected) => {
    expect(await textOf([text], both)).toBe(expected);
    expect(await textOf([...text], both)).toBe(expected);
  });

  it('closes what is open only for a notice at the end', async () => {
    expect(await textOf(['```\na'], { positions: ['start'] })).toBe(`${Q}\n\n\`\`\`\na`);
    expect(await textOf(['```\na'], { positions: ['end'] })).toBe(`\`\`\`\na\n\`\`\`\n\n${Q}`);
    expect(await textOf(['---\nk: |\n  ```\n---\na'], { positions: ['end'] })).toBe(`---\nk: |\n  \`\`\`\n---\na\n\n${Q}`);
  });

  it('escapes what Markdown could take for markup', async () => {
    expect(await textOf(['a'], { text: '*AI*_生成_' })).toBe('> \\*AI\\*\\_生成\\_\n\na');
  });
});

/** Parts of Markdown, so that what is drawn is full of blocks that are open. */
const markdown = fc
  .array(
    fc.constantFrom(
      ...[
        '```',
        '````',
        '~~~',
        '`',
        'a',
        'b c',
        ' ',
        '  ',
        '    ',
        '\t',
        '\n',
        '\n',
        '\n\n',
        '\r\n',
        '- ',
        '* ',
        '1. ',
        '2) ',
        '> ',
        '>',
        '# ',
        '---',
        '===',
        '***',
      ],
      ...[
        '<div>',
        '</div>',
        '<!--',
        '-->',
        '<script>',
        '</script>',
        '<pre>',
        '<?',
        '?>',
        '<![CDATA[',
        '<span>',
        '<x-y a="b">',
        '<br',
        '/>',
        '| a |',
        '|---|',
      ],
      ...['$', '[a]: b', '你好', '\u{1f600}', 'k: v', '...', '+++', '\ufeff'],
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 12 });

describe('any text, cut anywhere', () => {
  it('gives the same, and the text is in it as it was', async () => {
    await fc.assert(
      fc.asyncProperty(markdown, cuts, fc.constantFrom(both, plain), async (text, where, options) => {
        const whole = await textOf([text], options);
        expect(await textOf(pieces(text, where), options)).toBe(whole);
        expect(
          await textOf(
            [...Array(text.length)].map((_, index) => text[index] as string),
            options,
          ),
        ).toBe(whole);
        const start = `${options.kind === 'plain' ? N : Q}\n\n`;
        const at = whole.indexOf(start);
        const without = at >= 0 && at <= text.length && whole.length > text.length ? whole.slice(0, at) + whole.slice(at + start.length) : whole;
        expect(text === '' || without.startsWith(text) || whole.startsWith(text)).toBe(true);
      }),
      { seed: 20_260_901, numRuns: 400 },
    );
  });

  it('as bytes gives the bytes of what it gives as text', async () => {
    await fc.assert(
      fc.asyncProperty(markdown, cuts, fc.constantFrom(both, plain, html), async (text, where, options) => {
        const bytes = utf8(text);
        const at = [...new Set(where.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
        const out = await through(
          [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length)),
          options,
        );
        expect(Buffer.concat(out).toString()).toBe(await textOf([text], options));
      }),
      { seed: 20_260_901, numRuns: 300 },
    );
  });

  it('bytes that are no UTF-8 go through as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 9 }), async (chunks) => {
        const out = Buffer.concat(await through(chunks, { kind: 'plain' }));
        const all = Buffer.concat(chunks);
        expect(all.length === 0 || out.equals(Buffer.concat([utf8(`${N}\n\n`), all])) || all.subarray(0, 3).equals(utf8('\ufeff'))).toBe(true);
      }),
      { seed: 20_260_901, numRuns: 200 },
    );
  });

  it('another parser sees the notice at the top level, and what follows parsed as before', async () => {
    const parser = new MarkdownIt('commonmark');
    const notices = (text: string): number => {
      const tokens = parser.parse(text, {});
      return tokens.filter(
        ({ type, level }, index) =>
          type === 'blockquote_open' && level === 0 && tokens[index + 2]?.content === N && tokens[index + 4]?.type === 'blockquote_close',
      ).length;
    };
    await fc.assert(
      fc.asyncProperty(
        markdown.filter((text) => text !== '' && !/^\ufeff?---?[ \t\r\n]|[\ufeff]/.test(text)),
        async (text) => {
          const ended = await textOf([text], { positions: ['end'] });
          expect(ended.startsWith(text)).toBe(true);
          expect(notices(ended)).toBe(1);
          expect(parser.parse(ended, {}).at(-1)?.type).toBe('blockquote_close');
          const started = await textOf([text], { positions: ['start'] });
          expect(started).toBe(`${Q}\n\n${text}`);
          expect(parser.render(started)).toBe(`${parser.render(Q)}${parser.render(text)}`);
        },
      ),
      { seed: 20_260_901, numRuns: 1500 },
    );
  });
});

it.each([
  ['plain', plain, 'one\n\ntwo\n\nthree'],
  ['markdown', both, '---\nt: 1\n---\n# one\n\n```\ntwo'],
  ['html', html, '<h1>one</h1><p>two</p><ul><li>three'],
  ['html', html, '<!doctype html><html><head><title>t</title></head><body><h1>one</h1><p>two</p></body></html>'],
] as const)('what was streamed and saved is known to have its notices: %s', async (format, options, text) => {
  const saved = utf8(await textOf([text], options));
  expect(await textNotice.isPresent(bytesSource(saved), format, { text: N, positions: ['start', 'end'] })).toBe(true);
});

describe('nothing is held back', () => {
  it('a chunk goes out for each that comes in, the very same but the first', async () => {
    const chunks = ['Hello', ' world', '.\n', '```', 'js\n', 'a', '\n```', ' end'].map(utf8);
    const transform = noticeStream<Uint8Array>(both);
    const writer = transform.writable.getWriter();
    const reader = transform.readable.getReader();
    for (const [index, chunk] of chunks.entries()) {
      void writer.write(chunk);
      const { value } = await reader.read();
      if (index === 0) {
        expect(value).toEqual(utf8(`${Q}\n\nHello`));
      } else {
        expect(value).toBe(chunk);
      }
    }
    void writer.close();
    expect((await reader.read()).value).toEqual(utf8(`\n\n${Q}`.replace('\n\n', '\n```\n\n')));
    expect((await reader.read()).done).toBe(true);
  });

  it('but hyphens that may begin front matter', async () => {
    expect(await through(['-', ' a', ' b'], both)).toEqual([`${Q}\n\n- a`, ' b', `\n\n${Q}`]);
    expect(await through(['-', '-', '-', '\n', 'k: v', '\n---\n', 'x'], { positions: ['start'] })).toEqual(['---\n', 'k: v', '\n---\n', `${Q}\n\nx`]);
  });

  it('a line without an end is not kept', async () => {
    const chunk = 'word '.repeat(1000);
    const out = await through(Array(200).fill(chunk), { positions: ['end'] });
    expect(out.length).toBe(201);
    expect(out.every((value, index) => index === 200 || value === chunk)).toBe(true);
  });
});

it('tokens that a client hands out', async () => {
  const tokens = async function* (): AsyncGenerator<string> {
    yield* ['-', ' a', '\n'];
  };
  const out: string[] = [];
  for await (const token of noticeTokens(tokens(), both)) {
    out.push(token);
  }
  expect(out).toEqual([`${Q}\n\n- a`, '\n', `\n${Q}\n`]);
  expect((await noticeTokens<string>([], both).next()).done).toBe(true);
  expect(() => noticeTokens([], { positions: [] })).toThrow(TypeError);
});

it.each([
  [{ text: 'AI' }],
  [{ text: '生成' }],
  [{ text: ' AI生成' }],
  [{ text: 'AI\n生成' }],
  [{ positions: [] }],
  [{ positions: ['start', 'start'] }],
  [{ positions: ['middle'] }],
  [{ kind: 'rtf' }],
])('misuse is told: %j', (options) => {
  expect(() => noticeStream(options as NoticeStreamOptions)).toThrow(TypeError);
});

it('chunks of two types, or of none, are told', async () => {
  await expect(through<string | Uint8Array>(['a', utf8('b')], {})).rejects.toThrow(TypeError);
  await expect(through([1 as never], {})).rejects.toThrow(TypeError);
});
