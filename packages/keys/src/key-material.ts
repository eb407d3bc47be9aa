import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type SignatureAlgorithm, SM2_ORDER, signSm2, sm2Jwk, sm2PublicKey } from '@aigc-label/core';

/** A private key in use. It lives in what these functions close over: nothing shows it in a log, an inspection or JSON. */
export interface KeyMaterial {
  /** The public members alone. */
  readonly jwk: Readonly<Record<string, string>>;
  /** For SM2: `04`, x and y. */
  readonly publicKey?: Uint8Array;
  /** 64 bytes. */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** PKCS#8, encrypted where there is a passphrase (PBES2, AES-256). */
  toPem(passphrase: string | undefined): string;
}

/** PKCS#8 (RFC 5958) of an SM2 key up to its 32 bytes: id-ecPublicKey, curve 1.2.156.10197.1.301, ECPrivateKey version 1; then the public point. */
const SM2_HEAD = Buffer.from('308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420', 'hex');
const SM2_MIDDLE = Buffer.from('a144034200', 'hex');
const SM2_BYTES = SM2_HEAD.length + 32 + SM2_MIDDLE.length + 65;

/** A new key from the system's random source. */
export const generateKey = async (algorithm: SignatureAlgorithm): Promise<KeyMaterial> => {
  if (algorithm === 'SM2') {
    return ofSm2(freshScalar());
  }
  return ofNode(
    algorithm === 'Ed25519' ? generateKeyPairSync('ed25519').privateKey : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    algorithm,
  );
};

/**
 * The key of a PEM; `undefined` where it is none of this algorithm, or the passphrase is wrong or missing. Why is not said: errors of parsers quote what they parse.
 */
export const readKey = async (pem: string, algorithm: SignatureAlgorithm, passphrase: string | undefined): Promise<KeyMaterial | undefined> => {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    return undefined;
  }
  if (algorithm === 'SM2') {
    return readSm2(key.export({ type: 'pkcs8', format: 'der' }));
  }
  const isRight =
    algorithm === 'Ed25519'
      ? key.asymmetricKeyType === 'ed25519'
      : key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isRight ? ofNode(key, algorithm) : undefined;
};

const ofNode = (key: KeyObject, algorithm: SignatureAlgorithm): KeyMaterial => {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return {
    jwk: { kty: kty as string, crv: crv as string, x: x as string, ...(y === undefined ? {} : { y }) },
    sign: async (data) => Uint8Array.from(algorithm === 'Ed25519' ? sign(null, data, key) : sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })),
    toPem: (passphrase) => pemOf(key, passphrase),
  };
};

/** node:crypto only wraps SM2 keys: it neither makes them nor signs with them, because it does so in a way of its own (spec/provenance.md §0 item 3). */
const ofSm2 = async (scalar: Uint8Array): Promise<KeyMaterial> => {
  const publicKey = await sm2PublicKey(scalar);
  return {
    jwk: sm2Jwk(publicKey),
    publicKey,
    sign: (data) => signSm2(data, scalar),
    toPem: (passphrase) => {
      const der = Buffer.concat([SM2_HEAD, scalar, SM2_MIDDLE, publicKey]);
      return pemOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), passphrase);
    },
  };
};

const readSm2 = async (der: Buffer): Promise<KeyMaterial | undefined> => {
  if (der.length !== SM2_BYTES || !der.subarray(0, SM2_HEAD.length).equals(SM2_HEAD)) {
    return undefined;
  }
  const material = await ofSm2(Uint8Array.from(der.subarray(SM2_HEAD.length, SM2_HEAD.length + 32))).catch(() => undefined);
  return material !== undefined && der.subarray(-65).equals(material.publicKey as Uint8Array) ? material : undefined;
};

const pemOf = (key: KeyObject, passphrase: string | undefined): string =>
  key.export({ type: 'pkcs8', format: 'pem', ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }) }) as string;

/** A number between 1 and the order less 2 (GB/T 32918.1 §6.1), every one as likely: what falls outside is drawn again. */
const freshScalar = (): Uint8Array => {
  for (;;) {
    const bytes = randomBytes(32);
    const value = BigInt(`0x${bytes.toString('hex')}`);
    if (value > 0n && value < SM2_ORDER - 1n) {
      return Uint8Array.from(bytes);
    }
  }
};
