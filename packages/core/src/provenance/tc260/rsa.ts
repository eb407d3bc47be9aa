import { utf8 } from '../../bytes/binary.ts';
import { decodeHex } from './hex.ts';

/** SubjectPublicKeyInfo of an RSA key of 4096 bits; longer keys are not tried, since they cost too much. */
const MAXIMUM_KEY_BYTES = 560;
const MAXIMUM_SIGNATURE_BYTES = 512;

/** Whether an RSASSA-PKCS1-v1_5 signature with SHA-256 holds, key (SubjectPublicKeyInfo) and signature in hexadecimal; `undefined` where it cannot be tried. Never throws. */
export const verifyRsa = async (message: string, signature: unknown, publicKey: unknown): Promise<boolean | undefined> => {
  const [key, bytes] = [decodeHex(publicKey, MAXIMUM_KEY_BYTES), decodeHex(signature, MAXIMUM_SIGNATURE_BYTES)];
  const { subtle } = globalThis.crypto ?? {};
  if (key === undefined || bytes === undefined || subtle === undefined) {
    return undefined;
  }
  try {
    const imported = await subtle.importKey('spki', Uint8Array.from(key), { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['verify']);
    return await subtle.verify('RSASSA-PKCS1-v1_5', imported, Uint8Array.from(bytes), Uint8Array.from(utf8(message)));
  } catch {
    return undefined;
  }
};
