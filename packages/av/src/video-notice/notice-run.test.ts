import { describe, expect, it } from 'vitest';
import { runAround } from './notice-run.ts';

const looking = (stands: readonly boolean[]): { look: (frame: number) => Promise<boolean>; looks: () => number } => {
  let looks = 0;
  return {
    look: async (frame) => {
      looks += 1;
      return stands[frame] === true;
    },
    looks: () => looks,
  };
};

describe('runAround', () => {
  it('finds every run exactly, with few looks', async () => {
    for (let first = 0; first < 40; first += 3) {
      for (let last = first; last < 42; last += 1) {
        const { look, looks } = looking(Array.from({ length: 42 }, (_, frame) => frame >= first && frame <= last));
        expect(await runAround(Math.floor((first + last) / 2), 42, look)).toEqual({ first, last });
        expect(looks()).toBeLessThan(20);
      }
    }
  });

  it('passes over a few frames on which it cannot be seen', async () => {
    const { look } = looking(Array.from({ length: 42 }, (_, frame) => frame < 30 && !(frame >= 12 && frame <= 14)));
    expect(await runAround(1, 42, look)).toEqual({ first: 0, last: 29 });
  });
});
