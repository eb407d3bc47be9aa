import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedSource, type Piece } from './joined-source.ts';
import { bytesSource } from './source.ts';

describe('joinedSource', () => {
  it('reads across pieces as if they were one', async () => {
    const bytes = fc.uint8Array({ maxLength: 12 });
    const piece = fc.oneof(
      bytes.map((whole) => ({ piece: whole as Piece, whole })),
      fc.tuple(bytes, fc.nat(12), fc.nat(12)).map(([whole, a, b]) => {
        const [from, to] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)];
        return { piece: { source: bytesSource(whole), offset: from, length: to - from } as Piece, whole: whole.subarray(from, to) };
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), fc.nat(80), fc.nat(80), async (pieces, a, b) => {
        const whole = new Uint8Array(pieces.flatMap((one) => [...one.whole]));
        const source = joinedSource(pieces.map((one) => one.piece));
        expect(source.size).toBe(whole.length);
        const [from, to] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)];
        expect(await source.read(from, to - from)).toEqual(whole.slice(from, to));
      }),
    );
  });

  it('refuses a piece and a read that leave what is there', async () => {
    expect(() => joinedSource([{ source: bytesSource(new Uint8Array(3)), offset: 2, length: 2 }])).toThrow(/announced/);
    await expect(joinedSource([new Uint8Array(3)]).read(1, 3)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});
