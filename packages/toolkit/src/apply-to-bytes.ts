import { applySplices, bytesSource, type FormatHint, type Label, type LabelPlan, type Remark, splicedSize } from '@aigc-label/core';
import { confirmRecorded, publishing, type RecordedPlan } from './recording.ts';

/** Which file, by what the outside says of it. */
export interface NameOptions {
  /** A file name or extension; it tells Markdown, HTML and plain text apart, nothing else. For files their own name is the default. */
  readonly name?: string;
  readonly mediaType?: string;
}

/** What became of one file. */
export interface LabelOutcome {
  readonly outcome: LabelPlan['outcome'];
  /** Id of the format. */
  readonly format: string;
  readonly label: Label;
  /** The id of the explicit mark that was applied, or `null`. */
  readonly mark: string | null;
  /** How it was applied: what was encoded anew and why, what was measured. */
  readonly remarks: readonly Remark[];
  /** Bytes before and after. */
  readonly sizeBefore: number;
  readonly sizeAfter: number;
}

/** What became of a file in memory. */
export interface BytesOutcome extends LabelOutcome {
  readonly bytes: Uint8Array;
  /** The sidecar that carries the label because such a file cannot (`<name>.xmp`); `null` where the label stands inside. */
  readonly sidecar: Uint8Array | null;
}

/** The outside's word for a file, without what was not said. */
export const hintOf = ({ name, mediaType }: NameOptions): FormatHint => ({
  ...(name === undefined ? {} : { name }),
  ...(mediaType === undefined ? {} : { mediaType }),
});

/** A plan over a file in memory, carried out and read back. @throws LabelError as `confirmLabel` and `RecordStore.publish` do. */
export const applyToBytes = async (bytes: Uint8Array, plan: RecordedPlan): Promise<BytesOutcome> => {
  try {
    return await publishing(plan, async () => {
      const whole = plan.mark === null ? bytes : await plan.source.read(0, plan.source.size);
      const labelled = applySplices(whole, plan.splices);
      await confirmRecorded(bytesSource(labelled), plan);
      return { ...outcomeOf(plan, bytes.length), bytes: labelled, sidecar: plan.sidecar };
    });
  } finally {
    await plan.release();
  }
};

/** A plan as what became of a file of `sizeBefore` bytes. */
export const outcomeOf = (plan: LabelPlan, sizeBefore: number): LabelOutcome => ({
  outcome: plan.outcome,
  format: plan.format.id,
  label: plan.label,
  mark: plan.mark,
  remarks: plan.remarks,
  sizeBefore,
  sizeAfter: splicedSize(plan.source.size, plan.splices),
});
