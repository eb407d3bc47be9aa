import { describe, expect, it } from 'vitest';
import { buildProviderCode, citizenNumberCheckDigit, creditCodeCheckDigit, looksLikeProviderCode, parseProviderCode } from './index.ts';

// Codes that products write into public files (spec/labels.md §5.2).
const SEEN_IN_THE_WILD = [
  '001191110102MACQD9K64010000',
  '00119144030008867405X210001',
  '001191110108335469089C10100',
  '001191110000802100433B10005',
  '001191110108MA01KP2T5U00000',
  '001191310104MACE0YX63918020',
  '001191320114777023172010000',
];

describe('provider codes of TC260-PG-20252A', () => {
  it.each(SEEN_IN_THE_WILD)('%s holds a unified social credit code with a right check digit', (code) => {
    expect(parseProviderCode(code).problems.filter((problem) => problem !== 'service')).toEqual([]);
  });

  it('takes a code apart and builds it again', () => {
    const text = '00119144030008867405X210001';
    const { code } = parseProviderCode(text);
    expect(code).toEqual({ subject: 'organisation', identity: '9144030008867405X2', service: 'generate', serviceCode: '0001' });
    expect(buildProviderCode(code!)).toBe(text);
  });

  it('finds every single wrong digit of the credit code', () => {
    const identity = '9144030008867405X2';
    const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    for (let index = 0; index < 17; index += 1) {
      for (const sign of signs) {
        if (sign !== identity[index]) {
          const wrong = identity.slice(0, index) + sign + identity.slice(index + 1);
          expect(parseProviderCode(`0011${wrong}10001`).problems).toContain('check_digit');
        }
      }
    }
  });

  it.each([
    ['001191330101MA27WPYJ18xliu', ['length', 'characters', 'service']],
    ['991191110102MACQD9K64010000', ['format_code']],
    ['003191110102MACQD9K64010000', ['subject']],
    ['001291110102MACQD9K64010000', ['identity_binding']],
    ['001191110102MACQD9K64030000', ['service']],
    ['001191110102MACQD9K64000001', ['service']],
    ['', ['length', 'format_code', 'subject', 'identity_binding', 'service']],
  ])('says what is wrong with %j', (text, problems) => {
    expect(parseProviderCode(text)).toEqual({ code: undefined, problems });
  });

  it('knows the check digit of a citizen number', () => {
    // The example of GB 11643-1999.
    expect(citizenNumberCheckDigit('11010519491231002')).toBe('X');
    expect(parseProviderCode('002111010519491231002X00000').problems).toEqual([]);
  });

  it('refuses to build a code that it would refuse to read', () => {
    expect(() => buildProviderCode({ identity: '9144030008867405X3' })).toThrow(expect.objectContaining({ code: 'LABEL_INVALID' }));
    expect(creditCodeCheckDigit('short')).toBeUndefined();
    expect(creditCodeCheckDigit('I1440300088674050')).toBeUndefined();
  });

  it('tells a code with a mistake from a name', () => {
    expect(looksLikeProviderCode('001191330101MA27WPYJ18xliu')).toBe(true);
    expect(looksLikeProviderCode('MiniMax')).toBe(false);
  });
});
