import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  jsonHostile,
  jsonStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf, unitsOf } from '../encoding.ts';
import { json } from './json.ts';

const LABEL = '{"Label":"1"}';
const utf16 = (text: string, mark: readonly number[]): Uint8Array => Uint8Array.of(...mark, ...encodeUnits(text, encodingOf(Uint8Array.from(mark))));

/** What another parser sees besides our member, in its order. */
const untouched = (bytes: Uint8Array): unknown => {
  const encoding = encodingOf(bytes);
  const units = unitsOf(bytes.subarray(encoding.markBytes), encoding);
  return Object.entries(JSON.parse(units) as Record<string, unknown>).filter(([name]) => name !== 'AIGC');
};
const fixture = (name: string, text: string | Uint8Array, slots = 0): FormatFixture => ({
  name,
  bytes: typeof text === 'string' ? utf8(text) : text,
  untouched,
  slots,
});

testFormat({
  format: json,
  hasEnd: false,
  structure: jsonStructure,
  fixtures: [
    fixture('indented', '{\r\n  "a": 1.0e+2,\r\n  "标题": ["\\u4e00", {"AIGC": 1}, null, true]\r\n}\r\n'),
    fixture('empty', '\uFEFF{ }'),
    fixture('UTF-16', utf16('{\n\t"标": "😀"}', [0xff, 0xfe])),
    fixture('labelled first', `{ "AIGC" : ${LABEL} , "b": 2 }`, 1),
    fixture(
      'labelled three times, once with escapes and as a string',
      `{"a":1,"AIGC":${LABEL},\n"\\u0041IGC":"{\\"Label\\":\\"1\\"}","b":2,"AIGC":3}`,
      3,
    ),
    { ...fixture('an array', '[1,{"AIGC":{}}]'), refused: 'NO_PLACE_INSIDE' },
    { ...fixture('a comma too many', '{"a":1,}'), refused: 'FILE_DAMAGED' },
    { ...fixture('text behind', `{"AIGC":${LABEL}}x`, 1), refused: 'FILE_DAMAGED' },
  ],
});

const label = async (text: string, slot = sampleSlotText): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(applySplices(utf8(text), await json.plan(bytesSource(utf8(text)), slot)));

describe('json', () => {
  it('writes the first member, indented as the others are, and touches no other byte', async () => {
    const member = `"AIGC":${sampleSlotText.value}`;
    expect(await label('{\n  "a": 1.0\n}\n')).toBe(`{\n  ${member},\n  "a": 1.0\n}\n`);
    expect(await label('{"a":1,"a":2}')).toBe(`{${member},"a":1,"a":2}`);
    expect(await label('\t{\n}')).toBe(`\t{${member}\n}`);
    expect(await label(`{"a":1, "AIGC":${LABEL} , "b":2}`)).toBe(`{${member},"a":1 , "b":2}`);
    expect(await label(`{${' '.repeat(300)}"a":1}`)).toBe(`{${' '.repeat(300)}${member},"a":1}`);
  });

  it('reads a label as a string once unescaped, and knows its own place', async () => {
    const { found } = await json.read(bytesSource(utf8(`{"AIGC":"{\\"Label\\":\\"1\\"}","x":0,"AIGC":{ "Label": "1" }}`)));
    expect(found).toMatchObject([
      { value: LABEL, isGuidePlace: false },
      { value: '{ "Label": "1" }', isGuidePlace: false },
    ]);
    expect((await json.read(bytesSource(utf8(`{"AIGC":${LABEL}}`)))).found).toMatchObject([{ value: LABEL, isGuidePlace: true }]);
    expect((await json.read(bytesSource(utf8(`{"a":{"AIGC":${LABEL}},"AIGCs":1}`)))).found).toEqual([]);
  });

  it.each(['{"a":01}', "{'a':1}", '{"a":1 "b":2}', '{"a":"\n"}', '{"a":"\\x"}', '{"a":[1}}', '{"a":tru}', '{"a"}', '{"a":1', '{"a":.5}'])(
    '%j is no JSON',
    async (text) => {
      expect(() => JSON.parse(text)).toThrow();
      expect((await json.read(bytesSource(utf8(text)))).anomalies).toHaveLength(1);
      await expect(label(text)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    },
  );

  it('reads a huge text at its beginning only, and does not edit it', async () => {
    const huge = utf8(`{"AIGC":${LABEL},"a":"${'x'.repeat(17 << 20)}"}`);
    const counted = countingSource(huge);
    const { found, anomalies } = await json.read(counted);
    expect(found).toMatchObject([{ value: LABEL, isGuidePlace: true }]);
    expect(anomalies).toMatchObject([{ code: 'limit' }]);
    expect(counted.bytesRead()).toBeLessThanOrEqual(64 << 10);
    await expect(json.plan(bytesSource(huge), sampleSlotText)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it.each(jsonHostile.filter(({ format }) => format === 'json').map((file) => [file.name, file] as const))('answers %s', async (_, { bytes }) => {
    const hostile = bytes();
    expect(json.matches(hostile.subarray(0, 4096))).toBe(true);
    await json.read(bytesSource(hostile));
    await json.plan(bytesSource(hostile), anotherSlotText).catch((error: unknown) => expect(error).toMatchObject({ name: 'LabelError' }));
  });
});

describe.skipIf(exiftoolMissing !== undefined)('json before exiftool', () => {
  afterAll(endJudges);
  it('is read field by field, besides what was there', async () => {
    const before = await withFile('a.json', utf8('{"a":1.5,"b":["x"]}'), exiftoolDump);
    const after = await withFile('a.json', utf8(await label('{"a":1.5,"b":["x"]}')), exiftoolDump);
    // exiftool gives a string of digits as a number.
    expect(after).toEqual({ ...before, 'JSON:AIGC': { ...sampleSlotText.fields, Label: 1 } });
  });
});
