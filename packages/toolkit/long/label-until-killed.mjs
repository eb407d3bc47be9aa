// Labels one file after the other into a folder, with a store, and says of each when it was acknowledged; for kill.long.ts, which kills it.
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@aigc-label/store';
import { createLabeler } from 'aigc-label';

const [folder, keyFile, sample, first] = process.argv.slice(2);
const { pem, keyId, publicJwk, producer } = JSON.parse(readFileSync(keyFile, 'utf8'));
const key = createPrivateKey(pem);
const signer = { keyId, algorithm: 'Ed25519', publicJwk, sign: async (data) => new Uint8Array(sign(null, data, key)) };
const records = sqliteStore(join(folder, 'records.db'));
const labeler = createLabeler({ ContentProducer: producer, signer, records });
for (let number = Number(first); ; number += 1) {
  const output = join(folder, `${number}.mp3`);
  const { label } = await labeler.labelFile(sample, output);
  process.stdout.write(`done ${number} ${label.ProduceID}\n`);
  if (number === Number(first)) {
    // What is opened with the first one takes longer than many labels.
    process.stdout.write('ready\n');
  }
}
