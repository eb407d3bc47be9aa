// ISO 32000-1 §8.4.2: what a content stream leaves open, so that what is drawn behind it starts from the state in which the page began.
import { latin1 } from '@aigc-label/core';

/** What stands around a content so that nothing of it reaches further. */
export interface ContentBalance {
  /** `q` to put before it. */
  readonly saves: number;
  /** `Q` to put behind it. */
  readonly restores: number;
  /** Whether it ends inside a text object. */
  readonly isTextOpen: boolean;
}

/** Of a content that cannot be read: nobody knows better than to trust it. */
export const TRUSTED: ContentBalance = { saves: 1, restores: 1, isTextOpen: false };

/** No page is so broken; each costs a few bytes. */
const MOST_UNMATCHED = 1000;

const TOKEN = /%[^\r\n]*|<<|>>|<|\/[^\0\t\n\f\r ()<>[\]{}/%]*|[[\]{})>]|[^\0\t\n\f\r ()<>[\]{}/%]+|\(/g;
const IMAGE_END = /[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)/g;

/** Counts what a content opens and closes, strings and inline images passed over. Linear in its length. */
export const contentBalance = (content: Uint8Array): ContentBalance => {
  const text = latin1(content);
  let [depth, lowest] = [0, 0];
  let isTextOpen = false;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    const [token] = found;
    if (token === '(') {
      TOKEN.lastIndex = behindString(text, found.index);
    } else if (token === '<') {
      const end = text.indexOf('>', found.index);
      TOKEN.lastIndex = end < 0 ? text.length : end + 1;
    } else if (token === 'q') {
      depth += 1;
    } else if (token === 'Q') {
      depth -= 1;
      lowest = Math.min(lowest, depth);
    } else if (token === 'BT' || token === 'ET') {
      isTextOpen = token === 'BT';
    } else if (token === 'ID') {
      IMAGE_END.lastIndex = TOKEN.lastIndex;
      const end = IMAGE_END.exec(text);
      TOKEN.lastIndex = end === null ? text.length : end.index + 3;
    }
  }
  const saves = 1 - lowest;
  return saves + depth + saves > MOST_UNMATCHED ? TRUSTED : { saves, restores: saves + depth, isTextOpen };
};

const behindString = (text: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) {
      at += 1;
    } else if (unit === 0x28) {
      depth += 1;
    } else if (unit === 0x29) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return text.length;
};
