import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeLabel } from '../../label/index.ts';
import type { SignatureRole } from '../../ports/signature-profile.ts';
import type { Signer } from '../../ports/signer.ts';
import { readTrustList, thumbprint } from '../trust-list.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { sm2Jwk } from './judge.ts';
import { labelMessage } from './messages.ts';
import { signSm2, sm2PublicKey, verifySm2 } from './sm2.ts';
import { tc260Profile } from './tc260-profile.ts';

const PRIVATE_KEY = decodeHex('3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8', 32) as Uint8Array; // the example of GB/T 32918.5, Annex A
const NOW = 1_795_392_000;
const CONTENT = { method: 'png-1', hash: `${'A'.repeat(42)}E`, excerpts: `BQ${'A'.repeat(41)}E` };
const label = makeLabel({
  ContentProducer: '001191110000MA0000000H10001',
  ProduceID: '01980000-0000-7000-8000-000000000000',
  ContentPropagator: '001191110000MA0000000H20001',
});

const publicKey = await sm2PublicKey(PRIVATE_KEY);
const signer: Signer = { keyId: await thumbprint(sm2Jwk(publicKey)), algorithm: 'SM2', publicKey, sign: (data) => signSm2(data, PRIVATE_KEY) };
const trusting = (more: object = {}) =>
  readTrustList(JSON.stringify({ keys: [{ ...sm2Jwk(publicKey), names: [label.ContentProducer, label.ContentPropagator], ...more }] }));
const trust = await trusting();
const sign = (role: SignatureRole, of = label) => tc260Profile.sign({ role, label: of, content: CONTENT, signedAtSeconds: NOW }, signer);
const first = { ...label, ReservedCode1: await sign('producer') };
const both = { ...first, ReservedCode2: await sign('propagator', first) };

describe('the key of the example in GB/T 32918.5 Annex A', () => {
  it('is the standard’s', () => {
    expect(encodeHex(publicKey)).toBe(
      '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    );
  });

  it('signs as the standard says: its example of "message digest" holds', async () => {
    const signature = decodeHex(
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
      64,
    ) as Uint8Array;
    const message = new TextEncoder().encode('message digest');
    expect(await verifySm2(message, signature, publicKey)).toBe(true);
    for (let bit = 0; bit < 64 * 8; bit += 61) {
      const changed = Uint8Array.from(signature);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await verifySm2(message, changed, publicKey)).toBe(false);
    }
  });
});

describe('what we write', () => {
  it('fits a field and its characters', () => {
    expect(both.ReservedCode1.length).toBeLessThanOrEqual(1024);
    expect(both.ReservedCode2.length).toBeLessThanOrEqual(1024);
    expect(makeLabel(both)).toEqual(both);
  });

  it.each<SignatureRole>(['producer', 'propagator'])('is read back: %s', async (role) => {
    expect(await tc260Profile.verify(both, role, trust)).toEqual({
      profile: 'tc260',
      state: 'valid',
      isIntact: true,
      keyId: signer.keyId,
      algorithm: 'SM2',
      variant: 'direct-raw',
      signedAtSeconds: NOW,
      content: CONTENT,
      labelValue: '1',
    });
  });

  it.each<[string, object, string]>([
    ['before its time', { nbf: NOW + 1 }, 'unknown_key'],
    ['in its first second', { nbf: NOW }, 'valid'],
    ['in its last second', { exp: NOW + 1 }, 'valid'],
    ['after its time', { exp: NOW }, 'unknown_key'],
    ['for another name', { names: ['x'] }, 'unknown_key'],
    ['revoked', { status: 'revoked', revoked_at: NOW + 5 }, 'revoked_key'],
  ])('by a key %s', async (_, more, state) => {
    expect(await tc260Profile.verify(both, 'producer', await trusting(more))).toMatchObject({ state, isIntact: true });
  });

  it('needs no key in the label where the trust list has it', async () => {
    const { SecurityData } = JSON.parse(both.ReservedCode1);
    const bare = { ...both, ReservedCode1: JSON.stringify({ SecurityData: { ...SecurityData, PubSD: SecurityData.PubSD.slice(0, 2) } }) };
    expect(await tc260Profile.verify(bare, 'producer', trust)).toMatchObject({ state: 'valid', content: CONTENT });
    expect(await tc260Profile.verify(bare, 'producer', await trusting({ names: ['x'] }))).toMatchObject({ state: 'unknown_key', isIntact: null });
  });

  it('without its binding covers no content', async () => {
    const { SecurityData } = JSON.parse(both.ReservedCode1);
    const cut = JSON.stringify({ SecurityData: { ...SecurityData, Bindings: undefined } });
    expect(await tc260Profile.verify({ ...both, ReservedCode1: cut }, 'producer', trust)).toMatchObject({
      state: 'valid',
      content: null,
      signedAtSeconds: null,
    });
  });

  it('fails with the binding of another label, or one that was touched', async () => {
    const other = { ...label, ProduceID: 'another' };
    const theirs = JSON.parse(await sign('producer', other)).SecurityData;
    const ours = JSON.parse(both.ReservedCode1).SecurityData;
    const judged = async (data: object) => tc260Profile.verify({ ...both, ReservedCode1: JSON.stringify({ SecurityData: data }) }, 'producer', trust);
    const mixed = { ...ours, Bindings: theirs.Bindings, PubSD: [ours.PubSD[0], theirs.PubSD[1], ours.PubSD[2]] };
    expect(await judged(mixed)).toMatchObject({ state: 'invalid', content: null });
    for (const change of [{ Time: NOW + 1 }, { CntSel: 'jpeg-1' }, { Value: `${'B'.repeat(42)}E` }, { Excerpts: '' }, { More: 1 }]) {
      expect(await judged({ ...ours, Bindings: [{ ...ours.Bindings[0], ...change }] })).toMatchObject({ state: 'invalid', content: null });
    }
    expect(await judged({ ...ours, Bindings: [ours.Bindings[0], ours.Bindings[0]] })).toMatchObject({ state: 'invalid' });
  });

  it('ties the propagator to the ReservedCode1 that it found', async () => {
    const ReservedCode1 = await sign('producer');
    expect(await tc260Profile.verify({ ...both, ReservedCode1: `${ReservedCode1} ` }, 'propagator', trust)).toMatchObject({ state: 'invalid' });
  });

  it('is not valid with any byte changed', async () => {
    for (let index = 0; index < both.ReservedCode1.length; index += 7) {
      const code = both.ReservedCode1;
      const changed = code.slice(0, index) + String.fromCharCode(code.charCodeAt(index) ^ 1) + code.slice(index + 1);
      const finding = await tc260Profile.verify({ ...both, ReservedCode1: changed }, 'producer', trust);
      // A spelling that says the same, or a cut that leaves a label without content, may stand; content never comes out changed.
      expect(finding?.content === null || finding?.content === undefined || JSON.stringify(finding.content) === JSON.stringify(CONTENT)).toBe(true);
      expect(finding?.state === 'valid' && finding.labelValue !== '1').toBe(false);
    }
  });

  it('is refused with a signer that cannot be', async () => {
    const statement = { role: 'producer', label, content: CONTENT, signedAtSeconds: NOW } as const;
    await expect(tc260Profile.sign(statement, { ...signer, algorithm: 'ES256' })).rejects.toThrow(TypeError);
    await expect(tc260Profile.sign(statement, { ...signer, publicKey: publicKey.subarray(1) })).rejects.toThrow(TypeError);
    await expect(tc260Profile.sign(statement, { ...signer, keyId: 'x' })).rejects.toThrow(TypeError);
    await expect(tc260Profile.sign(statement, { ...signer, sign: async () => new Uint8Array(64).fill(1) })).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
    });
    await expect(tc260Profile.sign(statement, { ...signer, sign: async () => new Uint8Array(63) })).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    const reason = new Error('the token is gone');
    await expect(tc260Profile.sign(statement, { ...signer, sign: () => Promise.reject(reason) })).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      cause: reason,
    });
  });
});

const SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200';
const EC_HEAD = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420';

/** Whether OpenSSL here knows SM2 with an identity of its own choice (from 3.0 on, where the distribution built it in). */
const hasSm2 = ((): boolean => {
  try {
    return execFileSync('openssl', ['list', '-public-key-algorithms'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes('SM2');
  } catch {
    return false;
  }
})();

describe.skipIf(!hasSm2)(hasSm2 ? 'OpenSSL, the second opinion' : 'OpenSSL, the second opinion (skipped: no openssl with SM2 here)', () => {
  const inFolder = async (work: (at: (name: string) => string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'tc260-'));
    try {
      await work((name) => join(folder, name));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const OPTIONS = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];
  const message = labelMessage(label, 'producer');

  it('holds what we sign to be true, and what was touched to be false', () =>
    inFolder(async (at) => {
      const entry = JSON.parse(both.ReservedCode1).SecurityData.PubSD[0].Signature as string;
      const integer = (hex: string): string => {
        const digits = hex.replace(/^(00)+/, '');
        const signed = Number.parseInt(digits.slice(0, 2), 16) >= 0x80 ? `00${digits}` : digits;
        return `02${(signed.length / 2).toString(16).padStart(2, '0')}${signed}`;
      };
      const body = integer(entry.slice(0, 64)) + integer(entry.slice(64));
      writeFileSync(at('key.der'), Buffer.from(SPKI_HEAD + encodeHex(publicKey), 'hex'));
      writeFileSync(at('signature'), Buffer.from(`30${(body.length / 2).toString(16)}${body}`, 'hex'));
      const verify = (text: string): string => {
        writeFileSync(at('message'), text);
        const files = ['-pubin', '-inkey', at('key.der'), '-keyform', 'DER', '-in', at('message'), '-sigfile', at('signature')];
        try {
          return execFileSync('openssl', ['pkeyutl', '-verify', ...files, ...OPTIONS], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        } catch {
          return 'refused';
        }
      };
      expect(verify(message)).toContain('Verified Successfully');
      expect(verify(message.replace('"1"', '"2"'))).not.toContain('Verified Successfully');
    }));

  it('signs what we hold to be true', () =>
    inFolder(async (at) => {
      writeFileSync(at('key.der'), Buffer.from(`${EC_HEAD}${encodeHex(PRIVATE_KEY)}a144034200${encodeHex(publicKey)}`, 'hex'));
      writeFileSync(at('message'), message);
      execFileSync('openssl', [
        'pkeyutl',
        '-sign',
        '-inkey',
        at('key.der'),
        '-keyform',
        'DER',
        '-in',
        at('message'),
        '-out',
        at('signature'),
        ...OPTIONS,
      ]);
      const entry = { Type: 'DS', AlgID: '1.2.156.10197.1.501', TBSData: { Type: 'Md' }, Signature: readFileSync(at('signature')).toString('hex') };
      const ReservedCode1 = JSON.stringify({ SecurityData: { Type: 'TC260PG', Version: 1, PubSD: [entry] } });
      expect(await tc260Profile.verify({ ...label, ReservedCode1 }, 'producer', trust)).toMatchObject({
        state: 'valid',
        variant: 'direct-der',
        content: null,
      });
      expect(await tc260Profile.verify({ ...label, ReservedCode1, Label: '2' }, 'producer', trust)).toMatchObject({ state: 'invalid' });
    }));
});
