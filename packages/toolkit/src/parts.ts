import { randomFillSync } from 'node:crypto';
import { avFormats } from '@aigc-label/av';
import {
  aigcVocabulary,
  type CarryParts,
  chinaMeasures2025,
  type Entropy,
  type ExplicitMark,
  type Format,
  jwsProfile,
  type LabelParts,
  type NoticeFinder,
  type Regime,
  type SignatureProfile,
  tc260Profile,
  type VerifyParts,
  type Vocabulary,
} from '@aigc-label/core';
import { imageFormats } from '@aigc-label/image';
import { findTextNotice, textFormats, textLikeness, textNotice } from '@aigc-label/text';
import { lazyFinders, lazyMarks } from './lazy-marks.ts';
import { lazyImageLikeness, lazyMovingMatch, lazySoundMatch } from './lazy-soft-matches.ts';
import { nodeHashing } from './node-hashing.ts';
import { xmpSidecar } from './sidecar-kind.ts';

/** Every format that we write and read. */
export const allFormats: readonly Format[] = [...imageFormats, ...avFormats, ...textFormats];

/** Every spelling of a label that we know. */
export const allVocabularies: readonly Vocabulary[] = [aigcVocabulary];

/** Every law that reports answer for. */
export const allRegimes: readonly Regime[] = [chinaMeasures2025];

/** Every explicit label that we make. */
export const allMarks: readonly ExplicitMark[] = [...lazyMarks, textNotice as ExplicitMark];

/** Everything that finds explicit labels; those that decode are asked only where the caller wants it. */
export const allNoticeFinders: readonly NoticeFinder[] = [{ formats: textFormats.map(({ id }) => id), find: findTextNotice }, ...lazyFinders];

/** Every way in which a ReservedCode holds a signature. */
export const allProfiles: readonly SignatureProfile[] = [jwsProfile, tc260Profile];

/** A profile by its id. @throws TypeError where there is none of that name. */
export const profileOf = (id: string): SignatureProfile => {
  const profile = allProfiles.find((known) => known.id === id);
  if (profile === undefined) {
    throw new TypeError(`there is no signature profile ${JSON.stringify(id)}`);
  }
  return profile;
};

/** This machine's clock and random numbers. */
export const systemEntropy: Entropy = {
  nowMillis: () => Date.now(),
  randomBytes: (length) => randomFillSync(new Uint8Array(length)),
};

/** All of it, for whoever labels. */
export const labelParts: LabelParts = {
  formats: allFormats,
  vocabulary: aigcVocabulary,
  marks: allMarks,
  entropy: systemEntropy,
  hashing: nodeHashing,
  sidecar: xmpSidecar,
  noticeFinders: allNoticeFinders,
};

/** All of it, for whoever carries a label from an original into a rendition. */
export const carryParts: CarryParts = {
  ...labelParts,
  softMatches: [lazyImageLikeness, lazySoundMatch, lazyMovingMatch, textLikeness],
};

/** All of it, for whoever verifies. */
export const verifyParts: VerifyParts = {
  formats: allFormats,
  vocabularies: allVocabularies,
  regimes: allRegimes,
  noticeFinders: allNoticeFinders,
  sidecar: xmpSidecar,
  provenance: { profiles: allProfiles, hashing: nodeHashing, nowMillis: systemEntropy.nowMillis },
};
