// @ts-check
// A signing service on a Unix socket: the one process on this machine that can read the keys.
//   node service.mjs SOCKET NAME…
import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { keyFolderOf, openKeyFolder, passphraseOf } from '@aigc-label/keys';

const [socket = '', ...names] = process.argv.slice(2);
const keys = openKeyFolder({ folder: keyFolderOf(process.env), passphrase: await passphraseOf(process.env) });
/** What is signed is a record of some hundred bytes. */
const MAXIMUM_BYTES = 16_384;

/** @param {import('node:http').IncomingMessage} request */
const bodyOf = async (request) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAXIMUM_BYTES) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const server = createServer(async (request, response) => {
  try {
    // Asked for each time, so that a rotated or revoked key is never used again.
    const signer = await keys.openSigner('active', names);
    if (request.method === 'GET' && request.url === '/key') {
      const { keyId, algorithm, publicJwk } = signer;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keyId, algorithm, publicJwk }));
    } else if (request.method === 'POST' && request.url === `/sign/${signer.keyId}`) {
      const body = await bodyOf(request);
      if (body === undefined) {
        response.writeHead(413).end();
      } else {
        response.end(await signer.sign(body));
      }
    } else {
      // Among others: a client with the key of yesterday.
      response.writeHead(404).end();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    response.writeHead(503).end();
  }
});
server.requestTimeout = 10_000;
// The group of this process may sign; nobody else may open the socket.
process.umask(0o117);
server.listen(socket, () => {
  chmodSync(socket, 0o660);
  console.log('ready');
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
