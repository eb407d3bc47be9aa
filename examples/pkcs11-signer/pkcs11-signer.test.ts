import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { createLabeler, createVerifier, readTrustList } from 'aigc-label';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pkcs11Signer } from './pkcs11-signer.mjs';

const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm2.so'].find(
  existsSync,
);
const isMissing =
  MODULE === undefined || ['softhsm2-util', 'pkcs11-tool'].some((tool) => spawnSync(tool, ['--help'], { stdio: 'ignore' }).error !== undefined);
const PRODUCER = '001191110000TE0T0EXA0R10001';

describe.skipIf(isMissing)(isMissing ? 'a PKCS#11 token (skipped: no softhsm2 and opensc here)' : 'a PKCS#11 token', () => {
  const folder = mkdtempSync(join(tmpdir(), 'softhsm-'));
  const module = MODULE as string;
  beforeAll(() => {
    mkdirSync(join(folder, 'tokens'));
    writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n`);
    process.env['SOFTHSM2_CONF'] = join(folder, 'softhsm2.conf');
    process.env['PKCS11_PIN'] = '87654321';
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'aigc', '--so-pin', '12345678', '--pin', '87654321'], { stdio: 'ignore' });
    const login = ['--module', module, '--token-label', 'aigc', '--login', '--pin', 'env:PKCS11_PIN', '--keypairgen', '--usage-sign'];
    execFileSync('pkcs11-tool', [...login, '--key-type', 'EC:secp384r1', '--label', 'other curve', '--id', '01'], { stdio: 'ignore' });
    execFileSync('pkcs11-tool', [...login, '--key-type', 'EC:prime256v1', '--label', 'signing', '--id', '02'], { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('signs a picture that then verifies, and no longer does once it has changed', async () => {
    const signer = await pkcs11Signer({ module, token: 'aigc', id: '02' });
    const trust = await readTrustList(JSON.stringify({ keys: [{ ...signer.publicJwk, names: [PRODUCER] }] }));
    const { bytes: output } = await createLabeler({ ContentProducer: PRODUCER, signer }).labelBytes(fixtureBytes('png/animated.png'));
    const verifier = createVerifier({ trust });
    expect((await verifier.verifyBytes(output)).integrity).toBe('verified');
    const changed = Uint8Array.from(output);
    const at = Buffer.from(changed).indexOf('IDAT') + 8;
    changed[at] = (changed[at] as number) ^ 1;
    expect((await verifier.verifyBytes(changed)).integrity).not.toBe('verified');
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('pkcs11-signer-'))).toEqual([]);
  });

  it('writes nothing where the PIN is wrong or the key is of another curve', async () => {
    const signer = await pkcs11Signer({ module, token: 'aigc', id: '02', pinVariable: 'PKCS11_WRONG_PIN' });
    process.env['PKCS11_WRONG_PIN'] = '00000000';
    const { labelBytes } = createLabeler({ ContentProducer: PRODUCER, signer });
    await expect(labelBytes(fixtureBytes('png/animated.png'))).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await expect(pkcs11Signer({ module, token: 'aigc', id: '01' })).rejects.toThrow();
    await expect(pkcs11Signer({ module, token: 'aigc', id: '; echo' })).rejects.toThrow();
  });
});
