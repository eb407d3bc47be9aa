import { describe, expect, it } from 'vitest';
import { type Label, makeLabel } from '../../label/index.ts';
import { noTrust } from '../trust-list.ts';
import { readPublicKey } from './forms.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { labelMessage } from './messages.ts';
import { signSm2, sm2PublicKey, sm3 } from './sm2.ts';
import { tc260Profile } from './tc260-profile.ts';
import { trySignature } from './try-signature.ts';

/** Test keys whose points have an even and an odd y; never used for anything else. */
const KEYS = ['11', '12', '13', '14', '15', '16'].map((pair) => decodeHex(pair.repeat(32), 32) as Uint8Array);
const OID = '1.2.156.10197.1.501';
const base = makeLabel({ ContentProducer: 'MiniMax', ProduceID: '06649909c7a9924cacafe995ce6d4656' });
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const der = (signature: Uint8Array): Uint8Array => {
  const integer = (bytes: Uint8Array): number[] => {
    const digits = [...bytes.subarray(bytes.findIndex((byte) => byte !== 0))];
    const signed = (digits[0] as number) >= 0x80 ? [0, ...digits] : digits;
    return [2, signed.length, ...signed];
  };
  const body = [...integer(signature.subarray(0, 32)), ...integer(signature.subarray(32))];
  return Uint8Array.of(0x30, body.length, ...body);
};

const withCode = (Signature: unknown, KeyValue: unknown, more: object = {}, Type = 'LabelMataData'): Label => ({
  ...base,
  ReservedCode1: JSON.stringify({
    SecurityData: {
      Type: 'TC260PG',
      Version: 1,
      PubSD: [
        { Type: 'DS', AlgID: OID, TBSData: { Type }, Signature },
        { Type: 'PubKey', AlgID: OID, KeyValue },
      ],
      ...more,
    },
  }),
});

const verify = (label: Label) => tc260Profile.verify(label, 'producer', noTrust);

describe('forms of keys and signatures', () => {
  it.each(KEYS)('all mean the same point', async (privateKey) => {
    const point = await sm2PublicKey(privateKey);
    const [x, y] = [point.subarray(1, 33), point.subarray(33)];
    const isOdd = ((y[31] as number) & 1) === 1;
    const direct = await signSm2(utf8(labelMessage(base, 'producer')), privateKey);
    const hashed = await signSm2(await sm3(labelMessage(base, 'producer')), privateKey);
    const keys: Readonly<Record<string, string>> = {
      spki: `3059301306072a8648ce3d020106082a811ccf5501822d034200${encodeHex(point)}`,
      point: encodeHex(point),
      bare: encodeHex(point.subarray(1)),
      compressed: (isOdd ? '03' : '02') + encodeHex(x),
      padded: `00${encodeHex(x)}`,
      x: encodeHex(x).toUpperCase(),
    };
    const found = new Set<string>();
    for (const KeyValue of Object.values(keys)) {
      for (const [variant, value] of [
        ['direct-raw', direct],
        ['direct-der', der(direct)],
        ['sm3-raw', hashed],
        ['sm3-der', der(hashed)],
      ] as const) {
        const finding = await verify(withCode(encodeHex(value), KeyValue));
        const expected =
          variant === 'sm3-der' && KeyValue === keys['spki']
            ? 'stepfun'
            : variant === 'direct-raw' && KeyValue === keys['padded']
              ? 'minimax'
              : variant;
        expect(finding).toMatchObject({ state: 'unknown_key', isIntact: true, variant: expected });
        found.add(finding?.keyId as string);
      }
    }
    expect(found.size).toBe(1);
    const wrongParity = (isOdd ? '02' : '03') + encodeHex(x);
    expect(await verify(withCode(encodeHex(direct), wrongParity))).toMatchObject({ state: 'invalid' });
  });
});

