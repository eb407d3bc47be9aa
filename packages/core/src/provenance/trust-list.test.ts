import { describe, expect, it } from 'vitest';
import { testKey } from '../../test/test-keys.ts';
import { readTrustList } from './trust-list.ts';

describe('a trust list', async () => {
  const { signer, trusted } = await testKey(['me']);
  const read = (...keys: readonly unknown[]) => readTrustList(JSON.stringify({ keys }));

  it('finds a key by its thumbprint', async () => {
    const list = await read({ ...trusted, kid: signer.keyId, alg: 'Ed25519', use: 'sig', status: 'verify_only', nbf: 1, exp: 2 });
    expect(list.find(signer.keyId)).toMatchObject({ names: ['me'], notBefore: 1, expires: 2, revokedAt: null, jwk: signer.publicJwk });
    expect(list.find('x')).toBeUndefined();
    expect((await readTrustList('{"keys":[]}')).keys).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['no list', '{"keys":1}'],
    ['a doubled member', '{"keys":[],"keys":[]}'],
    ['something too deep', `{"keys":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('refuses %s', async (_, json) => {
    await expect(readTrustList(json)).rejects.toMatchObject({ code: 'TRUST_INVALID' });
  });

  it.each([
    ['a wrong kid', { kid: 'x' }],
    ['no names', { names: [] }],
    ['names that are none', { names: [''] }],
    ['a private key', { d: 'AAAA' }],
    ['another algorithm', { alg: 'ES256' }],
    ['another curve', { crv: 'X25519' }],
    ['half a second', { nbf: 1.5 }],
    ['a revocation without time', { status: 'revoked' }],
  ])('refuses a key with %s', async (_, more) => {
    await expect(read({ ...trusted, ...more })).rejects.toMatchObject({ code: 'TRUST_INVALID', data: { index: 0 } });
  });

  it('refuses a key that stands twice', async () => {
    await expect(read(trusted, trusted)).rejects.toMatchObject({ code: 'TRUST_INVALID' });
  });
});
