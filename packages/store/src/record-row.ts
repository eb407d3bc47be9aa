import type { Modality, NewRecord, PropagationRecord, ProvenanceRecord, RecipientRecord, RecordStatus } from '@aigc-label/core';
import { fromStoredText, toStoredText } from './stored-text.ts';
import { digestOf } from './work.ts';

/** A row as either database gives it back. */
export type Row = Readonly<Record<string, unknown>>;

/** The columns that a new record fills, in the order of `newRow`. */
export const NEW_COLUMNS = [
  'work',
  'identifier',
  'producer',
  'produce_id',
  'reserved_code',
  'key_id',
  'algorithm',
  'signed_at',
  'label_value',
  'content_method',
  'content_hash',
  'format',
  'modality',
  'media_type',
  'model',
  'tool',
  'created_at',
  'expires_at',
] as const;

/** A column of a new record. */
export type NewColumn = (typeof NEW_COLUMNS)[number];

/** What a new record writes. Names of columns, not of the caller's object: nothing but what `NewRecord` names is remembered. */
export const newRow = (
  work: string,
  record: NewRecord,
  nowMillis: number,
  keptMillis: number,
): Readonly<Record<NewColumn, string | number | null>> => ({
  work,
  // Of one size, too, so that an index takes it.
  identifier: digestOf(record.produceId),
  producer: toStoredText(record.producer),
  produce_id: toStoredText(record.produceId),
  reserved_code: toStoredText(record.reservedCode),
  key_id: record.keyId === null ? null : toStoredText(record.keyId),
  algorithm: record.algorithm === null ? null : toStoredText(record.algorithm),
  signed_at: record.signedAtSeconds,
  label_value: toStoredText(record.labelValue),
  content_method: toStoredText(record.contentMethod),
  content_hash: record.contentHash,
  format: toStoredText(record.format),
  modality: toStoredText(record.modality),
  media_type: toStoredText(record.mediaType),
  model: record.model === undefined ? null : toStoredText(record.model),
  tool: toStoredText(record.tool),
  created_at: nowMillis,
  expires_at: nowMillis + keptMillis,
});

/**
 * The condition of `findByIdentifier`: by the number of the producer, or of one who has spread the work.
 *
 * @param prefix of each table: `` or `schema.`.
 * @param parameter that holds the digest of the number: `?1` or `$1`.
 */
export const ofIdentifier = (prefix: string, parameter: string): string =>
  `seq IN (SELECT seq FROM ${prefix}record WHERE identifier = ${parameter}
    UNION SELECT spread.seq FROM ${prefix}propagation JOIN ${prefix}record AS spread ON spread.work = propagation.work WHERE propagation.identifier = ${parameter})`;

/** A record of the table `record`, with `is_held`. */
export const recordOf = (row: Row): ProvenanceRecord => ({
  producer: text(row['producer']),
  produceId: text(row['produce_id']),
  reservedCode: text(row['reserved_code']),
  keyId: textOrNull(row['key_id']),
  algorithm: textOrNull(row['algorithm']),
  signedAtSeconds: Number(row['signed_at']),
  labelValue: text(row['label_value']),
  contentMethod: text(row['content_method']),
  contentHash: text(row['content_hash']),
  format: text(row['format']),
  modality: text(row['modality']) as Modality,
  mediaType: text(row['media_type']),
  ...(row['model'] === null ? {} : { model: text(row['model']) }),
  tool: text(row['tool']),
  status: row['status'] as RecordStatus,
  fileHash: textOrNull(row['file_hash']),
  sizeBytes: numberOrNull(row['size_bytes']),
  createdAtMillis: Number(row['created_at']),
  expiresAtMillis: Number(row['expires_at']),
  leafIndex: numberOrNull(row['leaf_index']),
  // SQLite has no booleans.
  isHeld: row['is_held'] === true || row['is_held'] === 1,
});

/** A row of the table `propagation`. */
export const propagationOf = (row: Row): PropagationRecord => ({
  producer: text(row['producer']),
  produceId: text(row['produce_id']),
  propagator: text(row['propagator']),
  propagateId: text(row['propagate_id']),
  reservedCode: text(row['reserved_code']),
  atMillis: Number(row['at']),
});

/** A row of the table `recipient`. */
export const recipientOf = (row: Row): RecipientRecord => ({
  producer: text(row['producer']),
  produceId: text(row['produce_id']),
  // A copy: drivers give a Buffer, an ArrayBuffer, or a view of a shared pool.
  sealed: new Uint8Array(row['sealed'] as Uint8Array),
  sealedWith: text(row['sealed_with']),
  atMillis: Number(row['at']),
});

const text = (value: unknown): string => fromStoredText(String(value));
const textOrNull = (value: unknown): string | null => (value === null ? null : text(value));
const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));