describe('what is no signature', async () => {
  const privateKey = KEYS[0] as Uint8Array;
  const point = encodeHex(await sm2PublicKey(privateKey));
  let signature = new Uint8Array(64);
  while ((signature[0] as number) < 0x80) {
    // One whose r needs a leading zero in DER.
    signature = Uint8Array.from(await signSm2(utf8(labelMessage(base, 'producer')), privateKey));
  }
  const hex = encodeHex(signature);
  const ORDER = 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123';
  const [r, s] = [hex.slice(0, 64), hex.slice(64)];
  const dered = der(signature);
  const plusOrder = (part: string): string => (BigInt(`0x${part}`) + BigInt(`0x${ORDER}`)).toString(16);

  it.each<[string, unknown, unknown]>([
    ['r of 0', '0'.repeat(64) + s, point],
    ['s of 0', r + '0'.repeat(64), point],
    ['r and s of 0', '0'.repeat(128), point],
    ['r of the order', ORDER + s, point],
    ['s of the order', r + ORDER, point],
    ['r and s whose sum is the order', `${'0'.repeat(63)}1${(BigInt(`0x${ORDER}`) - 1n).toString(16)}`, point],
    ['s negated', r + (BigInt(`0x${ORDER}`) - BigInt(`0x${s}`)).toString(16).padStart(64, '0'), point],
    ['r and s changed over', s + r, point],
    ['r beyond the order', `${plusOrder(r).padStart(66, '0').slice(-64)}${s}`, point],
    ['an odd digit', hex.slice(1), point],
    ['a byte less', hex.slice(2), point],
    ['a byte more', `${hex}00`, point],
    ['spaces', ` ${hex.slice(1)}`, point],
    ['a number', 12, point],
    ['nothing', '', point],
    ['an object', {}, point],
    ['DER with a byte behind it', `${encodeHex(dered)}00`, point],
    ['DER with a long length', `3081${encodeHex(dered).slice(2)}`, point],
    ['DER with a leading zero too many', encodeHex(dered).replace(/^30(..)02(..)/, (_, all, one) => `30${next(all)}02${next(one)}00`), point],
    [
      'DER of a negative number',
      encodeHex(der(Uint8Array.of(...signature.subarray(0, 32), ...signature.subarray(32)))).replace('022100', '0220'),
      point,
    ],
    ['DER of three numbers', `30${next(next(next(encodeHex(dered.subarray(1, 2)))))}${encodeHex(dered.subarray(2))}020101`, point],
  ])('%s', async (_, value, key) => {
    expect(await verify(withCode(value, key))).toMatchObject({ state: 'invalid', isIntact: false });
  });

  it.each<[string, unknown]>([
    ['the point at infinity', '00'],
    ['zeros', `04${'0'.repeat(128)}`],
    ['a point beside the curve', `${point.slice(0, -1)}${point.endsWith('0') ? '1' : '0'}`],
    ['a coordinate beyond the prime', `04${'f'.repeat(128)}`],
    ['an x without a point', `02${'f'.repeat(62)}fe`],
    ['a key of P-256', `3059301306072a8648ce3d020106082a8648ce3d030107034200${point}`],
    ['a hybrid point', `06${point.slice(2)}`],
    ['a long key', '04'.repeat(5000 / 2)],
    ['no text', null],
  ])('a key that is %s', async (_, key) => {
    expect(await verify(withCode(hex, key))).toMatchObject({ state: 'malformed', isIntact: null });
  });

  it('of another message, producer or user', async () => {
    expect(await verify({ ...withCode(hex, point), ContentProducer: 'Minimax' })).toMatchObject({ state: 'invalid' });
    const other = encodeHex(await sm2PublicKey(KEYS[1] as Uint8Array));
    expect(await verify(withCode(hex, other))).toMatchObject({ state: 'invalid', isIntact: false });
  });
});

const next = (pair: string): string => (Number.parseInt(pair, 16) + 1).toString(16).padStart(2, '0');

describe('what is SecurityData at all', () => {
  const code = (ReservedCode1: string): Label => ({ ...base, ReservedCode1 });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '"SecurityData"',
    '0a1b',
    'L-1234',
    '{"Type":" TC260PG","AlgID":"sm3"}',
    '{"SecurityData":{"Type":"OTHER","Version":1}}',
  ])('not %s', async (text) => {
    expect(await verify(code(text))).toBeUndefined();
  });

  it.each([
    '{"SecurityData":',
    '{"SecurityData":1}',
    '{"SecurityData":{"Type":"TC260PG"}}',
    '{"SecurityData":{"Type":"TC260PG","Version":2}}',
    '{"SecurityData":{"Type":"TC260PG","Type":"TC260PG","Version":1}}',
    '{"SecurityData":{"Type":"TC260PG","Version":1},"SecurityData":{}}',
    '{"SecurityData":{"Type":"TC260PG","Version":1,"PubSD":{}}}',
    '{"SecurityData":{"Type":"TC260PG","Version":1,"PubSD":[1]}}',
    '{"SecurityData":{"Type":"TC260PG","Version":1,"Bindings":[null]}}',
    `{"SecurityData":{"Type":"TC260PG","Version":1,"PubSD":[${'{},'.repeat(8)}{}]}}`,
    `{"SecurityData":${'['.repeat(4000)}${']'.repeat(4000)}}`,
    `{"SecurityData":{"Type":"TC260PG","Version":1,"Extension":"${'x'.repeat(8200)}"}}`,
    '{"SecurityData":{"Type":"TC260PG","Version":1,"PubSD":[{"Type":"DS","TBSData":{"Type":"Md"}},{"Type":"DS","TBSData":{"Type":"Md"}}]}}',
  ])('malformed: %.70s', async (text) => {
    expect(await verify(code(text))).toMatchObject({ state: 'malformed', isIntact: null });
  });

  it('of an algorithm or a subject that is not known is no accusation', async () => {
    expect(await verify(withCode('00', '00', {}, 'Else'))).toMatchObject({ state: 'unknown_key', isIntact: null });
    expect(await verify(code(withCode('00', '00').ReservedCode1.replaceAll(OID, '1.2.3')))).toMatchObject({ state: 'unknown_key', isIntact: null });
  });

  it('costs a bounded number of checks, however many keys stand in it', async () => {
    const points = await Promise.all(KEYS.map(sm2PublicKey));
    const keys = points.map((point) => ({ Type: 'PubKey', AlgID: OID, KeyValue: encodeHex(point.subarray(1, 33)) }));
    const text = JSON.stringify({
      SecurityData: {
        Type: 'TC260PG',
        Version: 1,
        PubSD: [{ Type: 'DS', AlgID: OID, TBSData: { Type: 'Md' }, Signature: '7'.repeat(128) }, ...keys],
      },
    });
    expect(await verify(code(text))).toMatchObject({ state: 'invalid' });
    const budget = { left: 5 };
    const every = points.flatMap((point) => readPublicKey(encodeHex(point.subarray(1, 33))));
    expect(await trySignature('message', '7'.repeat(128), every, budget)).toBeUndefined();
    expect({ keys: every.length, ...budget }).toEqual({ keys: 12, left: 0 });
  });
});
