import type { Label } from '../../label/label.ts';
import type { SignatureRole } from '../../ports/signature-profile.ts';

/** OIDs of TC260-PG-202511A: SM2 with SM3 (GB/T 33560), SHA-256 (the hash of our content digests), RSA with SHA-256 as Honor has it. */
export const SM2_WITH_SM3 = '1.2.156.10197.1.501';
export const SHA_256 = '2.16.840.1.101.3.4.2.1';
export const RSA_WITH_SHA_256 = '1.2.840.113549.1.1.11';

/** What a signature is over: the guide's words, and how MiniMax and StepFun spell them. */
export const LABEL_SUBJECTS: ReadonlySet<string> = new Set(['Md', 'LabelMataData', 'LabelMetaData']);
export const BINDING_SUBJECTS: ReadonlySet<string> = new Set(['Bnd', 'Binding']);

/** The fields that are signed: the guide's Annex A.1 for the producer; by the same rule for the propagator, for whom no published text says it. */
const SIGNED_FIELDS: Readonly<Record<SignatureRole, readonly (keyof Label)[]>> = {
  producer: ['Label', 'ContentProducer', 'ProduceID'],
  propagator: ['Label', 'ContentPropagator', 'PropagateID'],
};

/** The message of Annex A.1: `"Label":"1","ContentProducer":"…","ProduceID":"…"`, without braces and spaces. */
export const labelMessage = (label: Label, role: SignatureRole): string =>
  SIGNED_FIELDS[role].map((name) => `"${name}":${JSON.stringify(label[name])}`).join(',');
