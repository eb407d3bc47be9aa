import { type ByteSource, bytesSource, type PropagationRequest, planPropagation, type SidecarReader } from '@aigc-label/core';
import { applyToBytes, type BytesOutcome, hintOf, type NameOptions } from './apply-to-bytes.ts';
import { applyToFile, type FileOutcome, type WriteFileOptions } from './apply-to-file.ts';
import { labelParts } from './parts.ts';
import type { RecordedPlan } from './recording.ts';
import { sidecarOf } from './sidecar-file.ts';
import { type ProvenanceSettings, signingOf } from './signing-options.ts';

/** What is the same for every file of a platform; each call may say otherwise. */
export interface PropagatorOptions extends PropagationRequest, Pick<ProvenanceSettings, 'signer' | 'signatureProfile' | 'records'> {}

/** What one call may say. */
export interface PropagateCallOptions extends Partial<PropagatorOptions>, NameOptions {
  /** The present sidecar of a file in memory, or how to get it. */
  readonly sidecar?: Uint8Array | SidecarReader;
}

/** How a file on the disk is propagated. */
export interface PropagateFileOptions extends Omit<PropagateCallOptions, 'sidecar'>, WriteFileOptions {}

/**
 * What a platform does to the metadata when it publishes (Measures Art. 6): the producer's fields and ReservedCode1 stay, the propagator's are its own, and `Label` follows from
 * what was found and declared.
 */
export interface Propagator {
  /** @throws LabelError as `planPropagation` and `confirmLabel` do; `NOTHING_TO_PROPAGATE` where there is neither label, declaration nor trace. */
  propagateBytes(bytes: Uint8Array, options?: PropagateCallOptions): Promise<BytesOutcome>;
  /** Into another file, or in place where `output` equals `input`. @throws LabelError as `propagateBytes` and `writeAtomically` do. */
  propagateFile(input: string, output: string, options?: PropagateFileOptions): Promise<FileOutcome>;
}

/** A propagator; `ContentPropagator` is a name or, better, a 27-character code whose 23rd character is 2 (TC260-PG-20252A). */
export const createPropagator = (defaults: PropagatorOptions): Propagator => ({
  async propagateBytes(bytes, options = {}) {
    return applyToBytes(bytes, await planOf(bytesSource(bytes), { ...defaults, ...options }));
  },
  async propagateFile(input, output, options = {}) {
    const planOver = (source: ByteSource, sidecar: SidecarReader): Promise<RecordedPlan> =>
      planOf(source, { ...defaults, name: input, ...options, sidecar });
    const { plan, ...outcome } = await applyToFile(input, output, planOver, options);
    return outcome;
  },
});

const planOf = async (
  source: ByteSource,
  options: PropagatorOptions & PropagateCallOptions & Pick<WriteFileOptions, 'isDryRun'>,
): Promise<RecordedPlan> => {
  const { ContentPropagator, PropagateID, ReservedCode2, isDeclared = false, isSuspected = false, sidecar, records, isDryRun = false } = options;
  const request: PropagationRequest = {
    ContentPropagator,
    isDeclared,
    isSuspected,
    ...(PropagateID === undefined ? {} : { PropagateID }),
    ...(ReservedCode2 === undefined ? {} : { ReservedCode2 }),
  };
  const plan = await planPropagation(source, request, labelParts, {
    hint: hintOf(options),
    ...sidecarOf(sidecar),
    ...signingOf(options, 'propagator'),
  });
  if (!isDryRun && plan.outcome !== 'unchanged') {
    const { label } = plan;
    // Before the file is written: a propagation that came to nothing harms nobody, one that nobody remembers cannot be traced.
    await records?.addPropagation({
      producer: label.ContentProducer,
      produceId: label.ProduceID,
      propagator: label.ContentPropagator,
      propagateId: label.PropagateID,
      reservedCode: label.ReservedCode2,
      atMillis: labelParts.entropy.nowMillis(),
    });
  }
  return plan;
};
