import type { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { JPEG } from '@trustnxt/c2pa-ts/asset';
import { CoseAlgorithmIdentifier } from '@trustnxt/c2pa-ts/cose';
import { ActionAssertion, ActionType, DataHashAssertion, DigitalSourceType, ManifestStore } from '@trustnxt/c2pa-ts/manifest';

/** C2PA's own WebAssembly reader, the rival, and a way to give JPEGs a manifest that it accepts. */
export interface C2pa {
  /** A copy with a manifest over all of its bytes, signed with ES256 by a certificate that this run has made. */
  signJpeg(jpeg: Uint8Array): Promise<Uint8Array>;
  /** What the reader says, as JSON. With `isTrusting` it is given the root of our certificate, without it has no trust list. */
  readJpeg(jpeg: Uint8Array, isTrusting: boolean): Promise<string>;
}

const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MILLIS = 86_400_000;

/** Loads the reader and makes a certificate. */
export const startC2pa = async (): Promise<C2pa> => {
  initSync({ module: await readFile(fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm'))) });
  const { certificate, root, privateKey } = await makeCertificate();
  const trusting = JSON.stringify({ trust: { user_anchors: root.toString('pem') } });
  const signer = {
    algorithm: CoseAlgorithmIdentifier.ES256,
    certificate,
    chainCertificates: [],
    sign: async (data: Uint8Array) => new Uint8Array(await crypto.subtle.sign(ES256, privateKey, Uint8Array.from(data))),
  };
  return {
    async signJpeg(jpeg) {
      const asset = new JPEG(jpeg);
      const store = new ManifestStore();
      const manifest = store.createManifest({
        assetFormat: 'image/jpeg',
        instanceID: `xmp:iid:${crypto.randomUUID()}`,
        defaultHashAlgorithm: 'SHA-256',
        signer,
      });
      const hash = DataHashAssertion.create('SHA-256');
      const actions = new ActionAssertion();
      actions.actions.push({ action: ActionType.C2paCreated, digitalSourceType: DigitalSourceType.TrainedAlgorithmicMedia });
      manifest.addAssertion(hash);
      manifest.addAssertion(actions);
      await asset.ensureManifestSpace(store.measureSize());
      await hash.updateWithAsset(asset);
      await manifest.sign(signer);
      await asset.writeManifestJUMBF(store.getBytes());
      return asset.getDataRange();
    },
    async readJpeg(jpeg, isTrusting) {
      const reader = await WasmReader.fromBytes('image/jpeg', jpeg, isTrusting ? trusting : undefined);
      try {
        return reader.json();
      } finally {
        reader.free();
      }
    },
  };
};

interface Certified {
  readonly certificate: X509Certificate;
  readonly root: X509Certificate;
  readonly privateKey: webcrypto.CryptoKey;
}

/** C2PA takes no certificate that has signed itself, so there are two. */
const makeCertificate = async (): Promise<Certified> => {
  const notBefore = new Date(Date.now() - DAY_MILLIS);
  const validity = { notBefore, notAfter: new Date(Date.now() + 30 * DAY_MILLIS), signingAlgorithm: ES256 };
  const rootKeys = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=Bench root, O=aigc-label',
    keys: rootKeys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const { publicKey, privateKey } = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: '02',
    subject: 'CN=Bench, O=aigc-label',
    issuer: root.subject,
    publicKey,
    signingKey: rootKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([EMAIL_PROTECTION], false),
      await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { certificate, root, privateKey };
};
