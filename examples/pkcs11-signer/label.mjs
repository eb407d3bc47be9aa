// @ts-check
// node label.mjs MODULE TOKEN ID PRODUCER FILE…
import { createLabeler } from 'aigc-label';
import { pkcs11Signer } from './pkcs11-signer.mjs';

const [module = '', token = '', id = '', producer = '', ...files] = process.argv.slice(2);
const signer = await pkcs11Signer({ module, token, id });
const { labelFile } = createLabeler({ ContentProducer: producer, signer });
for (const file of files) {
  await labelFile(file, file, { mayReplace: true });
  console.log(`${file}: signed with ${signer.keyId}`);
}
console.error('Trust list for verifiers:');
console.log(JSON.stringify({ keys: [{ ...signer.publicJwk, kid: signer.keyId, alg: signer.algorithm, use: 'sig', names: [producer] }] }));
