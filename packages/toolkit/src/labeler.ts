import { type ByteSource, bytesSource, FIELD_NAMES, type LabelOptions, type LabelRequest, planLabel, type SidecarReader } from '@aigc-label/core';
import type { ByteStream } from '@aigc-label/files';
import { applyToBlob, type BlobOutcome, nameOf } from './apply-to-blob.ts';
import { applyToBytes, type BytesOutcome, hintOf, type NameOptions } from './apply-to-bytes.ts';
import { applyToFile, type FileOutcome, type WriteFileOptions } from './apply-to-file.ts';
import { applyToStream, type StreamOutcome } from './apply-to-stream.ts';
import { type ExplicitRequest, explicitOptions } from './explicit.ts';
import { labelParts } from './parts.ts';
import { type RecordedPlan, recorded } from './recording.ts';
import { sidecarOf } from './sidecar-file.ts';
import { type ProvenanceSettings, signingOf } from './signing-options.ts';

/** What is the same for every file of a service; each call may say otherwise. */
export interface LabelerOptions extends LabelRequest, ProvenanceSettings {
  /** The generating model, for the record alone: 1 to 200 printable ASCII characters. */
  readonly model?: string;
  /** Set where the content itself is to be marked, too: `true` for the defaults. The default is none. */
  readonly explicit?: boolean | ExplicitRequest;
}

/** What one call may say. */
export interface LabelCallOptions extends Partial<LabelerOptions>, NameOptions {
  /** The present sidecar of a file in memory, or how to get it. */
  readonly sidecar?: Uint8Array | SidecarReader;
  readonly signal?: AbortSignal;
  /** Is told how much of an explicit mark is done, 0 to 1. */
  readonly onMarkProgress?: (share: number) => void;
}

/** How a file on the disk is labelled. */
export interface LabelFileOptions extends Omit<LabelCallOptions, 'sidecar'>, WriteFileOptions {}

/** Labels what a generating service makes. */
export interface Labeler {
  /**
   * Labels a file in memory.
   *
   * @throws LabelError as `planLabel` and `confirmLabel` do.
   */
  labelBytes(bytes: Uint8Array, options?: LabelCallOptions): Promise<BytesOutcome>;
  /**
   * Labels a file into another, or in place where `output` equals `input`; atomic in both cases, in constant memory.
   *
   * An unchanged file is copied to another output, and not written at all in place.
   * @throws LabelError as `planLabel`, `confirmLabel` and `writeAtomically` do, `NOT_A_FILE` for links in place.
   */
  labelFile(input: string, output: string, options?: LabelFileOptions): Promise<FileOutcome>;
  /** Labels a Blob or File without copying its bytes. @throws LabelError as `labelBytes` does. */
  labelBlob(blob: Blob, options?: LabelCallOptions): Promise<BlobOutcome>;
  /**
   * Labels a stream (Node's or the web's) into a stream. It is taken to its end first, in memory up to 8 MiB and on the disk up to 8 GiB.
   *
   * @throws LabelError as `labelBytes` does, `LIMIT_EXCEEDED`, and `NO_PLACE_INSIDE` where only a sidecar could carry the label.
   */
  labelStream(stream: ByteStream, options?: Omit<LabelCallOptions, 'sidecar'>): Promise<StreamOutcome>;
}

/** A labeler with every format, mark and vocabulary of this project. The producer is a name or, better, a 27-character code (`buildProviderCode`). */
export const createLabeler = (defaults: LabelerOptions): Labeler => ({
  async labelBytes(bytes, options = {}) {
    return applyToBytes(bytes, await planOf(bytesSource(bytes), defaults, options));
  },
  async labelFile(input, output, options = {}) {
    const planOver = (source: ByteSource, sidecar: SidecarReader): Promise<RecordedPlan> =>
      planOf(source, defaults, { name: input, ...options, sidecar });
    const { plan, ...outcome } = await applyToFile(input, output, planOver, options);
    return outcome;
  },
  labelBlob: (blob, options = {}) => applyToBlob(blob, (source) => planOf(source, defaults, nameOf(blob, options))),
  labelStream: (stream, options = {}) => applyToStream(stream, (source) => planOf(source, defaults, options)),
});

const planOf = async (
  source: ByteSource,
  defaults: LabelerOptions,
  options: LabelCallOptions & Pick<WriteFileOptions, 'isDryRun'>,
): Promise<RecordedPlan> => {
  const settings = { ...defaults, ...options };
  const { explicit, signal, onMarkProgress, isDryRun, sidecar, model, ...request } = settings;
  const labelOptions: LabelOptions = {
    hint: hintOf(options),
    ...(explicit === undefined || explicit === false ? {} : { explicit: explicitOptions(explicit === true ? {} : explicit) }),
    ...sidecarOf(sidecar),
    ...signingOf(settings, 'producer'),
    ...(signal === undefined ? {} : { signal }),
    ...(isDryRun === undefined ? {} : { isDryRun }),
    ...(onMarkProgress === undefined ? {} : { onMarkProgress }),
  };
  const plan = await planLabel(source, fieldsOnly(request), labelParts, labelOptions);
  if (isDryRun === true) {
    return plan;
  }
  try {
    return await recorded(plan, settings, { model });
  } catch (error) {
    await plan.release();
    throw error;
  }
};

const fieldsOnly = (request: LabelRequest): LabelRequest =>
  Object.fromEntries(FIELD_NAMES.filter((name) => request[name] !== undefined).map((name) => [name, request[name]])) as unknown as LabelRequest;
