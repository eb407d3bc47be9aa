import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { sampleSlotText } from '@aigc-label/test-fixtures';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf, unitsOf } from './encoding.ts';
import { findTextNotice } from './find-notice.ts';
import { textFormats } from './formats/index.ts';
import { encodeGb18030 } from './gb18030.ts';
import { type NoticePosition, textNotice } from './notice.ts';

const TEXT = '本文由AI生成';
const all: readonly NoticePosition[] = ['start', 'middle', 'end'];

const mark = async (bytes: Uint8Array, id: string, positions = all, text = TEXT): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), id, { text, positions });
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail(`splices, not ${marked.kind}`);
};
const markText = async (content: string, id: string, positions = all, text = TEXT): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await mark(utf8(content), id, positions, text));
const label = async (bytes: Uint8Array, id: string): Promise<Uint8Array> => {
  const format = textFormats.find((candidate) => candidate.id === id)!;
  return applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
};
const p = (position: string, text = TEXT): string => `<p role="note" lang="zh-CN" class="aigc-notice" data-aigc-notice="${position}">${text}</p>`;

const expectStable = async (bytes: Uint8Array, id: string, positions = all): Promise<void> => {
  const options = { text: TEXT, positions };
  expect(await textNotice.isPresent(bytesSource(bytes), id, options)).toBe(false);
  const marked = await mark(bytes, id, positions);
  expect(await textNotice.isPresent(bytesSource(marked), id, options)).toBe(true);
  expect(await mark(marked, id, positions)).toEqual(marked);
  const labelled = await label(marked, id);
  expect(await textNotice.isPresent(bytesSource(labelled), id, options)).toBe(true);
  expect(await mark(await label(bytes, id), id, positions)).toEqual(labelled);
  const seen = await findTextNotice(bytesSource(labelled), id);
  expect([seen[0], seen.at(-1)]).toEqual([
    { position: 'start', form: 'text', text: TEXT },
    { position: 'end', form: 'text', text: TEXT },
  ]);
};

