// Makes spec/vectors/record.json anew: `node --conditions=aigc-label-source packages/core/scripts/record-vectors.mjs > spec/vectors/record.json`.
// The keys are made from their names, so that the Ed25519 vectors are the same every time; the ES256 signatures differ, and are frozen with the file.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { jwsProfile, makeLabel, pureHashing, takeExcerpts, thumbprint } from '../dist/index.js';

const TEST_PRODUCER = '001191110000TE0T0EXA0R10001';
const TEST_PLATFORM = '001191110000TE0T0EXA0R20009';
const IAT = 1_795_392_000;

const ed25519 = async (name) => {
  const seed = createHash('sha256').update(`aigc-label TEST KEY, NEVER TRUST: ${name}`).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return keyOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), 'Ed25519');
};
const keyOf = async (privateKey, algorithm) => {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicJwk = { kty, crv, x, ...(y === undefined ? {} : { y }) };
  const signWith = async (data) =>
    new Uint8Array(algorithm === 'Ed25519' ? sign(null, data, privateKey) : sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
  return { signer: { keyId: await thumbprint(publicJwk), algorithm, publicJwk, sign: signWith }, publicJwk };
};

const producer = await ed25519('producer');
const platform = await ed25519('platform');
const stranger = await ed25519('stranger');
const es256 = await keyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256');

const excerpts = takeExcerpts(pureHashing);
excerpts.update(Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 5)) % 251));
const content = { method: 'png-1', hash: createHash('sha256').update('content').digest('base64url'), excerpts: excerpts.finish() };
const base = makeLabel({ ContentProducer: TEST_PRODUCER, ProduceID: '0199f1d2-7c1e-7aaa-8bbb-123456789abc' });
const signed = async (key, more = {}) => {
  const label = { ...base, ...more };
  return { ...label, ReservedCode1: await jwsProfile.sign({ role: 'producer', label, content, signedAtSeconds: IAT }, key.signer) };
};
const good = await signed(producer);
const spread = { ...good, ContentPropagator: TEST_PLATFORM, PropagateID: 'p-1' };
const both = {
  ...spread,
  ReservedCode2: await jwsProfile.sign({ role: 'propagator', label: spread, content, signedAtSeconds: IAT + 60 }, platform.signer),
};
const [header, payload, signature] = good.ReservedCode1.split('.');
const text = (part) => Buffer.from(part, 'base64url').toString();
const b64 = (value) => Buffer.from(value).toString('base64url');
const resigned = async (headerText, payloadText) => {
  const input = `${b64(headerText)}.${b64(payloadText)}`;
  return { ...good, ReservedCode1: `${input}.${b64(await producer.signer.sign(Buffer.from(input)))}` };
};
const leftOver = (part) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)) + 1];
};
const vector = (name, label, state, role = 'producer') => ({ name, role, label, state });

const trust = {
  keys: [
    { ...producer.publicJwk, names: [TEST_PRODUCER], nbf: IAT, exp: IAT + 86_400 },
    { ...platform.publicJwk, names: [TEST_PLATFORM] },
    { ...es256.publicJwk, names: [TEST_PRODUCER], revoked_at: IAT + 10 },
  ],
};
const late = {
  ...base,
  ReservedCode1: await jwsProfile.sign({ role: 'producer', label: base, content, signedAtSeconds: IAT + 86_400 }, producer.signer),
};
console.log(
  JSON.stringify(
    {
      about: 'Test vectors of spec/record.md. The keys are test keys: never trust them.',
      excerpts: { ofBytes: 'byte i of 4096 is (7919 i + floor(i / 32)) mod 251', value: content.excerpts },
      content,
      trust,
      vectors: [
        vector('valid', good, 'valid'),
        vector('valid, by a propagator', both, 'valid', 'propagator'),
        vector('valid for the producer, whatever a propagator has put beside it', both, 'valid'),
        vector('ES256 by a revoked key', await signed(es256), 'revoked_key'),
        vector('a key that nobody trusts', await signed(stranger), 'unknown_key'),
        vector("a platform's key for a producer", await signed(platform), 'unknown_key'),
        vector('signed as the window has ended', late, 'unknown_key'),
        vector('another ProduceID', { ...good, ProduceID: 'x' }, 'invalid'),
        vector('another producer', { ...good, ContentProducer: 'x' }, 'invalid'),
        vector(
          'another ReservedCode1 than the propagator found',
          { ...both, ReservedCode1: (await signed(platform)).ReservedCode1 },
          'invalid',
          'propagator',
        ),
        vector(
          'a signature with one bit changed',
          {
            ...good,
            ReservedCode1: `${header}.${payload}.${b64(Buffer.from(signature, 'base64url').map((byte, at) => (at === 5 ? byte ^ 1 : byte)))}`,
          },
          'invalid',
        ),
        vector('bits left over in the signature', { ...good, ReservedCode1: `${header}.${payload}.${leftOver(signature)}` }, 'invalid'),
        vector('a space in the payload', await resigned(text(header), text(payload).replace('"v":1', '"v": 1')), 'malformed'),
        vector('a member twice', await resigned(text(header), text(payload).replace('{', '{"iat":1,')), 'malformed'),
        vector('a member too many', await resigned(text(header), text(payload).replace('"v":1', '"v":1,"x":1')), 'malformed'),
        vector('version 2', await resigned(text(header), text(payload).replace('"v":1', '"v":2')), 'malformed'),
        vector(
          'an address of a key',
          await resigned(text(header).replace('{', '{').replace('"kid"', '"jku":"https://example.org/k","kid"'), text(payload)),
          'malformed',
        ),
        vector('crit', await resigned(text(header).replace('"kid"', '"crit":["b64"],"kid"'), text(payload)), 'malformed'),
        vector('alg none', { ...good, ReservedCode1: `${b64(text(header).replace('Ed25519', 'none'))}.${payload}.` }, 'malformed'),
        vector("a producer's record in the propagator's place", { ...good, ReservedCode2: good.ReservedCode1 }, 'malformed', 'propagator'),
        vector("somebody else's JWS", { ...good, ReservedCode1: `${b64('{"alg":"HS256","typ":"JWT"}')}.${b64('{}')}.AAAA` }, null),
        vector('a digest of another vendor', { ...good, ReservedCode1: '0123456789abcdef0123456789abcdef' }, null),
        vector('nothing', base, null),
      ],
    },
    undefined,
    2,
  ),
);
