import { applySplices, bytesSource, latin1, utf8 } from '@aigc-label/core';
import {
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  rtfHostile,
  rtfStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { rtf } from './rtf.ts';

const LABEL = '{"Label":"1"}';
const property = (value: string, name = 'AIGC'): string => `{\\propname ${name}}\\proptype30{\\staticval ${value}}`;
const escaped = (value: string): string => value.replace(/[\\{}]/g, (character) => `\\${character}`);
const HEAD = '{\\rtf1\\ansi\\ansicpg936\\deff0\\deflang1033';

/** Everything but properties named AIGC, and a group that held nothing else, cut out by patterns. */
const untouched = (bytes: Uint8Array): string =>
  latin1(bytes)
    .replace(/\{\\propname (?:AIGC|\\'41IGC)\}\s*\\proptype\d+\s*\{\\staticval (?:[^{}\\]|\\[\\{}]|\\'..)*\}/g, '')
    .replace('{\\*\\userprops}', '');
const fixture = (name: string, text: string, slots = 0): FormatFixture => ({ name, bytes: utf8(text), untouched, slots });

const files: readonly FormatFixture[] = [
  fixture(
    'Word',
    `${HEAD}{\\fonttbl{\\f0\\fnil\\fcharset134 \\'cb\\'ce;}}\r\n{\\colortbl;\\red0\\green0\\blue0;}{\\stylesheet{\\s0 Normal;}}{\\info{\\title \\{t\\}}{\\author a}}\\paperw11906\\viewkind4\\pard \\'d6\\'d0\\u20013?\\{x\\}\\par}\r\n\0`,
  ),
  fixture('no groups', '{\\rtf1 Hello}'),
  fixture('the first group is text', `${HEAD}{\\b bold} text}`),
  fixture('other properties', `${HEAD}{\\fonttbl{\\f0 x;}}{\\*\\userprops ${property('v', 'Project')}{\\linkval l}}\\pard x}`),
  fixture(
    'labelled by somebody',
    `${HEAD}{\\info}{\\*\\userprops {\\propname AIGC}\n\\proptype30\n{\\staticval ${escaped(LABEL)}}${property('v', 'b')}}\\pard x}`,
    1,
  ),
  fixture(
    'labelled twice, escaped as bytes',
    `${HEAD}{\\*\\userprops ${property(escaped(LABEL))}${property('v', 'b')}}{\\*\\userprops{\\propname \\'41IGC}\\proptype30{\\staticval \\{\\}}}x}`,
    2,
  ),
  { ...fixture('a brace too few', `${HEAD}{\\fonttbl`), refused: 'LIMIT_EXCEEDED' },
];

testFormat({ format: rtf, fixtures: files, hasEnd: true, structure: rtfStructure });

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await rtf.plan(bytesSource(bytes), slot));

describe('rtf', () => {
  it('puts the property behind the header and \\info, before the document', async () => {
    const ours = `{\\*\\userprops${property(escaped(sampleSlotText.value))}}`;
    const [word, bare, bold] = files.map(({ bytes }) => bytes);
    expect(latin1(await label(word!))).toContain(`{\\author a}}${ours}\\paperw`);
    expect(latin1(await label(bare!))).toBe(`{\\rtf1 ${ours}Hello}`);
    expect(latin1(await label(utf8("{\\rtf1\\'41{\\info}}")))).toBe(`{\\rtf1${ours}\\'41{\\info}}`);
    expect(latin1(await label(bold!))).toBe(`${HEAD}${ours}{\\b bold} text}`);
  });

  it('decodes bytes and \\u with what stands for it in old readers', async () => {
    const text = `${HEAD}{\\*\\userprops${property("\\{\\'d6\\'d0\\}")}${property('a\\u20013?b\\uc2\\u-10179 xy\\u-8704 xyc')}}x}`;
    expect((await rtf.read(bytesSource(utf8(text)))).found.map(({ value }) => value)).toEqual(['{中}', 'a中b😀c']);
  });

  it('passes over raw bytes', async () => {
    const text = `${HEAD}{\\pict\\bin3 }}}}{\\*\\userprops${property('v')}}x}`;
    expect((await rtf.read(bytesSource(utf8(text)))).found).toHaveLength(1);
  });

  it('reads the beginning of a long document only', async () => {
    const counted = countingSource(utf8(`${HEAD}{\\info}\\pard ${'x'.repeat(2_000_000)}}`));
    expect(await rtf.plan(counted, sampleSlotText)).toHaveLength(1);
    expect(counted.bytesRead()).toBeLessThanOrEqual(1 << 20);
  });

  it.each(rtfHostile.map((file) => [file.name, file] as const))('answers %s', async (_, { bytes }) => {
    const hostile = bytes();
    expect(rtf.matches(hostile.subarray(0, 4096))).toBe(true);
    await rtf.read(bytesSource(hostile));
    await rtf.plan(bytesSource(hostile), sampleSlotText).catch((error: unknown) => expect(error).toMatchObject({ name: 'LabelError' }));
  });
});

describe.skipIf(exiftoolMissing !== undefined)('rtf before exiftool', () => {
  afterAll(endJudges);
  it.each(files.filter(({ refused }) => refused === undefined).map(({ name, bytes }) => [name, bytes] as const))('%s', async (_, bytes) => {
    const rest = (tags: Record<string, unknown>): unknown => Object.fromEntries(Object.entries(tags).filter(([tag]) => !/aigc/i.test(tag)));
    const after = await withFile('text.rtf', await label(bytes), exiftoolDump);
    expect(Object.entries(after).filter(([tag]) => /aigc/i.test(tag))).toEqual([[expect.stringMatching(/^RTF:/), sampleSlotText.value]]);
    expect(rest(after)).toEqual(rest(await withFile('text.rtf', bytes, exiftoolDump)));
  });
});
