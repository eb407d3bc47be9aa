import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openKeyFolder } from '@aigc-label/keys';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { createLabeler, createVerifier, readTrustList } from 'aigc-label';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceSigner } from './service-signer.mjs';

const PRODUCER = '001191110000TE0T0EXA0R10001';
const isMissing = process.platform === 'win32';

describe.skipIf(isMissing)(isMissing ? 'a signing service (skipped: Windows has no Unix sockets of this kind)' : 'a signing service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signing-'));
  const socket = join(folder, 's');
  const keys = openKeyFolder({ folder: join(folder, 'keys') });
  let service: ChildProcess;
  beforeAll(async () => {
    await keys.createKey({ names: [PRODUCER] });
    service = spawn(process.execPath, [fileURLToPath(new URL('service.mjs', import.meta.url)), socket, PRODUCER], {
      env: { ...process.env, AIGC_LABEL_KEYS: join(folder, 'keys') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(service.stdout as NodeJS.ReadableStream, 'data');
  });
  afterAll(async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  it('signs for whoever may open its socket; after a rotation, only with the new key', async () => {
    expect(statSync(socket).mode & 0o007).toBe(0);
    const signer = await serviceSigner(socket);
    const label = async (by: typeof signer) =>
      (await createLabeler({ ContentProducer: PRODUCER, signer: by }).labelBytes(fixtureBytes('png/animated.png'))).bytes;
    const before = await label(signer);
    const { keyId } = await keys.rotateKey(signer.keyId);
    // It signs from the next second on.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await expect(label(signer)).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    const next = await serviceSigner(socket);
    expect(next.keyId).toBe(keyId);
    const verifier = createVerifier({ trust: await readTrustList(await keys.exportTrust()) });
    for (const bytes of [before, await label(next)]) {
      expect((await verifier.verifyBytes(bytes)).integrity).toBe('verified');
    }
    await expect(next.sign(new Uint8Array(20_000))).rejects.toThrow('413');
  });
});
