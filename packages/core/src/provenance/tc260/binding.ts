import type { Label } from '../../label/label.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';
import type { SignatureRole, SigningStatement } from '../../ports/signature-profile.ts';
import { decodeBase64url } from '../base64url.ts';
import { hashOfCode } from '../statement.ts';
import { labelMessage, SHA_256 } from './messages.ts';

/**
 * Our entry in `Bindings`: what was signed of the content, by which rule, and when. The guide leaves the selection (`CntSel`) to whoever writes it. `Md` ties it to the label beside it, so that the
 * two signatures of one label cannot be mixed with those of another; for a propagator, also to the ReservedCode1 that it found.
 */
export interface Binding {
  readonly content: ContentDigest;
  readonly signedAtSeconds: number;
}

/** A binding as the object whose compact JSON is signed (Annex A.2). */
export const encodeBinding = ({ role, label, content, signedAtSeconds }: SigningStatement): Readonly<Record<string, unknown>> => ({
  Type: 'Hash',
  AlgID: SHA_256,
  CntSel: content.method,
  Value: content.hash,
  ...(content.excerpts === '' ? {} : { Excerpts: content.excerpts }),
  Time: signedAtSeconds,
  Md: digestOfLabel(label, role),
});

/** Whether an entry means to be one of ours, rather than a vendor's. */
export const isOurs = (entry: Readonly<Record<string, unknown>>): boolean => 'CntSel' in entry && 'Md' in entry && 'Time' in entry;

/** Reads one of ours: `undefined` where a member is not as we write it, or the binding is not of this label. */
export const decodeBinding = (entry: Readonly<Record<string, unknown>>, label: Label, role: SignatureRole): Binding | undefined => {
  const { CntSel: method, Value: hash, Excerpts: excerpts = '', Time: signedAtSeconds } = entry;
  if (
    typeof method !== 'string' ||
    !/^[a-z0-9]+(-[a-z0-9]+)*-[1-9][0-9]*$/.test(method) ||
    typeof hash !== 'string' ||
    hash.length !== 43 ||
    decodeBase64url(hash) === undefined ||
    typeof excerpts !== 'string' ||
    excerpts.length > 60 ||
    decodeBase64url(excerpts) === undefined ||
    !Number.isSafeInteger(signedAtSeconds) ||
    (signedAtSeconds as number) < 0
  ) {
    return undefined;
  }
  const binding = { content: { method, hash, excerpts }, signedAtSeconds: signedAtSeconds as number };
  return JSON.stringify(encodeBinding({ ...binding, label, role })) === JSON.stringify(entry) ? binding : undefined;
};

const digestOfLabel = (label: Label, role: SignatureRole): string =>
  hashOfCode(role === 'producer' ? labelMessage(label, role) : `${labelMessage(label, role)},"ReservedCode1":${JSON.stringify(label.ReservedCode1)}`);
