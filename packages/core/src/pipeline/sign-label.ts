import type { ByteSource } from '../bytes/source.ts';
import type { Label } from '../label/label.ts';
import type { ContentDigest } from '../ports/content-digest.ts';
import type { Fingerprint, SoftBinding } from '../ports/fingerprint.ts';
import type { Format } from '../ports/format.ts';
import type { Hashing } from '../ports/hashing.ts';
import type { SignatureProfile, SignatureRole } from '../ports/signature-profile.ts';
import type { Signer } from '../ports/signer.ts';
import { encodeBase64url } from '../provenance/base64url.ts';
import { digestContent } from '../provenance/digest-content.ts';
import { readTrustList } from '../provenance/trust-list.ts';

/** How a label is to be signed. */
export interface Signing {
  readonly signer: Signer;
  readonly profile: SignatureProfile;
  readonly role: SignatureRole;
  /** Set where it is to be signed what the work looks like, too, so that a transcode can be told from another work: this decodes. */
  readonly fingerprints?: readonly Fingerprint[];
}

/** What a signature covers besides the label, and when it was made. */
export interface Signed {
  readonly content: ContentDigest;
  /** Seconds since 1970-01-01 UTC. */
  readonly signedAtSeconds: number;
}

/** The digest of a file's content by its format's rule. @throws LabelError as `Format.content` and reading do. */
export const contentDigestOf = async (source: ByteSource, format: Format, hashing: Hashing): Promise<ContentDigest> => {
  const { method, hash, excerpts } = await digestContent(source, await format.content(source), hashing);
  return { method, hash, excerpts };
};

/**
 * The label with a signature over it and the content in its ReservedCode. A signature that stands there already, says just this and holds is kept, so that labelling again changes nothing.
 *
 * @param nowMillis the time that is signed, in whole seconds.
 * @throws LabelError `SIGNING_FAILED`, and what `contentDigestOf` throws.
 */
export const signLabel = async (
  label: Label,
  source: ByteSource,
  format: Format,
  { signer, profile, role, fingerprints = [] }: Signing,
  { hashing, nowMillis }: { readonly hashing: Hashing; readonly nowMillis: number },
): Promise<{ readonly label: Label; readonly signed: Signed }> => {
  const content = await contentDigestOf(source, format, hashing);
  const signedAtSeconds = Math.floor(nowMillis / 1000);
  const present = await presentSignature(label, content, { signer, profile, role });
  if (present !== undefined) {
    return { label, signed: { content, signedAtSeconds: present } };
  }
  const soft = await softBindingOf(source, format.id, fingerprints);
  const code = await profile.sign({ role, label, content, signedAtSeconds, ...(soft === undefined ? {} : { soft }) }, signer);
  return { label: { ...label, [role === 'producer' ? 'ReservedCode1' : 'ReservedCode2']: code }, signed: { content, signedAtSeconds } };
};

/** What a file looks like; `undefined` where nobody here can look at it, or too little is to be seen. @throws LabelError as `Fingerprint.of` does. */
export const softBindingOf = async (source: ByteSource, formatId: string, fingerprints: readonly Fingerprint[]): Promise<SoftBinding | undefined> => {
  const fingerprint = fingerprints.find(({ formats }) => formats.includes(formatId));
  const value = await fingerprint?.of(source, formatId);
  return fingerprint === undefined || value === undefined ? undefined : { method: fingerprint.method, value: encodeBase64url(value) };
};

/** When the signature that stands there was made, where it says just this; `undefined` otherwise. */
const presentSignature = async (label: Label, content: ContentDigest, { signer, profile, role }: Signing): Promise<number | undefined> => {
  const [code, name] = role === 'producer' ? [label.ReservedCode1, label.ContentProducer] : [label.ReservedCode2, label.ContentPropagator];
  if (code === '' || signer.publicJwk === undefined) {
    return undefined;
  }
  const own = await readTrustList(JSON.stringify({ keys: [{ ...signer.publicJwk, names: [name] }] }));
  const finding = await profile.verify(label, role, own);
  const isSame =
    finding?.state === 'valid' &&
    finding.keyId === signer.keyId &&
    finding.labelValue === label.Label &&
    finding.content?.method === content.method &&
    finding.content.hash === content.hash;
  return isSame ? (finding.signedAtSeconds ?? undefined) : undefined;
};
