// Writing Chinese into files of GBK and GB18030, with the table that every TextDecoder holds.
import { strictly } from './encoding.ts';

let codes: ReadonlyMap<string, number> | undefined;

/** The two-byte characters of GB18030, read out of the decoder once, on first use. */
const table = (): ReadonlyMap<string, number> => {
  if (codes === undefined) {
    const made = new Map<string, number>();
    for (let lead = 0x81; lead <= 0xfe; lead += 1) {
      for (let trail = 0x40; trail <= 0xfe; trail += 1) {
        const text = trail === 0x7f ? undefined : strictly('gb18030', Uint8Array.of(lead, trail));
        if (text !== undefined && text.length === 1 && !made.has(text)) {
          made.set(text, (lead << 8) | trail);
        }
      }
    }
    codes = made;
  }
  return codes;
};

/** Text as GB18030, which is GBK for these characters; `undefined` where a character has no code of one or two bytes. */
export const encodeGb18030 = (text: string): Uint8Array | undefined => {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.charCodeAt(0) < 0x80 ? character.charCodeAt(0) : table().get(character);
    if (code === undefined) {
      return undefined;
    }
    bytes.push(...(code < 0x80 ? [code] : [code >>> 8, code & 0xff]));
  }
  return Uint8Array.from(bytes);
};

/** Characters that no Chinese text of some length does without; text of another encoding that happens to decode has hardly one of them. */
const COMMON: ReadonlySet<string> = new Set(
  '的一是不了在人有我他这中大来上国个到说们为子和你地出也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文本标',
);
/** Shares of the characters that are not ASCII. */
const LEAST_CHINESE = 0.95;
const LEAST_COMMON = 0.08;

/** Whether bytes that are not UTF-8 are surely GBK or GB18030: all of them decode, to Chinese as people write it, not to letters of another encoding read wrongly. */
export const isGb18030 = (bytes: Uint8Array): boolean => {
  const text = strictly('gb18030', bytes);
  if (text === undefined) {
    return false;
  }
  let others = 0;
  let chinese = 0;
  let common = 0;
  for (const character of text) {
    if (character > '\u007f') {
      others += 1;
      chinese += /[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2027]/.test(character) ? 1 : 0;
      common += COMMON.has(character) ? 1 : 0;
    }
  }
  return others > 0 && chinese >= LEAST_CHINESE * others && common >= LEAST_COMMON * others;
};
