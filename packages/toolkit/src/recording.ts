import { readFileSync } from 'node:fs';
import { type ByteSource, confirmLabel, encodeBase64url, type LabelPlan, type NewRecord } from '@aigc-label/core';
import { hashOfFile } from './node-hashing.ts';
import { labelParts } from './parts.ts';
import type { ProvenanceSettings } from './signing-options.ts';

/** A plan whose record, where one is kept, is durable already. */
export interface RecordedPlan extends LabelPlan {
  readonly recording?: Recording;
}

/** The life of a record while its file is written. */
export interface Recording {
  /** Looks at the finished file before it gets its name. */
  look(written: ByteSource): Promise<void>;
  /** The file is in place. @throws LabelError `STORE_FAILED`; the file keeps its label, whose record is durable. */
  publish(): Promise<void>;
  /** The file was never put in place. What goes wrong here is not what is to be told. */
  abandon(): Promise<void>;
}

/** What a record says besides the plan. */
export interface RecordWords {
  /** The generating model, as the service names it. */
  readonly model?: string | undefined;
}

/**
 * Makes the record of a signed plan durable: in the store, then in the log, both before anything is written, so that a crash can leave a record without a file and never a labelled file
 * without a record.
 *
 * @throws LabelError `ID_CONFLICT`, `STORE_FAILED`, `LOG_FAILED`; `TypeError` where there is a store or a log but nothing is signed.
 */
export const recorded = async (plan: LabelPlan, { signer, records, log }: ProvenanceSettings, words: RecordWords): Promise<RecordedPlan> => {
  if (records === undefined && log === undefined) {
    return plan;
  }
  if (signer === undefined || plan.signed === null) {
    throw new TypeError('only signed labels are recorded: pass a signer besides the store or log');
  }
  const record = recordOf(plan, plan.signed, signer, words);
  const key = { producer: record.producer, produceId: record.produceId };
  const state = await records?.prepare(record, { maySupersede: plan.outcome === 'updated' });
  if (log !== undefined && state !== 'known') {
    const leafIndex = await log.append(record.reservedCode);
    await records?.setLeafIndex(key, record.contentHash, leafIndex);
  }
  let file: { readonly hash: string; readonly sizeBytes: number } | undefined;
  return {
    ...plan,
    recording: {
      async look(written) {
        file = records === undefined ? undefined : { hash: encodeBase64url(await hashOfFile(written)), sizeBytes: written.size };
      },
      async publish() {
        if (file !== undefined) {
          await records?.publish(key, record.contentHash, file);
        }
      },
      async abandon() {
        if (state === 'new') {
          await records?.abandon(key, record.contentHash).catch(() => undefined);
        }
      },
    },
  };
};

const recordOf = (
  { label, format }: LabelPlan,
  { content, signedAtSeconds }: NonNullable<LabelPlan['signed']>,
  signer: NonNullable<ProvenanceSettings['signer']>,
  { model }: RecordWords,
): NewRecord => ({
  producer: label.ContentProducer,
  produceId: label.ProduceID,
  reservedCode: label.ReservedCode1,
  keyId: signer.keyId,
  algorithm: signer.algorithm,
  signedAtSeconds,
  labelValue: label.Label,
  contentMethod: content.method,
  contentHash: content.hash,
  format: format.id,
  modality: format.modality,
  mediaType: format.mediaTypes[0] ?? '',
  ...(model === undefined ? {} : { model: printableModel(model) }),
  tool: TOOL,
});

const printableModel = (model: string): string => {
  if (!/^[\x20-\x7e]{1,200}$/.test(model)) {
    throw new TypeError('model must be 1 to 200 printable ASCII characters');
  }
  return model;
};

const TOOL = `aigc-label ${(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version}`;

/** Reads a written label back, and has its record look at the file. @throws LabelError as `confirmLabel` does. */
export const confirmRecorded = async (written: ByteSource, plan: RecordedPlan): Promise<void> => {
  await confirmLabel(written, plan, labelParts);
  await plan.recording?.look(written);
};

/** Carries a plan out whose output is handed to the caller: published when `carryOut` is done, abandoned where it throws. */
export const publishing = async <Value>(plan: RecordedPlan, carryOut: () => Promise<Value>): Promise<Value> => {
  let value: Value;
  try {
    value = await carryOut();
  } catch (error) {
    await plan.recording?.abandon();
    throw error;
  }
  await plan.recording?.publish();
  return value;
};
