import type { RecordStore, SignatureRole, Signer, Signing } from '@aigc-label/core';
import { lazyFingerprints } from './lazy-fingerprints.ts';
import { profileOf } from './parts.ts';

/** How labels are signed and remembered; all of it may be left out. */
export interface ProvenanceSettings {
  /** Signs the label and the content (spec/record.md); without one the label is unsigned. */
  readonly signer?: Signer;
  /** How the signature is written: `jws`, or `tc260` for the SecurityData of TC260-PG-202511A, which takes an SM2 signer. The default is `jws`. */
  readonly signatureProfile?: 'jws' | 'tc260';
  /** Whether what pictures look like is signed, too, so that a transcode can be told from another picture. It decodes. The default is `false`. */
  readonly soft?: boolean;
  /** Remembers what was labelled: durable before the file is in place, published after. */
  readonly records?: RecordStore;
  /** Takes every record before its file is in place. */
  readonly log?: RecordLog;
}

/** A tamper-evident log, as far as labelling needs it. */
export interface RecordLog {
  /** Resolves when the record is durable in the log: its place. The same record again has the same place, or another one. */
  append(reservedCode: string): Promise<number>;
}

/** The signing that settings ask for. */
export const signingOf = (
  { signer, signatureProfile = 'jws', soft = false }: ProvenanceSettings,
  role: SignatureRole,
): { readonly signing?: Signing } =>
  signer === undefined
    ? {}
    : { signing: { signer, role, profile: profileOf(signatureProfile), ...(soft ? { fingerprints: lazyFingerprints } : {}) } };
