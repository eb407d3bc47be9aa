import { applySplices, bytesSource, type Format, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  sampleSlotText,
  testFormat,
  withFile,
  xmlStructure,
} from '@aigc-label/test-fixtures';
import { parse, serialize } from 'parse5';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf, unitsOf } from '../encoding.ts';
import { html } from './html.ts';

afterAll(endJudges);

const label = async (bytes: Uint8Array, slot = sampleSlotText, format: Format = html): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), slot));

/** The tree of the document without our element, by a parser that the format does not use. */
const dom = (bytes: Uint8Array): string => {
  const encoding = encodingOf(bytes);
  const text = unitsOf(bytes.subarray(encoding.markBytes), encoding);
  return serialize(parse(text)).replace(/<meta[^<>]*name="AIGC"[^<>]*>|<script type="application\/json" id="AIGC">[^<]*<\/script>/gi, '');
};

const page = (name: string, text: string, slots = 0): FormatFixture => ({ name, bytes: utf8(text), untouched: dom, slots });
const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const mark = isLittle ? [0xff, 0xfe] : [0xfe, 0xff];
  return Uint8Array.of(...mark, ...encodeUnits(text, encodingOf(Uint8Array.from(mark))));
};

const fixtures: readonly FormatFixture[] = [
  page(
    'a whole page',
    '<!DOCTYPE html>\n<html lang="zh">\n<head>\n  <meta charset="utf-8">\n  <title>标题 &amp; 😀</title>\n</head>\n<body><p>正文</p></body>\n</html>\n',
  ),
  page('CRLF, capitals', '<!doctype HTML>\r\n<HTML>\r\n<HEAD>\r\n<TITLE>a</TITLE>\r\n</HEAD>\r\n<BODY>😀<P>x</BODY>\r\n</HTML>\r\n'),
  page('no head', '<!doctype html><html>\n<!-- c -->\n<body>x</body></html>'),
  page('no html', '<!doctype html>\n <title>a</title>\n<p>x'),
  page('fragment', '<div class="a">\n<p>x</p></div>'),
  page('text before', '<!-- a --> <p>x</p>'),
  page('doctype only', '<!doctype html>\n'),
  page('charset late', '<head><title>x</title><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>x'),
  page('XHTML', '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body /></html>'),
  page(
    'not ours in comment, script, noscript, style, title and template',
    '<head><!-- <meta name="AIGC" content="1"> --><script>"<meta name=AIGC content=2>"</script><noscript><meta name="AIGC" content="3"></noscript><style><meta name="AIGC"></style><title><meta name="AIGC"></title><template><p><meta name="AIGC" content="4"><template></template></template></head><body>',
  ),
  page('in another place', '<head><title>x</title><META CONTENT=\'{"Label":"1"}\' Name=aigc></head>', 1),
  page('twice', '<head><meta name="AIGC" content="{}"><meta charset=utf-8><meta content="AIGC" name="x"><meta name="AIGC" content="{}"/></head>', 2),
  page('behind the head', '<html><head></head><meta name="AIGC" content="{}"><body>', 1),
  page(
    'a visible notice and a label, as Celia writes them',
    '<head><meta name="AIGC" content="{&quot;Label&quot;:&quot;1&quot;}"></head><p>内容由AI生成</p>',
    1,
  ),
  page('as JSON', '<head><script type="application/json" id="AIGC">{"Label":"1"}</script></head><p>', 1),
  { name: 'UTF-8 with a mark', bytes: Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('<!doctype html><title>标</title>')), untouched: dom },
  { name: 'UTF-16LE', bytes: utf16('<!doctype html><head><title>标题😀</title></head>😀', true), untouched: dom },
  { name: 'UTF-16BE', bytes: utf16('<html><head><meta charset="utf-16"></head>标', false), untouched: dom },
  {
    name: 'GBK',
    bytes: Uint8Array.of(...utf8('<head><meta charset=gbk><title>'), 0xd6, 0xd0, 0x81, 0x5c, ...utf8('</title></head>')),
    untouched: dom,
  },
];

testFormat({ format: html, structure: xmlStructure, fixtures, hasEnd: false });

describe('html', () => {
  it('writes the element behind the charset, and keeps every other byte', async () => {
    const bytes = utf8('<head><meta charset="utf-8"><title>x</title></head>');
    const text = new TextDecoder().decode(await label(bytes));
    expect(text.startsWith('<head><meta charset="utf-8"><meta name="AIGC" content="{&quot;Label&quot;:&quot;1&quot;')).toBe(true);
    expect(text.replace(/<meta name="AIGC"[^>]*>/, '')).toBe('<head><meta charset="utf-8"><title>x</title></head>');
    expect(new TextDecoder().decode(await label(bytes, anotherSlotText))).toContain('with/&amp;&lt;characters&gt;'.replace('/&', '&'));
  });

  it('reads the value once unescaped, in any quotes and encoding', async () => {
    const { found } = await html.read(bytesSource(Uint8Array.of(...utf8("<meta name=aigc content='a&amp;quot;"), 0xd6, 0xd0, ...utf8("'>"))));
    expect(found).toEqual([{ key: 'AIGC', site: 'html/meta[AIGC]', isGuidePlace: false, value: 'a&quot;中' }]);
  });

  it.each([
    ['<head><template><svg><style></template><meta name="AIGC" content="x"></style></svg></template></head>', 'FORMAT_UNSUPPORTED_FEATURE'],
    ['<head><meta charset="iso-2022-jp"></head>', 'FORMAT_UNSUPPORTED_FEATURE'],
    ['<!-- never closed', 'FORMAT_UNSUPPORTED_FEATURE'],
    ['<head><script type="application/json" id="AIGC">{"Label":"1"}', 'FILE_DAMAGED'],
    [`<head><style>${'a{}'.repeat(400_000)}</style></head>`, 'LIMIT_EXCEEDED'],
    [`<head>${'<meta name=AIGC>'.repeat(100)}`, 'LIMIT_EXCEEDED'],
  ])('refuses %.60s', async (text, code) => {
    await expect(label(utf8(text))).rejects.toMatchObject({ code });
  });

  it('answers hostile depth and length in time, and stops where the head ends', async () => {
    for (const tag of ['<div>', '<template>', '<template><div>', '<meta>', '<!--', '<a b=', '<head><title>', '<script><!--<script>']) {
      const started = performance.now();
      await html.read(bytesSource(utf8(`<html>${tag.repeat(100_000)}`)));
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });

  it('reads no more of a long page than its head', async () => {
    const counted = countingSource(utf8(`<head><title>x</title></head><p>${'x'.repeat(3 << 20)}`));
    await html.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(200 << 10);
  });

  it.skipIf(corpusMissing !== undefined)('labels the corpus', async () => {
    for (const { bytes } of corpusFiles('.html')) {
      const before = bytes();
      expect(html.matches(before.subarray(0, 4096))).toBe(true);
      expect(dom(await label(before))).toBe(dom(before));
    }
  });

  it.skipIf(exiftoolMissing !== undefined)('is read by exiftool, which sees nothing else changed', async () => {
    for (const bytes of [fixtures[0]!.bytes, ...corpusFiles('.html').map((file) => file.bytes())]) {
      const before = await withFile('a.html', bytes, exiftoolDump);
      const after = await withFile('a.html', await label(bytes), exiftoolDump);
      const ours = Object.entries(after).filter(([name]) => /aigc/i.test(name));
      expect(ours.map(([, value]) => value)).toEqual([sampleSlotText.value]);
      expect(Object.fromEntries(Object.entries(after).filter(([name]) => !/aigc/i.test(name)))).toEqual(before);
    }
  });
});
