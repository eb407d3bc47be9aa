import { utf8 } from '../../bytes/binary.ts';
import { LabelError } from '../../errors.ts';
import { assertFields } from '../../label/make-label.ts';
import type { SignatureProfile, SigningStatement } from '../../ports/signature-profile.ts';
import type { Signer } from '../../ports/signer.ts';
import { signatureOf } from '../jws-profile.ts';
import { thumbprint } from '../trust-list.ts';
import { encodeBinding } from './binding.ts';
import { pointOf } from './curve.ts';
import { encodeHex } from './hex.ts';
import { judgeSecurityData, malformed, sm2Jwk } from './judge.ts';
import { labelMessage, SM2_WITH_SM3 } from './messages.ts';
import { readSecurityData } from './security-data.ts';
import { verifySm2 } from './sm2.ts';

/**
 * `SecurityData` of TC260-PG-202511A, SM2 with SM3 (spec/labels.md §4, docs/signing.md). Written on request; always read, also as vendors vary it.
 * Its JSON has quotes, which stand escaped in the label, as Annex E j) allows.
 */
export const tc260Profile: SignatureProfile = {
  id: 'tc260',
  verify: async (label, role, trust) => {
    const data = readSecurityData(role === 'producer' ? label.ReservedCode1 : label.ReservedCode2);
    if (data === undefined) {
      return undefined;
    }
    return 'unreadable' in data ? malformed(data.unreadable) : judgeSecurityData(data, label, role, trust);
  },
  sign: async (statement, signer) => {
    const publicKey = await publicKeyOf(signer);
    const binding = encodeBinding(statement);
    const signed = async (message: string): Promise<string> => encodeHex(await checkedSignature(message, signer, publicKey));
    const code = JSON.stringify({
      SecurityData: {
        Type: 'TC260PG',
        Version: 1,
        PubSD: [
          { Type: 'DS', AlgID: SM2_WITH_SM3, TBSData: { Type: 'Md' }, Signature: await signed(labelMessage(statement.label, statement.role)) },
          { Type: 'DS', AlgID: SM2_WITH_SM3, TBSData: { Type: 'Bnd' }, Signature: await signed(JSON.stringify(binding)) },
          { Type: 'PubKey', AlgID: SM2_WITH_SM3, KeyValue: encodeHex(publicKey) },
        ],
        Bindings: [binding],
      },
    });
    assertFields({ [fieldOf(statement)]: code });
    return code;
  },
};

const fieldOf = ({ role }: SigningStatement): 'ReservedCode1' | 'ReservedCode2' => (role === 'producer' ? 'ReservedCode1' : 'ReservedCode2');

const publicKeyOf = async ({ algorithm, publicKey, keyId }: Signer): Promise<Uint8Array> => {
  if (algorithm !== 'SM2') {
    throw new TypeError(`the profile "tc260" signs with SM2, not with ${algorithm}`);
  }
  if (publicKey?.length !== 65 || publicKey[0] !== 4 || pointOf(publicKey.subarray(1, 33), publicKey.subarray(33)) === undefined) {
    throw new TypeError('a signer for SM2 must have its public key: 04, x and y, 65 bytes, on the curve');
  }
  if ((await thumbprint(sm2Jwk(publicKey))) !== keyId) {
    throw new TypeError('keyId must be the RFC 7638 thumbprint of the public key');
  }
  return publicKey;
};

/** Checked before it is used, so that a service that signs wrongly spoils no file. */
const checkedSignature = async (message: string, signer: Signer, publicKey: Uint8Array): Promise<Uint8Array> => {
  const data = utf8(message);
  const signature = await signatureOf(signer, data);
  if (!(await verifySm2(data, signature, publicKey))) {
    const reason = 'the signature does not fit the public key';
    throw new LabelError('SIGNING_FAILED', `The label could not be signed: ${reason}. Nothing was written.`, { data: { reason } });
  }
  return signature;
};