describe('text notice', () => {
  const N = `> ${TEXT}`;
  it.each([
    ['# a\n\nb\n\nc\n', `${N}\n\n# a\n\n${N}\n\nb\n\nc\n\n${N}\n`],
    ['---\nt: 1\n---\n\n# a\n\n```\nx\n\ny\n```\n\nz', `---\nt: 1\n---\n\n${N}\n\n# a\n\n${N}\n\n\`\`\`\nx\n\ny\n\`\`\`\n\nz\n\n${N}`],
    ['a\r\n\r\n- b\r\n\r\n- c\r\n\r\n  d\r\n\r\n1. e\r\n', `${N}\r\n\r\na\r\n\r\n${N}\r\n\r\n- b\r\n\r\n- c\r\n\r\n  d\r\n\r\n1. e\r\n\r\n${N}\r\n`],
    ['# a\n\n<details>\n\nb\n\n</details>\n\nc\n', `${N}\n\n# a\n\n${N}\n\n<details>\n\nb\n\n</details>\n\nc\n\n${N}\n`],
  ])('Markdown %j', async (before, after) => {
    expect(await markText(before, 'markdown')).toBe(after);
    await expectStable(utf8(before), 'markdown');
  });

  it.each([
    ['# a\n\n```\nnever closed\n', ['end']],
    ['# a\n\n<!-- never closed\n', ['end']],
    ['# a\n', ['middle']],
    ['- a\n\n- **b**\n', ['middle']],
  ] as const)('Markdown without a place is refused: %j', async (content, positions) => {
    await expect(markText(content, 'markdown', positions)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });

  it('escapes what Markdown would take for markup', async () => {
    expect(await markText('a', 'markdown', ['start'], '# *AI* <b>生成</b>')).toBe('> \\# \\*AI\\* \\<b\\>生成\\</b\\>\n\na');
  });

  it.each([
    [
      '<!doctype html><body class="x">\n<h1>标</h1><p>b</p></body></html>',
      `<!doctype html><body class="x">${p('start')}\n<h1>标</h1>${p('middle')}<p>b</p>${p('end')}</body></html>`,
    ],
    ['<h1>标</h1>\n<p>b', `${p('start')}<h1>标</h1>\n${p('middle')}<p>b${p('end')}`],
    [
      '<!doctype html><meta charset="gb2312"><title>t</title><div><p>a<p>b</div>',
      ['start', 'middle', 'end']
        .map((position) => p(position, '&#26412;&#25991;&#30001;AI&#29983;&#25104;'))
        .reduce(
          (page, notice, index) => page.replace(`@${index}`, notice),
          '<!doctype html><meta charset="gb2312"><title>t</title>@0<div><p>a@1<p>b</div>@2',
        ),
    ],
  ])('HTML %j', async (before, after) => {
    expect(await markText(before, 'html')).toBe(after);
    await expectStable(utf8(before), 'html');
    const notices = JSON.stringify(parse(after), (key, value) => (key === 'parentNode' ? undefined : value)).match(/data-aigc-notice/g);
    expect(notices).toHaveLength(3);
  });

  it.each([
    ['<body><textarea>never closed', ['end'], 'NOTICE_UNSUPPORTED'],
    ['<frameset><frame></frameset>', ['start'], 'NOTICE_UNSUPPORTED'],
    ['<p>one</p>', ['middle'], 'NOTICE_UNSUPPORTED'],
    ['<meta charset="iso-2022-jp"><p>x', ['start'], 'NOTICE_UNSUPPORTED'],
    ['<div>'.repeat(100_000), ['start'], 'LIMIT_EXCEEDED'],
  ] as const)('HTML without a place is refused: %.40s', async (content, positions, code) => {
    await expect(markText(content, 'html', positions)).rejects.toMatchObject({ code });
  });

  it.each([
    ['one\n\ntwo\n', `${TEXT}\n\none\n\n${TEXT}\n\ntwo\n\n${TEXT}\n`],
    ['one\r\ntwo', `${TEXT}\r\n\r\none\r\n\r\n${TEXT}\r\n\r\ntwo\r\n\r\n${TEXT}`],
    ['AIGC={"Label":"1"}\none\ntwo\nAIGC:{"Label":"1"}\n', `AIGC={"Label":"1"}\n${TEXT}\n\none\n\n${TEXT}\n\ntwo\n\n${TEXT}\nAIGC:{"Label":"1"}\n`],
  ])('plain text %j', async (before, after) => {
    expect(await markText(before, 'plain')).toBe(after);
    if (!before.startsWith('AIGC')) {
      await expectStable(utf8(before), 'plain');
    }
  });

  it('writes in the encoding of the text, or refuses', async () => {
    const sample = '他说的是一个在这里的人。\n\n我们都不知道。\n';
    const gbk = encodeGb18030(sample)!;
    expect(new TextDecoder('gb18030').decode(await mark(gbk, 'plain', ['end']))).toBe(`${sample}\n${TEXT}\n`);
    await expectStable(gbk, 'plain', ['start', 'end']);
    for (const bytes of [Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20), new Uint8Array([...'caf\xe9 d\xe9j\xe0'].map((c) => c.charCodeAt(0)))]) {
      await expect(mark(bytes, 'plain', ['end'])).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    }
    const utf16 = Uint8Array.of(0xff, 0xfe, ...encodeUnits('a\nb\n', encodingOf(Uint8Array.of(0xff, 0xfe))));
    const marked = await mark(utf16, 'plain', ['end']);
    expect(unitsOf(marked.subarray(2), encodingOf(marked))).toBe(`a\nb\n\n${TEXT}\n`);
    expect(await markText('\ufeff# a\n', 'markdown', ['start'])).toBe(`\ufeff> ${TEXT}\n\n# a\n`);
  });

  it('writes characters into Unicode pages only, references into all others', async () => {
    const references = '&#26412;&#25991;&#30001;AI&#29983;&#25104;';
    for (const [page, text] of [
      ['<meta charset="iso-8859-1"><p>é', references],
      ['<meta charset="utf-8"><p>e', TEXT],
      ['<p>é', TEXT],
      ['<p>e', references],
      ['\ufeff<p>e', TEXT],
    ] as const) {
      expect(await markText(page, 'html', ['end'])).toBe(page + p('end', text));
      expect(await textNotice.isPresent(bytesSource(utf8(page + p('end', text))), 'html', { text: TEXT, positions: ['end'] })).toBe(true);
    }
    const quoted = 'AI & <b>生成</b>';
    expect(await markText('<p>é', 'html', ['end'], quoted)).toBe(`<p>é${p('end', 'AI &amp; &lt;b&gt;生成&lt;/b&gt;')}`);
    expect(await textNotice.isPresent(bytesSource(Uint8Array.of(0x63, 0xe9, 0x20)), 'plain', { text: TEXT, positions: ['end'] })).toBe(false);
  });

  it("throws TypeError for the caller's mistakes", async () => {
    for (const options of [
      { text: '由AI提供', positions: all },
      { text: '生成', positions: all },
      { text: 'AI\n生成', positions: all },
      { text: TEXT, positions: [] },
      { text: TEXT, positions: ['start', 'start'] as const },
      { text: TEXT, positions: all, lang: '"' },
    ]) {
      await expect(textNotice.apply(bytesSource(utf8('a')), 'plain', options)).rejects.toThrow(TypeError);
    }
    await expect(mark(utf8('a'), 'png')).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });

  it('finds notices in other words, and does not take any text for one', async () => {
    const find = async (content: string | Uint8Array, id: string): Promise<unknown> =>
      findTextNotice(bytesSource(typeof content === 'string' ? utf8(content) : content), id);
    expect(await find('<style>AI生成</style><title>AI生成</title><body><p>本内容<b>由人工智能</b>合成。其他</p><p>x', 'html')).toEqual([
      { position: 'start', form: 'text', text: '本内容由人工智能合成。' },
    ]);
    expect(await find(`---\nAIGC: {a: AI生成}\n---\n# a\n\n${'x\n'.repeat(100_000)}**（AI 生成）**\n`, 'markdown')).toEqual([
      { position: 'end', form: 'text', text: '（AI 生成）' },
    ]);
    // A headline about the matter is no label.
    expect(await find('# AI生成内容标识办法今日施行\n\n正文。\n', 'markdown')).toEqual([]);
    expect(await find('<h1>AI生成内容<b>标识办法</b></h1><p>正文。</p>', 'html')).toEqual([]);
    expect(await find('<h1>标题</h1><p>内容由AI生成</p>', 'html')).toEqual([{ position: 'start', form: 'text', text: '内容由AI生成' }]);
    expect(await find(`${'长'.repeat(30)}，AI生成内容标识办法今日施行。\n`, 'plain')).toEqual([]);
    expect(await find(`${'MAIN 生成\n'.repeat(3)}`, 'plain')).toEqual([]);
    expect(await find(encodeGb18030('正文。\n内容由AI生成\n')!, 'plain')).toEqual([{ position: 'end', form: 'text', text: '内容由AI生成' }]);
    for (const id of ['html', 'markdown', 'plain']) {
      for (const piece of ['\u0000', '\ufffd', '<', '<!--', '---\n', '。', ' ', '[', '<script>']) {
        const started = performance.now();
        await find(piece.repeat(200_000), id);
        expect(performance.now() - started).toBeLessThan(10_000);
      }
    }
    expect(await find(new Uint8Array(), 'html')).toEqual([]);
  });
});
