import { isLooseLabel, latin1 } from '@aigc-label/core';
import { LABEL_KEY } from '../place.ts';

/** A comment is text: of the control characters it has those that set lines and columns, and NULs around it. */
const CONTROL = /[\0-\x08\x0e-\x1f\x7f]/;

/** Whether the bytes of a comment are a comment, or a label; anything else is no carrier. */
export const isPlainText = (bytes: Uint8Array): boolean => {
  const text = latin1(bytes);
  let [start, end] = [0, text.length];
  while (start < end && text.charCodeAt(start) === 0) {
    start += 1;
  }
  while (end > start && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return !CONTROL.test(text.slice(start, end)) || isLooseLabel(text, LABEL_KEY);
};
