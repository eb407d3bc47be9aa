import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { anotherSlotText, type FormatFixture, lineStructure, sampleSlotText, testFormat } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { encodeUnits, encodingOf, readable } from '../encoding.ts';
import { markdown } from './markdown.ts';

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await markdown.plan(bytesSource(bytes), slot));
const labelText = async (text: string, slot = sampleSlotText): Promise<string> => new TextDecoder().decode(await label(utf8(text), slot));
const ours = (ending = '\n', pad = '', { fields } = sampleSlotText): string =>
  `${pad}AIGC:${ending}${Object.entries(fields)
    .map(([name, value]) => `${pad}  ${name}: '${value.replaceAll("'", "''")}'${ending}`)
    .join('')}`;

/** What other tools see: the front matter's data without our key, and the bytes behind it without the labels that fixtures hold. */
const foreign = (bytes: Uint8Array): unknown => {
  const encoding = encodingOf(bytes);
  const body = bytes.subarray(encoding.markBytes);
  const text = readable(body, encoding);
  const match = /^---[ \t]*\r?\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(text);
  const data: unknown = match?.index === 0 ? (parse(match[1] ?? '', { uniqueKeys: false }) ?? {}) : undefined;
  const isFrontMatter = typeof data === 'object' && !Array.isArray(data);
  const rest = isFrontMatter ? text.slice(match?.[0].length) : text;
  return [
    Object.fromEntries(Object.entries(isFrontMatter ? (data as object) : {}).filter(([key]) => key.toUpperCase() !== 'AIGC')),
    rest.replace(WILD, ''),
  ];
};
const WILD = /<!-- AIGC[\s\S]*?-->\n|^---\nAIGC[\s\S]*?^---\n|^AIGC.*\n(?:[ \t]+.*\n)*/gm;

const text = (name: string, content: string, slots = 0): FormatFixture => ({ name, bytes: utf8(content), untouched: foreign, slots });
const refused = (name: string, content: string, code: string, slots = 0): FormatFixture => ({ ...text(name, content, slots), refused: code });
const utf16 = (content: string, isLittle: boolean): Uint8Array => {
  const mark = Uint8Array.from(isLittle ? [0xff, 0xfe] : [0xfe, 0xff]);
  return Uint8Array.of(...mark, ...encodeUnits(content, encodingOf(mark)));
};

testFormat({
  format: markdown,
  structure: lineStructure,
  hasEnd: false,
  fixtures: [
    text('no front matter', '# 标题 😀\n\nText.\n'),
    text('no front matter, CRLF, no last ending', '# a\r\n\r\n- b'),
    text('front matter', '---\n# 注释\ntitle: "标题" # c\nlist: [a,   b]\nbase: &b {x: 1}\nuse: *b\nuse2: { <<: *b }\n---\n\n# a\n'),
    text('front matter, CRLF, dots', '---\r\ntitle: x\r\n...\r\n# a\r\n'),
    text('indented front matter', '---\n  title: x\n  y: |\n    z\n---\n'),
    text('empty front matter', '---\n---\n# a'),
    text('front matter of comments', '---\n# c\n---\n# a'),
    text('the same key twice', '---\na: 1\na: 2\n---\n'),
    text('thematic break', '---\n\nText\n\n# a\n'),
    text('prose between thematic breaks', '---\nJust prose\n---\n# a\n'),
    text('list of YAML between thematic breaks', '---\n- a\n---\n'),
    text('block mapping, 4 spaces, number', '---\nt: 1\nAIGC:\n    Label: 1\n    ContentProducer: "中"\n\n# about z\nz: 2\n---\n# a\n', 1),
    text('flow mapping', '---\nAIGC: {"Label":"1","ProduceID":"a#b"}\n---\n# a\n', 1),
    text('quoted keys, last in the front matter', '---\nt: 1\n"AIGC":\n  "Label": "1"\n---\n# a\n', 1),
    text('twice in the front matter', '---\nAIGC: {Label: 1}\nt: 1\naigc: {Label: 2}\n---\n', 2),
    text('second front matter', '---\nt: 1\n---\n\n---\nAIGC:\n  Label: 1\n---\n\n# a\n', 1),
    text('comment', '# a\n\n<!-- AIGC: {"Label":"1"} -->\n\ntext\n', 1),
    text('comment over lines', '# a\n<!-- AIGC:\n  Label: 1\n  ProduceID: x\n-->\n', 1),
    text('bare at the end', '# a\n\ntext\n\nAIGC:\n  Label: 1\n  ProduceID: x\n', 1),
    text('plain line at the end', '# a\n\nAIGC:{"Label":"1"}\n', 1),
    refused('fence', '# a\n\n```yaml\nAIGC:\n  Label: 1\n```\n', 'FORMAT_UNSUPPORTED_FEATURE', 1),
    refused('TOML', '+++\ntitle = "x"\n+++\n', 'FORMAT_UNSUPPORTED_FEATURE'),
    refused('flow front matter', '---\n{title: x}\n---\n', 'FORMAT_UNSUPPORTED_FEATURE'),
    refused('anchored front matter', '---\n&a\ntitle: x\n---\n', 'FORMAT_UNSUPPORTED_FEATURE'),
    refused('not YAML', '---\na: b: c\n---\n# a\n', 'FILE_DAMAGED'),
    refused('never closed', `---\ntitle: x\n\n${'# a\n'.repeat(1_100)}`, 'FILE_DAMAGED'),
    refused('an anchor in the label', '---\nAIGC:\n  Label: &l "1"\nother: *l\n---\n', 'FORMAT_UNSUPPORTED_FEATURE', 1),
    { name: 'UTF-8 with a mark', bytes: Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('---\nt: 1\n---\n# a\n')), untouched: foreign },
    { name: 'UTF-16LE', bytes: utf16('---\nt: 标题\n---\n# 标题\n', true), untouched: foreign },
    { name: 'UTF-16BE', bytes: utf16('# 标题\r\n', false), untouched: foreign },
    { name: 'GBK', bytes: Uint8Array.of(...utf8('---\nt: '), 0xd6, 0xd0, 0x81, 0x5c, ...utf8('\nz: 1\n---\n# '), 0x81, 0x60), untouched: foreign },
  ],
});

describe('markdown', () => {
  it.each([
    ['# a\n', `---\n${ours()}---\n# a\n`],
    ['# a\r\nb', `---\r\n${ours('\r\n')}---\r\n# a\r\nb`],
    ['---\naigc: true\n---\n', `---\n${ours()}aigc: true\n---\n`],
    ['---\n\nx\n', `---\n${ours()}---\n---\n\nx\n`],
    ['---\n# c\n  t: 1\n---\nx', `---\n${ours('\n', '  ')}# c\n  t: 1\n---\nx`],
    ['---\na: 1\nAIGC: {Label: 1} # gone\n\n# b\nb: 2\n---\n', `---\na: 1\n${ours()}\n# b\nb: 2\n---\n`],
    ['---\nt: 1\n---\n# a\n\n<!-- AIGC 水印 -->\n```yaml\nAIGC:\n  Label: 1\n```\nz\n', `---\n${ours()}t: 1\n---\n# a\n\nz\n`],
  ])('writes %j', async (before, after) => {
    expect(await labelText(before)).toBe(after);
    expect(await labelText(await labelText(before, anotherSlotText))).toBe(after);
  });

  it('is read by another YAML parser', async () => {
    const labelled = await labelText('---\nt: 1\n---\n', anotherSlotText);
    expect(parse(labelled.split('---\n')[1] ?? '')).toEqual({ AIGC: anotherSlotText.fields, t: 1 });
  });

  it('keeps values as they stood', async () => {
    const { found } = await markdown.read(
      bytesSource(
        utf8(
          '---\nAIGC:\n  Label: 1\n  ContentProducer: 001191\n  ProduceID: 142569260085903360\n  ReservedCode1: null\n  ReservedCode2: {a: [1]}\n---\n',
        ),
      ),
    );
    expect(found[0]?.fields).toEqual({
      Label: 1,
      ContentProducer: '001191',
      ProduceID: '142569260085903360',
      ReservedCode1: null,
      ReservedCode2: { a: [1] },
    });
    expect(found[0]?.value.startsWith('Label: 1\n  ContentProducer')).toBe(true);
  });

  it.each([
    '# a\n\n```yaml\nAIGC:\n  Label: 1\n```\n\nafter\n',
    '# a\n\nAIGC: what it means\n',
    '# a\n\n```html\n<!-- AIGC: {"Label":"1"} -->\n```\nx\n',
    'See `<!-- AIGC: {} -->` for **more**.\n',
  ])('does not take an example for a label: %j', async (content) => {
    expect((await markdown.read(bytesSource(utf8(content)))).found).toEqual([]);
  });

  it.each([
    ['an alias', '---\nx: &x {Label: 1}\nAIGC: *x\n---\n', 'undecodable'],
    [
      'a bomb',
      `---\na: &a [x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n ? `b${n - 1}` : 'a'}, *a]\n`).join('')}AIGC: {l: *b29}\n---\n`,
      'undecodable',
    ],
    ['a field twice', '---\nAIGC:\n  Label: 1\n  Label: 2\n---\n', 'duplicate_structure'],
  ])('reports %s', async (_name, content, code) => {
    const { found, anomalies } = await markdown.read(bytesSource(utf8(content)));
    expect(found).toHaveLength(1);
    expect(anomalies).toMatchObject([{ code }]);
    await label(utf8(content));
  });

  it('reads hostile front matter of any size in time, and little of a long file', async () => {
    for (const piece of [
      '[',
      '{a: ',
      '- ',
      '? ',
      'a: &a x\n',
      '@\n',
      'a: "',
      'AIGC: {a: 1}\n',
      '<!-- AIGC 水印 -->\n',
      '<!-- AIGC: {a: 1} -->\n',
      '<!--\n',
      '<!-- AIGC\n',
      '```\n',
      '\n',
      'AIGC:\n',
      '---\nAIGC: {}\n',
    ]) {
      for (const content of [`---\na: ${piece.repeat((250 << 10) / piece.length)}\n---\n`, `# a\n${piece.repeat((500 << 10) / piece.length)}`]) {
        const started = performance.now();
        await markdown.read(bytesSource(utf8(content)));
        // Each takes less than 500 ms on an idle core; what is quadratic takes minutes on any.
        expect(performance.now() - started, piece).toBeLessThan(10_000);
      }
    }
    await expect(labelText(`---\na: 1\n${'b: 2\n'.repeat(60_000)}---\n`)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});
