// @ts-check
import { request } from 'node:http';

/** An answer is 64 bytes of signature, or a description of a key. */
const MAXIMUM_BYTES = 65_536;

/**
 * A signer that asks a service on a Unix socket: whoever labels files never sees the key.
 *
 * @param {string} socket
 * @returns {Promise<import('aigc-label').Signer>}
 */
export const serviceSigner = async (socket) => {
  const { keyId, algorithm, publicJwk } = JSON.parse((await ask(socket, 'GET', '/key')).toString());
  return { keyId, algorithm, publicJwk, sign: async (data) => new Uint8Array(await ask(socket, 'POST', `/sign/${keyId}`, data)) };
};

/** @param {string} socketPath @param {string} method @param {string} path @param {Uint8Array} [body] @returns {Promise<Buffer>} */
const ask = (socketPath, method, path, body) =>
  new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, timeout: 10_000 }, async (response) => {
      try {
        const chunks = [];
        let size = 0;
        for await (const chunk of response) {
          size += chunk.length;
          if (size > MAXIMUM_BYTES) {
            throw new Error('the signing service answers too much');
          }
          chunks.push(chunk);
        }
        if (response.statusCode !== 200) {
          throw new Error(`the signing service answers ${response.statusCode}`);
        }
        resolve(Buffer.concat(chunks));
      } catch (error) {
        reject(error);
      }
    });
    asked.on('timeout', () => asked.destroy(new Error('the signing service does not answer')));
    asked.on('error', reject);
    asked.end(body);
  });
