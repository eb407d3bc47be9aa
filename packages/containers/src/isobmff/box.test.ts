import { bytesSource } from '@aigc-label/core';
import { countingSource, isobmff } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { boxBudget, listBoxes, MAXIMUM_BOXES_IN_LIST } from './box.ts';
import { readBoxFile } from './file.ts';
import { metaContentOffset, readMeta } from './meta.ts';

const { box, joined, openBox, text, u32, u64, wideBox } = isobmff;

const top = async (bytes: Uint8Array) => readBoxFile(bytesSource(bytes), boxBudget());

describe('the boxes of a file', () => {
  it('have 32-bit sizes, 64-bit sizes, or the rest of the file', async () => {
    const bytes = joined(
      box('ftyp', text('isom')),
      wideBox('mdat', text('abc')),
      box('uuid', new Uint8Array(16).fill(0xab), text('x')),
      openBox('moov', text('rest')),
    );
    const { boxes, end, rest } = await top(bytes);
    expect(boxes.map(({ type, headerSize, size, sizeField, userType }) => [type, headerSize, size, sizeField, userType])).toEqual([
      ['ftyp', 8, 12, 'u32', undefined],
      ['mdat', 16, 19, 'u64', undefined],
      ['uuid', 24, 25, 'u32', 'ab'.repeat(16)],
      ['moov', 8, 12, 'toEnd', undefined],
    ]);
    expect([end, rest]).toEqual([bytes.length, undefined]);
  });

  it.each([
    ['fewer than 8 bytes', new Uint8Array(7), 'short'],
    ['zeros', new Uint8Array(16), 'overrun'],
    ['a size below 8', joined(u32(7), text('free')), 'tooSmall'],
    ['a 64-bit size below 16', joined(u32(1), text('free'), u64(15)), 'tooSmall'],
    ['a uuid box without room for its type', joined(u32(12), text('uuid'), new Uint8Array(16)), 'tooSmall'],
    ['a size beyond the end', joined(u32(100), text('mdat')), 'overrun'],
    ['a 64-bit size beyond 2^53', joined(u32(1), text('mdat'), u32(0xffffffff, 0xffffffff)), 'overrun'],
    ['a 64-bit size cut short', joined(u32(1), text('mdat'), u32(0)), 'overrun'],
    ['a size of 0 before no known type', joined(u32(0), text('JUNK')), 'overrun'],
  ])('end before %s', async (_, tail, kind) => {
    const { boxes, end, rest } = await top(joined(box('ftyp'), tail));
    expect(boxes).toHaveLength(1);
    expect(end).toBe(8);
    expect(rest).toMatchObject({ offset: 8, length: tail.length, kind });
  });

  it('end inside a parent at a size of 0', async () => {
    const bytes = joined(box('name'), u32(0));
    const list = await listBoxes(bytesSource(bytes), 0, bytes.length, boxBudget());
    expect(list).toMatchObject({ end: 8, rest: { kind: 'short', isZero: true } });
    const longer = joined(box('name'), u32(0), text('stco'));
    expect(await listBoxes(bytesSource(longer), 0, longer.length, boxBudget())).toMatchObject({
      end: 8,
      rest: { kind: 'terminator', isZero: false },
    });
  });

  it('cost only their headers, and nothing where they nest deeply', async () => {
    let nested = new Uint8Array(0);
    for (let depth = 0; depth < 10_000; depth += 1) {
      nested = box('moov', nested) as Uint8Array<ArrayBuffer>;
    }
    const source = countingSource(joined(box('ftyp', text('isom')), nested, box('mdat', new Uint8Array(100_000))));
    expect((await readBoxFile(source, boxBudget())).boxes).toHaveLength(3);
    expect(source.bytesRead()).toBeLessThan(100);
  });

  it('are counted', async () => {
    const bytes = new Uint8Array(8 * (MAXIMUM_BOXES_IN_LIST + 1));
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 8) {
      view.setUint32(at, 8);
    }
    await expect(top(bytes)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect((await top(bytes.subarray(8))).boxes).toHaveLength(MAXIMUM_BOXES_IN_LIST);
    await expect(listBoxes(bytesSource(bytes), 0, 80, boxBudget(9))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

describe('a meta box', () => {
  const { fullMeta, hdlr, item, keys } = isobmff;
  const first = async (bytes: Uint8Array) => {
    const source = bytesSource(bytes);
    const [meta] = (await listBoxes(source, 0, bytes.length, boxBudget())).boxes;
    return { source, meta: meta! };
  };

  it.each([
    ['of ISO', fullMeta(hdlr('mdta')), 12],
    ['of QuickTime', box('meta', hdlr('mdta')), 8],
    ['of nothing', box('meta'), 8],
    ['of version and flags', fullMeta(), 12],
    ['of three bytes', box('meta', new Uint8Array(3)), 8],
  ])('%s begins its content where it does', async (_, bytes, offset) => {
    const { source, meta } = await first(bytes);
    expect(await metaContentOffset(source, meta)).toBe(offset);
  });

  it('names its items by its keys', async () => {
    const { source, meta } = await first(fullMeta(hdlr('mdta'), keys('a', 'bc'), box('ilst', item(2, 'x'), item(9, 'y'))));
    const read = await readMeta(source, meta, [], boxBudget());
    expect(read).toMatchObject({ isFullBox: true, handler: 'mdta', hasDuplicates: false, keys: { isSound: true } });
    expect(read.keys?.entries.map(({ index, namespace, name }) => [index, namespace, name])).toEqual([
      [1, 'mdta', 'a'],
      [2, 'mdta', 'bc'],
    ]);
    expect(read.list?.items).toHaveLength(2);
  });

  it.each([
    ['a count above its entries', box('keys', u32(0, 2), box('mdta', text('a')))],
    ['a count below its entries', box('keys', u32(0, 0), box('mdta', text('a')))],
    ['a count of 2^32 - 1', box('keys', u32(0, 0xffffffff), box('mdta', text('a')))],
    ['an entry without progress', box('keys', u32(0, 1, 0), text('mdta'))],
    ['no head', box('keys', u32(0))],
    ['more than 64 KiB', box('keys', new Uint8Array(70_000))],
  ])('is unsound with %s', async (_, table) => {
    const { source, meta } = await first(fullMeta(hdlr('mdta'), table));
    expect((await readMeta(source, meta, [], boxBudget())).keys?.isSound).toBe(false);
  });
});
