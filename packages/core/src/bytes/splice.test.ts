import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices, bytesSource, type Splice, segmentsOf, splicedSize, splicedSource } from './index.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const edit = (at: number, remove: number, insert: string): Splice => ({ at, remove, insert: text(insert) });

describe('splices', () => {
  it('edit the original wherever they are given, in any order', () => {
    const edited = applySplices(text('The quick fox'), [edit(10, 3, 'dog'), edit(0, 3, 'A'), edit(13, 0, '!')]);
    expect(new TextDecoder().decode(edited)).toBe('A quick dog!');
  });

  it('keep the order of those at the same place', () => {
    expect(new TextDecoder().decode(applySplices(text('ab'), [edit(1, 0, '1'), edit(1, 0, '2'), edit(1, 1, '3')]))).toBe('a123');
  });

  it.each([
    ['overlap', [edit(0, 3, ''), edit(2, 1, '')]],
    ['leave the file', [edit(3, 4, '')]],
    ['remove less than nothing', [edit(3, -1, '')]],
  ])('that %s are the format’s own mistake', (_, splices) => {
    expect(() => segmentsOf(5, splices)).toThrow(TypeError);
  });

  it('give the same bytes when read through as when applied', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(80), fc.nat(9), fc.uint8Array({ maxLength: 9 })), { maxLength: 6 }),
        async (bytes, raw) => {
          let position = 0;
          const splices: Splice[] = [];
          for (const [gap, remove, insert] of raw) {
            const at = position + (gap % 9);
            if (at + remove <= bytes.length) {
              splices.push({ at, remove, insert });
              position = at + remove;
            }
          }
          const applied = applySplices(bytes, splices);
          expect(applied.length).toBe(splicedSize(bytes.length, splices));
          const source = splicedSource(bytesSource(bytes), splices);
          for (let start = 0; start <= applied.length; start += 3) {
            const length = Math.min(7, applied.length - start);
            expect(await source.read(start, length)).toEqual(applied.subarray(start, start + length));
          }
        },
      ),
    );
  });
});

describe('bytesSource', () => {
  it.each([
    [0, 6],
    [-1, 1],
    [5, 1],
    [0, Number.NaN],
    [2 ** 60, 1],
  ])('refuses the range %d + %d', (offset, length) => {
    expect(() => bytesSource(new Uint8Array(5)).read(offset, length)).toThrow(expect.objectContaining({ code: 'FILE_DAMAGED' }));
  });
});
