import { utf8 } from '../../bytes/binary.ts';
import { type Form, readSignature } from './forms.ts';
import { sm3, verifySm2 } from './sm2.ts';

/** How a signature held. */
export interface Match {
  /** The vendor, where nobody else was seen to write it so: `stepfun`, `minimax`; otherwise the form: `direct-der`. */
  readonly variant: string;
  readonly isPrehashed: boolean;
  /** `04`, x and y. */
  readonly publicKey: Uint8Array;
}

/** Checks that one code may cost; each takes about 10 ms. The forms of one honest signature come to four. */
export const MAXIMUM_CHECKS = 16;

/** Checks that are left for a code. */
export interface Budget {
  left: number;
}

/** Tries a message directly and as its SM3 (StepFun), with every reading of signature and keys; `undefined` where none holds. */
export const trySignature = async (message: string, signature: unknown, keys: readonly Form[], budget: Budget): Promise<Match | undefined> => {
  const direct = utf8(message);
  for (const isPrehashed of [false, true]) {
    const data = isPrehashed ? await sm3(direct) : direct;
    for (const { form, bytes } of readSignature(signature)) {
      for (const key of keys) {
        if (budget.left > 0) {
          budget.left -= 1;
          if (await verifySm2(data, bytes, key.bytes)) {
            return { variant: variantOf(isPrehashed, form, key.form), isPrehashed, publicKey: key.bytes };
          }
        }
      }
    }
  }
  return undefined;
};

const variantOf = (isPrehashed: boolean, signature: string, key: string): string => {
  if (isPrehashed && signature === 'der' && key === 'spki') {
    return 'stepfun';
  }
  return !isPrehashed && signature === 'raw' && key === 'padded-x' ? 'minimax' : `${isPrehashed ? 'sm3' : 'direct'}-${signature}`;
};
