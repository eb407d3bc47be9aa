import { expect, it } from 'vitest';
import { allBut } from './whole-file.ts';

it('gives what lies between carriers, and nothing outside of the stretch', () => {
  const carriers = [
    { start: 2, end: 4 },
    { start: 8, end: 12 },
    { start: 15, end: 16 },
    { start: 20, end: 21 },
  ];
  const within = (start: number, end: number): readonly unknown[] => allBut(start, end, carriers).map((piece) => Object.values(piece));
  expect(within(0, 21)).toEqual([
    [0, 2],
    [4, 8],
    [12, 15],
    [16, 20],
  ]);
  expect(within(0, 10)).toEqual([
    [0, 2],
    [4, 8],
  ]);
  expect(within(3, 9)).toEqual([[4, 8]]);
  expect(within(0, 1)).toEqual([[0, 1]]);
  expect(within(9, 11)).toEqual([]);
});
