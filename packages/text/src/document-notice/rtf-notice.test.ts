import { applySplices, bytesSource, latin1, utf8 } from '@aigc-label/core';
import { rtfHostile, sampleSlotText } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { findTextNotice } from '../find-notice.ts';
import { rtf } from '../formats/rtf.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';

const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start', 'middle', 'end'] };
const corner: TextNoticeOptions = { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' };
const mark = async (text: string, options: TextNoticeOptions): Promise<string> => {
  const bytes = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  const marked = await textNotice.apply(bytesSource(bytes), 'rtf', options);
  return marked.kind === 'splices' ? latin1(applySplices(bytes, marked.splices)) : expect.fail('splices');
};
const find = (text: string) => findTextNotice(bytesSource(utf8(text)), 'rtf');
const isPresent = (text: string, options: TextNoticeOptions) => textNotice.isPresent(bytesSource(utf8(text)), 'rtf', options);

const HEAD = '{\\rtf1\\ansi{\\fonttbl{\\f0 x;}}{\\info{\\title t}}\\paperw11906{\\header \\pard head\\par}\\sectd';
const P = (position: string): string =>
  `{\\pard\\plain\\fs24 {\\v0\\cf0\\lang2052\\langfe2052\\uc1 {\\*\\bkmkstart AIGCNotice_${position}}AI\\u29983?\\u25104?{\\*\\bkmkend AIGCNotice_${position}}}\\par}`;
const S = (position: string): string =>
  `{\\v0\\cf0\\fs36\\super\\lang2052\\langfe2052\\uc1 {\\*\\bkmkstart AIGCCornerMark_${position}}AI{\\*\\bkmkend AIGCCornerMark_${position}}}`;

describe('a notice in RTF', () => {
  it.each([
    [
      `${HEAD}\\pard one\\par\\pard two\\par\\pard three\\par}`,
      `${HEAD}${P('start')}\\pard one\\par\\pard two\\par${P('middle')}\\pard three\\par${P('end')}}`,
    ],
    [`${HEAD}{\\rtlch one}\\par\\pard {\\b two}}`, `${HEAD}${P('start')}{\\rtlch one}\\par\\pard {\\b two}\\par${P('end')}}`],
    ['{\\rtf1 one\\{\\}{\\pict 0a}{\\*\\bin3 }}}}}', `{\\rtf1 ${P('start')}one\\{\\}{\\pict 0a}{\\*\\bin3 }}}}\\par${P('end')}}`],
    [
      `${HEAD}\\trowd\\pard\\intbl a\\cell\\row\\pard b\\par}{\\*\\themedata 0}`,
      `${HEAD}${P('start')}\\trowd\\pard\\intbl a\\cell\\row\\pard b\\par${P('end')}}{\\*\\themedata 0}`,
    ],
  ])('%s', async (before, after) => {
    const positions = sentence.positions.filter((position) => after.includes(`AIGCNotice_${position}`));
    const options = { ...sentence, positions };
    expect(await isPresent(before, options)).toBe(false);
    expect(await find(before)).toEqual([]);
    expect(await mark(before, options)).toBe(after);
    expect(await mark(after, options)).toBe(after);
    expect(await isPresent(after, options)).toBe(true);
    expect(await isPresent(after, { ...options, text: 'AI合成' })).toBe(false);
    expect(await find(after)).toEqual(positions.map((position) => ({ position, form: 'text', text: 'AI生成' })));
    const labelled = applySplices(utf8(after), await rtf.plan(bytesSource(utf8(after)), sampleSlotText));
    expect(await isPresent(latin1(labelled), options)).toBe(true);
  });

  it.each([
    [`${HEAD}\\pard title\\par\\pard text\\par\\pard\\par}`, `${HEAD}\\pard title${S('start')}\\par\\pard text${S('end')}\\par\\pard\\par}`],
    [`${HEAD}\\pard title\\par text}`, `${HEAD}\\pard title${S('start')}\\par text${S('end')}}`],
    ['{\\rtf1 x}', `{\\rtf1 x${S('start')}\\par{\\pard\\plain\\fs24 ${S('end')}\\par}}`],
    ['{\\rtf1 {\\b title\\par}text\\par}', `{\\rtf1 {\\b title${S('start')}\\par}text${S('end')}\\par}`],
  ])('corner marks: %s', async (before, after) => {
    expect(await mark(before, corner)).toBe(after);
    expect(await isPresent(after, corner)).toBe(true);
    expect(await find(after)).toEqual(['start', 'end'].map((position) => ({ position, form: 'corner-mark', text: 'AI' })));
  });

  it.each([
    [`${HEAD}\\pard one\\par}`, ['middle'], 'NOTICE_UNSUPPORTED'],
    [`${HEAD}\\pard\\ls1 a\\par\\pard\\ls1 b\\par\\pard\\intbl c\\par}`, ['middle'], 'NOTICE_UNSUPPORTED'],
    ['{\\rtf1 a}', ['throughout'], 'NOTICE_UNSUPPORTED'],
    ['{\\rtf1 a', ['start'], 'FILE_DAMAGED'],
    ['{'.repeat(600), ['start'], 'FILE_DAMAGED'],
  ] as const)('is refused: %s', async (before, positions, code) => {
    await expect(mark(before, { ...sentence, positions })).rejects.toMatchObject({ code });
    expect(await find(before)).toEqual([]);
  });

  it('is found without harm in what is made to do harm', async () => {
    for (const { bytes } of rtfHostile) {
      expect(await findTextNotice(bytesSource(bytes()), 'rtf')).toEqual([]);
    }
    for (const piece of ['{\\*\\bkmkstart AIGCNotice_start}', '{\\*\\bkmkstart AIGCNotice_start}a', '\\', '{', '\\bin9 ']) {
      const started = performance.now();
      const text = `{\\rtf1 ${piece.repeat(40_000)}}`;
      await find(text);
      await mark(text, { ...sentence, positions: ['start'] }).catch(() => undefined);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
