import { bytesSource, type CarryPlan, planCarrying, type SidecarReader } from '@aigc-label/core';
import { openFileSource } from '@aigc-label/files';
import { applyToBytes, type BytesOutcome, hintOf, type NameOptions } from './apply-to-bytes.ts';
import { applyToFile, type FileOutcome, type WriteFileOptions } from './apply-to-file.ts';
import { carryParts } from './parts.ts';
import { readSidecarOf, sidecarOf } from './sidecar-file.ts';

/** How alike the two files were. */
export interface Carried {
  readonly likeness: CarryPlan['likeness'];
}

/** A file in memory that still has its label. */
export interface OriginalBytes extends NameOptions {
  readonly bytes: Uint8Array;
  readonly sidecar?: Uint8Array | SidecarReader;
}

/**
 * Puts the label of an original into a rendition of the same content that has lost it in a platform's own transcode; every value stays.
 *
 * @throws LabelError `NOTHING_TO_CARRY`, `OTHER_CONTENT`, `LABEL_DISAGREES`, `TOOL_MISSING`, and as `planCarrying` does.
 */
export const carryBytes = async (original: OriginalBytes, rendition: Uint8Array, options: NameOptions = {}): Promise<BytesOutcome & Carried> => {
  const from = { source: bytesSource(original.bytes), hint: hintOf(original), ...sidecarOf(original.sidecar) };
  const plan = await planCarrying(bytesSource(rendition), from, carryParts, { hint: hintOf(options) });
  return { ...(await applyToBytes(rendition, plan)), likeness: plan.likeness };
};

/** As `carryBytes`, from one file into a rendition and on to `output`, which may be the rendition itself. @throws LabelError as `carryBytes` and `writeAtomically` do. */
export const carryFile = async (
  original: string,
  rendition: string,
  output: string,
  options: NameOptions & WriteFileOptions = {},
): Promise<FileOutcome & Carried> => {
  const source = await openFileSource(original);
  try {
    const from = { source, hint: { name: original }, sidecar: () => readSidecarOf(original) };
    const { plan, ...outcome } = await applyToFile(
      rendition,
      output,
      (opened, sidecar) => planCarrying(opened, from, carryParts, { hint: hintOf({ name: rendition, ...options }), sidecar }),
      options,
    );
    return { ...outcome, likeness: plan.likeness };
  } finally {
    source.close();
  }
};
