import { describe, expect, it } from 'vitest';
import { endOf, noticeStretches } from './notice-stretches.ts';

/** Pictures 25 a second, decoded as they are shown. */
const steady = (count: number): Float64Array => Float64Array.from({ length: count }, (_, index) => index / 25);
const opening = { when: 'opening', also: [], seconds: 2 } as const;
const all = { from: 0, to: 12 };

describe('noticeStretches', () => {
  const track = { shownAt: steady(300), cuts: [0, 50, 100, 150, 200, 250] };

  it('takes the pictures that begin before the time is up, and ends at the next cut', () => {
    expect(noticeStretches(track, opening, all)).toEqual([{ from: 0, to: 50, noticed: [[0, 49]] }]);
    expect(noticeStretches(track, { ...opening, seconds: 2.01 }, all)).toEqual([{ from: 0, to: 100, noticed: [[0, 50]] }]);
    expect(noticeStretches(track, { ...opening, seconds: 3 }, all)).toEqual([{ from: 0, to: 100, noticed: [[0, 74]] }]);
  });

  it('shows it again in the middle and at the end, for as long', () => {
    expect(noticeStretches(track, { ...opening, also: ['middle', 'end'] }, all)).toEqual([
      { from: 0, to: 50, noticed: [[0, 49]] },
      { from: 100, to: 200, noticed: [[25, 74]] },
      { from: 250, to: 300, noticed: [[0, 49]] },
    ]);
  });

  it('makes one of stretches that meet', () => {
    expect(noticeStretches({ shownAt: steady(120), cuts: [0, 100] }, { ...opening, also: ['middle', 'end'] }, { from: 0, to: 4.8 })).toEqual([
      {
        from: 0,
        to: 120,
        noticed: [
          [0, 49],
          [35, 84],
          [70, 119],
        ],
      },
    ]);
  });

  it('goes by the time of each picture where their rate varies, in the order in which they are shown', () => {
    // Decoded 0 3 1 2 …: B-pictures.
    const shownAt = Float64Array.of(0, 1.5, 0.5, 1.4, 1.9, 2.2, 2.1, 3, 4);
    expect(noticeStretches({ shownAt, cuts: [0, 7] }, opening, { from: 0, to: 5 })).toEqual([{ from: 0, to: 7, noticed: [[0, 4]] }]);
  });

  it('begins where an edit list does, with the picture that is on the screen then', () => {
    expect(noticeStretches(track, opening, { from: 1.5, to: 12 })).toEqual([{ from: 0, to: 100, noticed: [[37, 87]] }]);
    expect(noticeStretches(track, opening, { from: 4, to: 12 })).toEqual([{ from: 100, to: 150, noticed: [[0, 49]] }]);
  });

  it('may end in an open group, and never begins there', () => {
    const open = { shownAt: steady(300), cuts: [0, 200], ends: [53, 103] };
    expect(noticeStretches(open, opening, all)).toEqual([{ from: 0, to: 53, noticed: [[0, 49]] }]);
    expect(noticeStretches(open, { ...opening, also: ['middle'] }, all)?.[1]).toEqual(undefined);
  });

  it('takes all where there is no cut behind it, and nothing where there is none to begin at', () => {
    expect(noticeStretches({ shownAt: steady(300), cuts: [0] }, opening, all)).toEqual([{ from: 0, to: 300, noticed: [[0, 49]] }]);
    expect(noticeStretches({ shownAt: steady(300), cuts: [50] }, opening, all)).toBeUndefined();
    expect(noticeStretches(track, { ...opening, when: 'throughout' }, all)).toEqual([{ from: 0, to: 300, noticed: [[0, 299]] }]);
    expect(noticeStretches({ shownAt: steady(30), cuts: [0] }, opening, { from: 0, to: 1.2 })).toEqual([{ from: 0, to: 30, noticed: [[0, 29]] }]);
  });

  it('knows how long the last picture stays', () => {
    expect(endOf(steady(300))).toBeCloseTo(12);
    expect(endOf(Float64Array.of(0))).toBe(0);
  });
});
