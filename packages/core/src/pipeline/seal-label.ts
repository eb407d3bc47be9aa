import type { ByteSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import type { Label } from '../label/label.ts';
import type { Format } from '../ports/format.ts';
import type { LabelParts } from './label.ts';
import { type Signed, type Signing, signLabel } from './sign-label.ts';

/** A label as it is to be written. */
export interface Sealed {
  readonly label: Label;
  /** `null` where nothing is signed now. */
  readonly signed: Signed | null;
}

/** What is about to happen to a file that may be signed. */
export interface Change {
  readonly before: Label | null;
  readonly isMarked: boolean;
}

/** A signature that is kept must go on to hold: whoever changes what it covers has to sign again. */
const assertUnbroken = ({ ReservedCode1, Label }: Label, { before, isMarked }: Change): void => {
  const isKept = before !== null && before.ReservedCode1 === ReservedCode1 && /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(ReservedCode1);
  if (isKept && (isMarked || before.Label !== Label)) {
    const reason = 'the file holds a signed label, which would no longer hold; sign it again with its key';
    throw new LabelError('SIGNING_FAILED', `The label cannot be changed without a signature: ${reason}.`, { data: { reason } });
  }
};

/** The label as it is to be written: signed where that is asked for; where not, no signature in it is broken. @throws LabelError `SIGNING_FAILED`, and as `signLabel` does. */
export const sealedLabel = async (
  label: Label,
  content: ByteSource,
  format: Format,
  { hashing, entropy }: LabelParts,
  signing: Signing | undefined,
  change: Change,
): Promise<Sealed> => {
  if (signing === undefined) {
    assertUnbroken(label, change);
    return { label, signed: null };
  }
  if (hashing === undefined) {
    throw new TypeError('signing takes a hash function: pass `hashing` with the parts');
  }
  return signLabel(label, content, format, signing, { hashing, nowMillis: entropy.nowMillis() });
};
