import { expect, test } from 'vitest';
import { EXIT, exitOfError, worstOf } from './exit-codes.ts';

test('the worst decides', () => {
  expect(worstOf([0, 2, 3])).toBe(2);
  expect(worstOf([0, 3])).toBe(3);
  expect(worstOf([2, 1, 0])).toBe(1);
  expect(worstOf([1, 10])).toBe(10);
  expect(worstOf([])).toBe(EXIT.fine);
});

test('what a file holds is a refusal, what lies outside is an error', () => {
  expect(exitOfError('LABEL_DISAGREES')).toBe(1);
  expect(exitOfError('DISK_FULL')).toBe(10);
  expect(exitOfError('UNEXPECTED')).toBe(10);
});
