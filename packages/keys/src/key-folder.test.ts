import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { jwsProfile, makeLabel, readTrustList, type SignatureAlgorithm, tc260Profile } from '@aigc-label/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFolderOf, openKeyFolder, passphraseOf } from './index.ts';

const NAME = '001191110000MA0000000H10001';
const NOW = 1_795_392_000;
const ALGORITHMS: readonly SignatureAlgorithm[] = ['Ed25519', 'ES256', 'SM2'];
const PASSPHRASE = 'correct horse battery staple';

let base: string;
let folder: string;
let now = NOW;
const open = (passphrase?: string) => openKeyFolder({ folder, passphrase, nowSeconds: () => now });
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'keys-'));
  folder = join(base, 'some/where');
  now = NOW;
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const label = makeLabel({ ContentProducer: NAME, ProduceID: 'id-1' });
const CONTENT = { method: 'png-1', hash: `${'A'.repeat(42)}E`, excerpts: '' };

const expectSigned = async (keys: ReturnType<typeof open>, algorithm: SignatureAlgorithm, keyId = 'active'): Promise<void> => {
  const profile = algorithm === 'SM2' ? tc260Profile : jwsProfile;
  const signer = await keys.openSigner(keyId, [NAME]);
  const ReservedCode1 = await profile.sign({ role: 'producer', label, content: CONTENT, signedAtSeconds: now }, signer);
  const trust = await readTrustList(await keys.exportTrust());
  expect(await profile.verify({ ...label, ReservedCode1 }, 'producer', trust)).toMatchObject({
    state: 'valid',
    keyId: signer.keyId,
    algorithm,
    content: CONTENT,
  });
  expect(await profile.verify({ ...label, ReservedCode1, ProduceID: 'id-2' }, 'producer', trust)).toMatchObject({ state: 'invalid' });
};

describe.each(ALGORITHMS)('a key for %s', (algorithm) => {
  it.each([undefined, PASSPHRASE])('signs what its trust list proves (passphrase: %s)', async (passphrase) => {
    const keys = open(passphrase);
    const { keyId, status } = await keys.createKey({ algorithm, names: [NAME] });
    expect(status).toBe('active');
    await expectSigned(keys, algorithm);
    await expectSigned(open(passphrase), algorithm, keyId);
    const pem = readFileSync(join(folder, `key-${keyId}.pem`), 'utf8');
    expect(pem).toContain(passphrase === undefined ? 'BEGIN PRIVATE KEY' : 'BEGIN ENCRYPTED PRIVATE KEY');
  });

  it('shows its private part nowhere', async () => {
    const keys = open();
    const key = await keys.createKey({ algorithm, names: [NAME] });
    const signer = await keys.openSigner('active', [NAME]);
    const pem = readFileSync(join(folder, `key-${key.keyId}.pem`), 'utf8');
    const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');
    const secret = der.subarray(algorithm === 'Ed25519' ? 16 : 36, algorithm === 'Ed25519' ? 48 : 68);
    const shown = [key, signer, keys, await keys.listKeys(), await keys.exportTrust()]
      .flatMap((value) => [inspect(value, { depth: null, showHidden: true, getters: true }), JSON.stringify(value), String(value)])
      .join('\n')
      .toLowerCase();
    for (const spelling of [secret.toString('hex'), secret.toString('base64'), secret.toString('base64url'), [...secret.subarray(0, 8)].join(', ')]) {
      expect(shown).not.toContain(spelling.toLowerCase());
    }
    expect(shown).not.toContain('private key');
    expect(secret).toHaveLength(32);
  });

  it('is refused when it is damaged, without a word of what stands in it', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ algorithm, names: [NAME] });
    const path = join(folder, `key-${keyId}.pem`);
    const pem = readFileSync(path, 'utf8');
    const other = await keys.createKey({ algorithm, names: ['other'] });
    const others = readFileSync(join(folder, `key-${other.keyId}.pem`), 'utf8');
    for (const damaged of [pem.slice(0, -40), pem.replace('PRIVATE', 'PUBLIC'), '', others, `x${pem.slice(40)}`]) {
      writeFileSync(path, damaged);
      const error = await keys.openSigner(keyId).then(
        () => undefined,
        (thrown) => thrown,
      );
      expect(error).toMatchObject({ code: 'KEY_INVALID' });
      expect(inspect(error, { depth: null })).not.toContain(pem.slice(40, 80));
    }
  });
});

