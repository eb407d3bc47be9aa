import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { anotherSlotText, type FormatFixture, lineStructure, sampleSlotText, testFormat } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf, unitsOf } from '../encoding.ts';
import { plain } from './plain.ts';

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await plain.plan(bytesSource(bytes), slot));

/** The text without lines that begin with our key, and without a last line ending. */
const body = (bytes: Uint8Array): string => {
  const encoding = encodingOf(bytes);
  return unitsOf(bytes, encoding)
    .split(/(?<=\r\n|\n|\r(?!\n))/)
    .filter((line) => !/^\s*AIGC\s*[:=]/.test(line))
    .join('')
    .trimEnd();
};

const text = (name: string, content: string, slots = 0): FormatFixture => ({ name, bytes: utf8(content), untouched: body, slots });
const utf16 = (content: string, isLittle: boolean): Uint8Array => {
  const mark = Uint8Array.from(isLittle ? [0xff, 0xfe] : [0xfe, 0xff]);
  return Uint8Array.of(...mark, ...encodeUnits(content, encodingOf(mark)));
};

testFormat({
  format: plain,
  structure: lineStructure,
  hasEnd: false,
  fixtures: [
    text('one line without an ending', 'hello'),
    text('UTF-8, LF', '第一行\n第二行😀\n'),
    text('CRLF', 'one\r\ntwo\r\n\r\n'),
    text('CR only', 'one\rtwo'),
    text('blank', ' \n\n'),
    text('a label in front', 'AIGC={"Label":"1"}\none\n', 1),
    text('a label with spaces at the end', 'one\n  AIGC : {"Label":"1"}\n\n', 1),
    text('two labels', 'AIGC:{"Label":"1"}\none\nAIGC:{"Label":"1"}', 2),
    text('two at the end', 'one\nAIGC:{"Label":"1"}\nAIGC:{"Label":"2"}', 2),
    text('nothing but a label', 'AIGC:{"Label":"1"}\n', 1),
    { name: 'UTF-16LE', bytes: utf16('正文\r\n', true), untouched: body },
    { name: 'UTF-16BE', bytes: utf16('正文', false), untouched: body },
    { name: 'UTF-8 with a mark', bytes: Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('one')), untouched: body },
    { name: 'GBK', bytes: Uint8Array.of(0xd6, 0xd0, 0x81, 0x7b, 0x0a), untouched: body },
    { name: 'Latin-1', bytes: Uint8Array.of(0x63, 0x61, 0x66, 0xe9), untouched: body },
    { ...text('unclosed', 'one\nAIGC:{"Label":"1', 1), refused: 'FILE_DAMAGED' },
    { ...text('shared', 'one\nAIGC:{"Label":"1"} and more\n', 1), refused: 'FORMAT_UNSUPPORTED_FEATURE' },
  ],
});

describe('plain text', () => {
  it.each([
    ['a', `a\nAIGC:${sampleSlotText.value}`],
    ['a\n', `a\nAIGC:${sampleSlotText.value}\n`],
    ['a\r\nb\r\n', `a\r\nb\r\nAIGC:${sampleSlotText.value}\r\n`],
    ['a\rb', `a\rb\rAIGC:${sampleSlotText.value}`],
    ['AIGC={"Label":"1"}\na', `a\nAIGC:${sampleSlotText.value}`],
    ['a\nAIGC={\n "Label":"1"\n}\n', `a\nAIGC:${sampleSlotText.value}\n`],
    ['a\nAIGC: {"Label":"1"}', `a\nAIGC:${sampleSlotText.value}`],
  ])('writes %j', async (before, after) => {
    expect(new TextDecoder().decode(await label(utf8(before)))).toBe(after);
    expect(await label(await label(utf8(before), anotherSlotText))).toEqual(utf8(after));
  });

  it('does not take prose for a label', async () => {
    const { found } = await plain.read(bytesSource(utf8('AIGC: what it is\nx AIGC:{"a":1} y\nAIGC=1')));
    expect(found).toEqual([]);
  });

  it.each(['AIGC is a word.\n'.repeat(20_000), 'one long line '.repeat(20_000), `${'x\n'.repeat(100_000)}AIGC={"Label":"1"}\n`])(
    'labels a text that is longer than the windows',
    async (before) => {
      const labelled = await label(utf8(before));
      const { found } = await plain.read(bytesSource(labelled));
      expect(found).toMatchObject([{ isGuidePlace: true, value: sampleSlotText.value }]);
      expect(body(labelled)).toBe(body(utf8(before)));
    },
  );

  it('takes no label for part of another, and none for a whole line that has more on it (found by scripts/fuzz.mjs)', async () => {
    const label = 'AIGC:{"Label":"1","ReservedCode2":""';
    const bytes = utf8(`first\r\n${label}ne\r\nsecond\r\n${label}}\r}\r\n`);
    expect((await plain.read(bytesSource(bytes))).found).toEqual([
      expect.objectContaining({ value: '{"Label":"1","ReservedCode2":""}', isGuidePlace: false }),
    ]);
    await expect(plain.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ name: 'LabelError' });
    // A lone carriage return does not end a line where others end with a line feed.
    const alone = utf8('first\nAIGC:{"Label":"1"}\rmore\n');
    expect((await plain.read(bytesSource(alone))).found).toEqual([expect.objectContaining({ isGuidePlace: false })]);
  });

  it('refuses half a unit of UTF-16', async () => {
    await expect(label(Uint8Array.of(...utf16('ab', true), 1))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});
