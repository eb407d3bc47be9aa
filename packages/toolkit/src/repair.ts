import { type ByteSource, bytesSource, type LabelPlan, planRepair, type SidecarReader } from '@aigc-label/core';
import { applyToBytes, type BytesOutcome, hintOf, type NameOptions } from './apply-to-bytes.ts';
import { applyToFile, type FileOutcome, type WriteFileOptions } from './apply-to-file.ts';
import { labelParts } from './parts.ts';
import { sidecarOf } from './sidecar-file.ts';

/**
 * Rewrites a deviating label into the guide's place and form, with its values and its ReservedCodes as they are.
 *
 * @throws LabelError `NOTHING_TO_REPAIR` where there is none, `LABEL_AMBIGUOUS` where labels contradict each other or cannot be read, and as `planRepair` does.
 */
export const repairBytes = async (
  bytes: Uint8Array,
  options: NameOptions & { readonly sidecar?: Uint8Array | SidecarReader } = {},
): Promise<BytesOutcome> => applyToBytes(bytes, await planOf(bytesSource(bytes), options.sidecar, options));

/** As `repairBytes`, into another file, or in place where `output` equals `input`. @throws LabelError as `repairBytes` and `writeAtomically` do. */
export const repairFile = async (input: string, output: string, options: NameOptions & WriteFileOptions = {}): Promise<FileOutcome> => {
  const planOver = (source: ByteSource, sidecar: SidecarReader): Promise<LabelPlan> => planOf(source, sidecar, { name: input, ...options });
  const { plan, ...outcome } = await applyToFile(input, output, planOver, options);
  return outcome;
};

const planOf = (source: ByteSource, sidecar: Uint8Array | SidecarReader | undefined, options: NameOptions): Promise<LabelPlan> =>
  planRepair(source, labelParts, { hint: hintOf(options), ...sidecarOf(sidecar) });
