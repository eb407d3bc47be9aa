import { describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../test/test-keys.ts';
import { makeLabel } from '../label/make-label.ts';
import type { SigningStatement } from '../ports/signature-profile.ts';
import type { Signer } from '../ports/signer.ts';
import { encodeBase64url, encodeBase64urlText } from './base64url.ts';
import { jwsProfile } from './jws-profile.ts';

const producer = '001191110000MA0000000H10001';
const label = makeLabel({ ContentProducer: producer, ProduceID: 'a-1' });
const content = { method: 'png-1', hash: encodeBase64url(new Uint8Array(32).fill(7)), excerpts: '' };
const statement: SigningStatement = { role: 'producer', label, content, signedAtSeconds: 1_795_392_000 };

describe.each(['Ed25519', 'ES256'] as const)('a record by %s', async (algorithm) => {
  const { signer, trusted } = await testKey([producer], {}, algorithm);
  const trust = await trustIn(trusted);
  const code = await jwsProfile.sign(statement, signer);
  const verify = (ReservedCode1: string, more = {}, list = trust) => jwsProfile.verify({ ...label, ReservedCode1, ...more }, 'producer', list);

  it('is valid, short enough for a label, and within Annex E j)', async () => {
    expect(await verify(code)).toMatchObject({
      state: 'valid',
      isIntact: true,
      keyId: signer.keyId,
      algorithm,
      content,
      labelValue: '1',
      signedAtSeconds: 1_795_392_000,
    });
    expect(makeLabel({ ...label, ReservedCode1: code }).ReservedCode1).toBe(code);
    expect(code.length).toBeLessThan(600);
  });

  it('is by an unknown key for whoever does not trust it, for this name, at this time', async () => {
    expect(await verify(code, {}, await trustIn())).toMatchObject({ state: 'unknown_key', isIntact: null });
    for (const entry of [{ names: ['somebody else'] }, { nbf: 1_795_392_001 }, { exp: 1_795_392_000 }]) {
      expect(await verify(code, {}, await trustIn({ ...trusted, ...entry }))).toMatchObject({ state: 'unknown_key', isIntact: true });
    }
    expect(await verify(code, {}, await trustIn({ ...trusted, nbf: 1_795_392_000, exp: 1_795_392_001 }))).toMatchObject({ state: 'valid' });
    expect(await verify(code, {}, await trustIn({ ...trusted, revoked_at: 5 }))).toMatchObject({ state: 'revoked_key', revokedAtSeconds: 5 });
  });

  it('is invalid for any other label', async () => {
    for (const more of [{ ContentProducer: 'x' }, { ProduceID: 'a-2' }]) {
      expect(await verify(code, more)).toMatchObject({ state: 'invalid', isIntact: true });
    }
  });

  it('is never valid with one character changed', async () => {
    for (let index = 0; index < code.length; index += 1) {
      const other = code[index] === 'A' ? 'B' : 'A';
      expect((await verify(`${code.slice(0, index)}${other}${code.slice(index + 1)}`))?.state ?? 'none').not.toBe('valid');
    }
  });

  it('has one spelling alone: no bits left over, no padding, no other order, no doubled or further member', async () => {
    const [header = '', payload = '', signature = ''] = code.split('.');
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(signature.at(-1) as string);
    const leftOver = `${signature.slice(0, -1)}${'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last + 1]}`;
    expect((await verify(`${header}.${payload}.${leftOver}`))?.state).toBe('invalid');
    expect(await verify(`${code}==`)).toBeUndefined();
    const resigned = async (headerText: string, payloadText: string): Promise<string | undefined> => {
      const input = `${encodeBase64urlText(headerText)}.${encodeBase64urlText(payloadText)}`;
      const bytes = await signer.sign(new TextEncoder().encode(input));
      return (await verify(`${input}.${encodeBase64url(bytes)}`))?.state;
    };
    const headerText = Buffer.from(header, 'base64url').toString();
    const payloadText = Buffer.from(payload, 'base64url').toString();
    expect(await resigned(headerText, payloadText)).toBe('valid');
    for (const [a, b] of [
      [headerText.replace(',', ', '), payloadText],
      [headerText.replace('"alg"', '"b64":false,"alg"'), payloadText],
      [headerText.replace('{', `{"alg":"${algorithm}",`), payloadText],
      [headerText.replace('}', ',"jku":"https://example.org"}'), payloadText],
      [headerText.replace('"kid"', '"crit":["x"],"kid"'), payloadText],
      [headerText, payloadText.replace('"v":1', '"v":1 ')],
      [headerText, payloadText.replace('{', '{"iat":1,')],
      [headerText, payloadText.replace('"v":1', '"v":2')],
      [headerText, payloadText.replace('"v":1', '"v":1,"x":1')],
      [headerText, payloadText.replace('"cp"', '"\\u0063p"')],
    ] as const) {
      expect(await resigned(a, b)).toBe('malformed');
    }
  });

  it("is nothing of ours with another's typ, and malformed as the other role's", async () => {
    const other = `${encodeBase64urlText(JSON.stringify({ alg: algorithm, typ: 'JWT' }))}.${encodeBase64urlText('{}')}.AA`;
    expect(await verify(other)).toBeUndefined();
    expect(await jwsProfile.verify({ ...label, ReservedCode2: code }, 'propagator', trust)).toMatchObject({ state: 'malformed' });
    expect(await verify('')).toBeUndefined();
    expect(await verify('eyJ'.repeat(4000))).toBeUndefined();
  });
});

describe('signing', () => {
  it('takes no signature that does not fit', async () => {
    const { signer } = await testKey([producer]);
    const broken = (sign: Signer['sign']): Promise<string> => jwsProfile.sign(statement, { ...signer, sign });
    await expect(broken(async () => new Uint8Array(64))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await expect(broken(async () => new Uint8Array(71))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await expect(broken(() => Promise.reject(new Error('the HSM is away')))).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      cause: { message: 'the HSM is away' },
    });
    await expect(jwsProfile.sign(statement, { ...signer, algorithm: 'SM2' })).rejects.toThrow(TypeError);
  });

  it("ties a propagator's record to the producer's", async () => {
    const { signer, trusted } = await testKey([producer]);
    const own = { ...label, ReservedCode1: 'r1' };
    const ReservedCode2 = await jwsProfile.sign({ ...statement, role: 'propagator', label: own }, signer);
    const trust = await trustIn(trusted);
    expect(await jwsProfile.verify({ ...own, ReservedCode2 }, 'propagator', trust)).toMatchObject({ state: 'valid' });
    expect(await jwsProfile.verify({ ...own, ReservedCode1: 'r2', ReservedCode2 }, 'propagator', trust)).toMatchObject({ state: 'invalid' });
  });
});