describe('the folder', () => {
  it('and its files are for their owner alone', async () => {
    await open().createKey({ names: [NAME] });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = readdirSync(folder);
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  it.each([0o640, 0o604, 0o620, 0o602])('holds no key that others may open: mode %o', async (mode) => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    chmodSync(join(folder, `key-${keyId}.pem`), mode);
    await expect(keys.openSigner('active', [NAME])).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('is refused when others may open it, or it is a link', async () => {
    await open().createKey({ names: [NAME] });
    chmodSync(folder, 0o750);
    await expect(open().openSigner('active', [NAME])).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(open().createKey({ names: [NAME] })).rejects.toMatchObject({ code: 'KEY_INVALID' });
    chmodSync(folder, 0o700);
    const through = join(base, 'link');
    symlinkSync(folder, through);
    await expect(openKeyFolder({ folder: through }).createKey({ names: [NAME] })).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('reads no key through a link, and no pipe or folder', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    const path = join(folder, `key-${keyId}.pem`);
    const elsewhere = join(base, 'elsewhere.pem');
    writeFileSync(elsewhere, readFileSync(path), { mode: 0o600 });
    rmSync(path);
    symlinkSync(elsewhere, path);
    await expect(keys.openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    rmSync(path);
    await expect(keys.openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('that does not exist has no keys', async () => {
    expect(await open().listKeys()).toEqual([]);
    expect(JSON.parse(await open().exportTrust())).toEqual({ keys: [] });
    for (const keyId of ['active', 'A'.repeat(43), '../../etc/passwd', '']) {
      await expect(open().openSigner(keyId, [NAME])).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    }
  });

  it('with a damaged fact, retirement or revocation is not read over', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    const facts = readFileSync(join(folder, `key-${keyId}.json`), 'utf8');
    for (const [ending, text] of [
      ['revoked.json', '{"at":"soon","reason":"x"}'],
      ['revoked.json', ''],
      ['retired.json', '{'],
      ['json', facts.replace(keyId, 'x').replace('"x": "', '"x": "A')],
      ['json', facts.replace('"names"', '"name"')],
      ['json', '[]'],
    ] as const) {
      writeFileSync(join(folder, `key-${keyId}.${ending}`), text, { mode: 0o600 });
      await expect(keys.openSigner('active', [NAME])).rejects.toMatchObject({ code: 'KEY_INVALID' });
      rmSync(join(folder, `key-${keyId}.${ending}`));
      writeFileSync(join(folder, `key-${keyId}.json`), facts, { mode: 0o600 });
    }
    await keys.openSigner('active', [NAME]);
  });
});

describe('a passphrase', () => {
  it('is asked for, and must be the right one', async () => {
    const { keyId } = await open(PASSPHRASE).createKey({ names: [NAME] });
    await expect(open().openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID', data: { reason: expect.stringContaining('encrypted') } });
    await expect(open('another one altogether').openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    expect(() => open('short')).toThrow(TypeError);
  });

  it('comes from a file of its owner, or from the environment', async () => {
    const file = join(base, 'passphrase');
    writeFileSync(file, `${PASSPHRASE}\nmore\n`, { mode: 0o600 });
    expect(await passphraseOf({ AIGC_LABEL_KEYS_PASSPHRASE_FILE: file, AIGC_LABEL_KEYS_PASSPHRASE: 'x' })).toBe(PASSPHRASE);
    expect(await passphraseOf({ AIGC_LABEL_KEYS_PASSPHRASE: PASSPHRASE })).toBe(PASSPHRASE);
    expect(await passphraseOf({})).toBeUndefined();
    await expect(passphraseOf({ AIGC_LABEL_KEYS_PASSPHRASE: 'short' })).rejects.toMatchObject({ code: 'KEY_INVALID' });
    chmodSync(file, 0o644);
    await expect(passphraseOf({ AIGC_LABEL_KEYS_PASSPHRASE_FILE: file })).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(passphraseOf({ AIGC_LABEL_KEYS_PASSPHRASE_FILE: `${file}x` })).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('the folder has its place', () => {
    expect(keyFolderOf({ AIGC_LABEL_KEYS: '/k' }, '/home/a')).toBe('/k');
    expect(keyFolderOf({}, '/home/a')).toBe('/home/a/.config/aigc-label/keys');
    expect(keyFolderOf({ XDG_CONFIG_HOME: '/s' }, '/home/a')).toBe('/s/aigc-label/keys');
  });
});

describe('in the course of time', () => {
  it('a key is pending, active and expired', async () => {
    const { keyId } = await open().createKey({ names: [NAME], notBefore: NOW + 10, expires: NOW + 20 });
    const statusAt = async (time: number) => {
      now = time;
      return (await open().listKeys())[0]?.status;
    };
    expect([await statusAt(NOW + 9), await statusAt(NOW + 10), await statusAt(NOW + 19), await statusAt(NOW + 20)]).toEqual([
      'pending',
      'active',
      'active',
      'expired',
    ]);
    await expect(open().openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  it('a rotated key proves what it signed, and signs no more', async () => {
    const keys = open();
    const old = await keys.createKey({ names: [NAME, 'other'] });
    const signer = await keys.openSigner('active', [NAME]);
    const statement = { role: 'producer', label, content: CONTENT, signedAtSeconds: NOW } as const;
    const before = { ...label, ReservedCode1: await jwsProfile.sign(statement, signer) };
    // Published a day ahead: until then the old one signs.
    const successor = await keys.rotateKey(old.keyId, { notBefore: NOW + 86_400 });
    expect(successor).toMatchObject({ status: 'pending', names: [NAME, 'other'], algorithm: 'Ed25519' });
    expect((await keys.openSigner('active', [NAME])).keyId).toBe(old.keyId);
    now = NOW + 86_400;
    expect((await keys.openSigner('active', [NAME])).keyId).toBe(successor.keyId);
    await expect(signer.sign(new Uint8Array(1))).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(jwsProfile.sign(statement, signer)).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    const trust = await readTrustList(await keys.exportTrust());
    expect(await jwsProfile.verify(before, 'producer', trust)).toMatchObject({ state: 'valid', keyId: old.keyId });
    expect(JSON.parse(await keys.exportTrust()).keys).toMatchObject([
      { kid: old.keyId, status: 'verify_only', exp: NOW + 86_400 },
      { kid: successor.keyId, status: 'active', nbf: NOW + 86_400 },
    ]);
    await expect(keys.rotateKey(old.keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(keys.rotateKey('A'.repeat(43))).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
  });

  it('what was signed in the second of a rotation stays valid', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    const ReservedCode1 = await jwsProfile.sign({ role: 'producer', label, content: CONTENT, signedAtSeconds: now }, await keys.openSigner(keyId));
    await expect(keys.rotateKey(keyId, { notBefore: NOW })).rejects.toThrow(TypeError);
    expect(await keys.rotateKey(keyId)).toMatchObject({ status: 'pending', notBefore: NOW + 1 });
    await expectSigned(keys, 'Ed25519', keyId);
    now += 1;
    expect((await keys.listKeys()).map(({ status }) => status)).toEqual(['verify_only', 'active']);
    const trust = await readTrustList(await keys.exportTrust());
    expect(await jwsProfile.verify({ ...label, ReservedCode1 }, 'producer', trust)).toMatchObject({ state: 'valid', keyId });
  });

  it('a revoked key is revoked for ever, and only earlier', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    const signer = await keys.openSigner(keyId);
    const ReservedCode1 = await jwsProfile.sign({ role: 'producer', label, content: CONTENT, signedAtSeconds: NOW }, signer);
    expect(await keys.revokeKey(keyId, { at: NOW + 50, reason: 'laptop stolen' })).toMatchObject({ status: 'revoked', revokedAt: NOW + 50 });
    expect(await keys.revokeKey(keyId, { at: NOW + 60, reason: 'later' })).toMatchObject({ revokedAt: NOW + 50, revocationReason: 'laptop stolen' });
    expect(await keys.revokeKey(keyId, { at: NOW + 40, reason: 'earlier' })).toMatchObject({ revokedAt: NOW + 40, revocationReason: 'earlier' });
    await expect(signer.sign(new Uint8Array(1))).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(keys.openSigner(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    await expect(keys.openSigner('active', [NAME])).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    await expect(keys.rotateKey(keyId)).rejects.toMatchObject({ code: 'KEY_INVALID' });
    const trust = await readTrustList(await keys.exportTrust());
    expect(await jwsProfile.verify({ ...label, ReservedCode1 }, 'producer', trust)).toMatchObject({
      state: 'revoked_key',
      revokedAtSeconds: NOW + 40,
    });
    await expect(keys.revokeKey(keyId, { reason: 'a\nb' })).rejects.toThrow(TypeError);
  });

  it('two that rotate at once do not undo a revocation', async () => {
    const keys = open();
    const { keyId } = await keys.createKey({ names: [NAME] });
    const [, first, second] = await Promise.allSettled([keys.revokeKey(keyId, { reason: 'lost' }), open().rotateKey(keyId), open().rotateKey(keyId)]);
    expect([first.status, second.status]).toContain('rejected');
    expect((await keys.listKeys()).find((key) => key.keyId === keyId)?.status).toBe('revoked');
  });
});

it.each([
  [{ names: [] }, TypeError],
  [{ names: Array.from({ length: 65 }, (_, index) => `n${index}`) }, TypeError],
  [{ names: [NAME], notBefore: 5, expires: 5 }, TypeError],
  [{ names: [NAME], notBefore: 1.5 }, TypeError],
  [{ names: ['字节'] }, expect.objectContaining({ code: 'LABEL_INVALID' })],
  [{ names: [''] }, expect.objectContaining({ code: 'LABEL_INVALID' })],
])('refuses a request for %j', async (request, error) => {
  await expect(open().createKey(request)).rejects.toThrow(error);
});
