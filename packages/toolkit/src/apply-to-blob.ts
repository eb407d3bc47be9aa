import { type ByteSource, blobSource, segmentsOf, splicedSource } from '@aigc-label/core';
import { type LabelOutcome, type NameOptions, outcomeOf } from './apply-to-bytes.ts';
import { confirmRecorded, publishing, type RecordedPlan } from './recording.ts';

/** What became of a blob. */
export interface BlobOutcome extends LabelOutcome {
  /** Made of slices of the blob that was given: its bytes are not copied. */
  readonly blob: Blob;
  /** The sidecar that carries the label because such a file cannot; `null` where the label stands inside. */
  readonly sidecar: Uint8Array | null;
}

/** Carries a plan out over a blob. @throws LabelError as `planOf` and `confirmLabel` do. */
export const applyToBlob = async (blob: Blob, planOf: (source: ByteSource) => Promise<RecordedPlan>): Promise<BlobOutcome> => {
  const source = blobSource(blob);
  const plan = await planOf(source);
  try {
    await publishing(plan, () => confirmRecorded(splicedSource(plan.source, plan.splices), plan));
    const content = plan.mark === null ? blob : new Blob([await wholeOf(plan.source)]);
    const parts = segmentsOf(content.size, plan.splices).map((segment) =>
      segment.kind === 'copy' ? content.slice(segment.offset, segment.offset + segment.length) : new Uint8Array(segment.bytes),
    );
    return { ...outcomeOf(plan, blob.size), blob: new Blob(parts, { type: blob.type }), sidecar: plan.sidecar };
  } finally {
    await plan.release();
  }
};

const wholeOf = async (source: ByteSource): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await source.read(0, source.size));

/** What a File says of itself, where the caller says nothing. */
export const nameOf = <Options extends NameOptions>(blob: Blob, options: Options): Options => ({
  ...('name' in blob && typeof blob.name === 'string' ? { name: blob.name } : {}),
  ...(blob.type === '' ? {} : { mediaType: blob.type }),
  ...options,
});
