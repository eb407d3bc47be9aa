// @ts-check
import { execFile } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { thumbprint } from 'aigc-label';

/**
 * A signer over a PKCS#11 token (an HSM, a smart card, SoftHSM), through OpenSC's pkcs11-tool. The private key never leaves the token.
 *
 * @param {{ module: string, token: string, id: string, pinVariable?: string, tool?: string }} options `module` is the token's PKCS#11 library, `token` is its label, `id` that of the key in
 *   hexadecimal (labels do not do: pkcs11-tool signs with the first key that it finds, whatever its label), and `pinVariable` names the variable of the environment that holds the PIN: it is on no command line, which everybody on the machine could read.
 * @returns {Promise<import('aigc-label').Signer>} for ES256: the key must be on the curve P-256.
 */
export const pkcs11Signer = async ({ module, token, id, pinVariable = 'PKCS11_PIN', tool = 'pkcs11-tool' }) => {
  const common = ['--module', module, '--token-label', token, '--id', id];

  const spki = await inFolder(async (at) => {
    await run(tool, [...common, '--read-object', '--type', 'pubkey', '--output-file', at('key')]);
    return readFile(at('key'));
  });
  const { kty = '', crv = '', x = '', y = '' } = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'jwk' });
  if (crv !== 'P-256') {
    throw new Error(`the key ${id} is not on the curve P-256`);
  }
  const publicJwk = { kty, crv, x, y };

  return {
    keyId: await thumbprint(publicJwk),
    algorithm: 'ES256',
    // Every signature is checked with it before it goes into a file.
    publicJwk,
    sign: (data) =>
      inFolder(async (at) => {
        // Few tokens hash; all sign a digest. `rs`: r and s of 32 bytes each, as JWS has them (RFC 7518 §3.4).
        await writeFile(at('digest'), createHash('sha256').update(data).digest(), { mode: 0o600 });
        const how = ['--login', '--pin', `env:${pinVariable}`, '--sign', '--mechanism', 'ECDSA', '--signature-format', 'rs'];
        await run(tool, [...common, ...how, '--input-file', at('digest'), '--output-file', at('signature')]);
        return new Uint8Array(await readFile(at('signature')));
      }),
  };
};

/** No shell: what stands in an argument stays one. @param {string} tool @param {readonly string[]} args */
const run = (tool, args) => promisify(execFile)(tool, [...args], { timeout: 30_000 });

/** A folder that only we can open, gone afterwards. @template Answer @param {(at: (name: string) => string) => Promise<Answer>} work @returns {Promise<Answer>} */
const inFolder = async (work) => {
  const folder = await mkdtemp(join(tmpdir(), 'pkcs11-signer-'));
  try {
    return await work((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
