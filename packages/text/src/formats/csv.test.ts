import { bytesSource, utf8 } from '@aigc-label/core';
import { countingSource, type FormatFixture, jsonHostile, jsonStructure, sampleSlotText, testFormat } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';

const LABEL = '{"Label":"1","ProduceID":"a"}';
const fixture = (name: string, text: string, slots = 0): FormatFixture => ({
  name,
  bytes: utf8(text),
  untouched: () => 0,
  slots,
  refused: 'NO_PLACE_INSIDE',
});

testFormat({
  format: csv,
  hasEnd: false,
  structure: jsonStructure,
  fixtures: [fixture('a table', 'a,b,c\r\n1,2,3\r\n4,5,6\r\n'), fixture('tabs', 'a\tb\tc\n1\t2\t3\n')],
});
testFormat({
  format: jsonl,
  hasEnd: false,
  structure: jsonStructure,
  fixtures: [
    fixture('records', '{"a":1}\n{"a":2}\n'),
    fixture('a record that is a label', `{"a":1}\n{"AIGC":${LABEL}}\n{"AIGC":${LABEL},"a":2}\n`, 1),
    fixture('a line that is a label', `{"a":1}\r\n{"a":2}\r\nAIGC:${LABEL}`, 1),
  ],
});

const valuesOf = async (text: string): Promise<readonly string[]> => (await csv.read(bytesSource(utf8(text)))).found.map(({ value }) => value);

describe('csv', () => {
  it.each([
    ['the first line, as a comment', `# AIGC=${LABEL}\na,b\n1,2\n`, `AIGC=${LABEL}`],
    ['the last line', `a,b\n1,2\nAIGC:${LABEL}\n`, `AIGC:${LABEL}`],
    ['a quoted field', `a,b\n1,2\n"AIGC:${LABEL.replaceAll('"', '""')}",\n`, `AIGC:${LABEL}`],
  ])('reads a label on %s', async (_, text, value) => {
    expect(await valuesOf(text)).toEqual([value]);
  });

  it('takes no row for a label', async () => {
    expect(await valuesOf(`AIGC,b\n"AIGC",2\nAIGC is,3\n"{""AIGC"":1,""a"":2}"\n`)).toEqual([]);
  });

  it('says that more labels are there than are read', async () => {
    expect((await csv.read(bytesSource(utf8(`AIGC:${LABEL}\n`.repeat(40))))).anomalies).toMatchObject([{ code: 'limit' }]);
  });
});

describe('jsonl', () => {
  it('reads both ends of a long text', async () => {
    const counted = countingSource(utf8(`{"AIGC":${LABEL}}\n${'{"a":1}\n'.repeat(100_000)}AIGC:${LABEL}\n`));
    expect((await jsonl.read(counted)).found).toHaveLength(2);
    expect(counted.bytesRead()).toBeLessThan(256 << 10);
    await expect(jsonl.plan(counted, sampleSlotText)).rejects.toMatchObject({ code: 'NO_PLACE_INSIDE' });
  });

  it.each(jsonHostile.filter(({ format }) => format === 'jsonl').map((file) => [file.name, file] as const))('answers %s', async (_, { bytes }) => {
    const hostile = bytes();
    expect(jsonl.matches(hostile.subarray(0, 4096))).toBe(true);
    expect((await jsonl.read(bytesSource(hostile))).found).toEqual([]);
  });
});
