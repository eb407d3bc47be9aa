// 1,000 cycles of SIGKILL (AIGC_LABEL_KILLS) while files are labelled, signed and recorded: no acknowledged record is lost, no labelled file is without one, none is torn.
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { thumbprint } from '@aigc-label/core';
import { sqliteStore } from '@aigc-label/store';
import { expect, it } from 'vitest';
import { trustIn } from '../../core/test/test-keys.ts';
import { createVerifier } from '../src/verifier.ts';

const CYCLES = Number(process.env['AIGC_LABEL_KILLS'] ?? 1000);
const producer = '001191110000MA0000000H10001';
const script = fileURLToPath(new URL('label-until-killed.mjs', import.meta.url));
const sample = fileURLToPath(new URL('../../../samples/song.mp3', import.meta.url));

interface Acknowledged {
  readonly number: number;
  readonly produceId: string;
}

/** Runs it, and kills it `millis` after it began to label; what it had acknowledged by then. */
const killed = (args: readonly string[], millis: number): Promise<readonly Acknowledged[]> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const acknowledged: Acknowledged[] = [];
    createInterface({ input: child.stdout })
      .on('line', (line) => {
        const [word, number, produceId] = line.split(' ');
        if (word === 'ready') {
          setTimeout(() => child.kill('SIGKILL'), millis);
        } else {
          acknowledged.push({ number: Number(number), produceId: produceId ?? '' });
        }
      })
      .on('close', () => resolve(acknowledged));
  });

it(`${CYCLES} kills`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-kill-'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x } = publicKey.export({ format: 'jwk' }) as Record<'kty' | 'crv' | 'x', string>;
  const publicJwk = { kty, crv, x };
  const keyFile = join(folder, 'key.json');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(keyFile, JSON.stringify({ pem, publicJwk, producer, keyId: await thumbprint(publicJwk) }), { mode: 0o600 });
  const verifier = createVerifier({ trust: await trustIn({ ...publicJwk, names: [producer] }) });
  const counts = { acknowledged: 0, lost: 0, labelled: 0, withoutRecord: 0, torn: 0, temporary: 0, withoutAcknowledgement: 0 };
  let next = 0;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const acknowledged = await killed([folder, keyFile, sample, String(next)], (cycle * 7) % 61);
    counts.acknowledged += acknowledged.length;
    const records = sqliteStore(join(folder, 'records.db'));
    for (const { number, produceId } of acknowledged) {
      const [record] = await records.find({ producer, produceId });
      const file = await readFile(join(folder, `${number}.mp3`)).catch(() => undefined);
      counts.lost += record?.status === 'published' && file !== undefined ? 0 : 1;
    }
    for (const name of (await readdir(folder)).filter((one) => !/^(?:key\.json|records\.db.*)$/.test(one))) {
      const number = /^(\d+)\.mp3$/.exec(name)?.[1];
      if (number === undefined) {
        counts.temporary += 1;
        continue;
      }
      const { integrity, label } = await verifier.verifyBytes(new Uint8Array(await readFile(join(folder, name))));
      counts.labelled += 1;
      counts.torn += integrity === 'verified' ? 0 : 1;
      const found = label === null ? [] : await records.find({ producer, produceId: label.ProduceID });
      counts.withoutRecord += found.length === 0 ? 1 : 0;
      counts.withoutAcknowledgement += acknowledged.some((one) => one.number === Number(number)) ? 0 : 1;
      await rm(join(folder, name));
    }
    await records.close();
    next += acknowledged.length + 1;
  }
  console.log(counts);
  await rm(folder, { recursive: true, force: true });
  expect(counts).toMatchObject({ lost: 0, withoutRecord: 0, torn: 0 });
  expect(counts.acknowledged).toBeGreaterThan(CYCLES);
});
