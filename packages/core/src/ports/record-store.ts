import type { Modality } from './format.ts';

/** Which work: the producer's name or code and its number for the content. */
export interface RecordKey {
  readonly producer: string;
  readonly produceId: string;
}

/** What is remembered of a labelled work. Never a prompt, an output's text, an address or a name of a user (spec/provenance.md §3.5). */
export interface NewRecord extends RecordKey {
  /** The producer's ReservedCode1 as it stands in the file. */
  readonly reservedCode: string;
  readonly keyId: string | null;
  readonly algorithm: string | null;
  readonly signedAtSeconds: number;
  readonly labelValue: string;
  readonly contentMethod: string;
  /** base64url. */
  readonly contentHash: string;
  readonly format: string;
  readonly modality: Modality;
  readonly mediaType: string;
  /** The generating model, as the service names it; at most 200 printable characters. */
  readonly model?: string;
  /** `aigc-label 1.2.3`. */
  readonly tool: string;
}

/**
 * `prepared` the record is durable, its file may not be there yet · `published` the file is in place · `failed` the file was never put in place.
 */
export type RecordStatus = 'prepared' | 'published' | 'failed';

/** A record as the store has it. */
export interface ProvenanceRecord extends NewRecord {
  readonly status: RecordStatus;
  /** SHA-256 of the whole labelled file, base64url, and its size; `null` until published. */
  readonly fileHash: string | null;
  readonly sizeBytes: number | null;
  readonly createdAtMillis: number;
  readonly expiresAtMillis: number;
  /** Its place in the tamper-evident log, where there is one. */
  readonly leafIndex: number | null;
  /** Set where the work may not be forgotten although its time is up (a legal hold). */
  readonly isHeld: boolean;
}

/** A platform that has spread a work (Measures Art. 6). */
export interface PropagationRecord extends RecordKey {
  readonly propagator: string;
  readonly propagateId: string;
  readonly reservedCode: string;
  readonly atMillis: number;
}

/** Who was given a work without its explicit label (Measures Art. 9): sealed by the caller, never in the clear, kept for six months or longer. */
export interface RecipientRecord extends RecordKey {
  /** Encrypted by the caller; at most 4 KiB. */
  readonly sealed: Uint8Array;
  /** Which key opens it. */
  readonly sealedWith: string;
  readonly atMillis: number;
}

/** What a verifier asks of a store; this much can also be served over a network. */
export interface RecordLookup {
  /** Every record under this key, the newest first: more than one where the producer itself has changed the work (an explicit label put in later). At most 100. */
  find(key: RecordKey): Promise<readonly ProvenanceRecord[]>;
  /** Records whose ProduceID, or the PropagateID of one of whose propagations, is just this, whoever gave it, the newest first; for people who have a number and nothing else. At most 100. */
  findByIdentifier(identifier: string): Promise<readonly ProvenanceRecord[]>;
  /** Records of this content, whatever they are called; for files that have lost their label. At most 100. */
  findByContent(method: string, hash: string): Promise<readonly ProvenanceRecord[]>;
  /** Records of exactly this file. At most 100. */
  findByFile(fileHash: string): Promise<readonly ProvenanceRecord[]>;
  /** Propagations of a work, the oldest first; at most 1,000. */
  propagationsOf(key: RecordKey): Promise<readonly PropagationRecord[]>;
}

/** How a record is prepared. */
export interface PrepareOptions {
  /** Set where the caller holds the signed label of the same work and changes it itself; else another content under the same key is `ID_CONFLICT`. */
  readonly maySupersede?: boolean;
}

/**
 * Where signed records live. Written in this order: `prepare` (durable when it returns) → the file is put in place → `publish`. A crash can leave a record without a file, which `sweep`
 * ends as failed; never a labelled file without a record. Everything may be called again with the same arguments without harm.
 * A new driver is one new file; `testStore` is its contract.
 */
export interface RecordStore extends RecordLookup {
  /**
   * @returns `new`, or `known` where this very record (key and content) is there already.
   * @throws LabelError `ID_CONFLICT` where another content stands under the key, `STORE_FAILED`.
   */
  prepare(record: NewRecord, options?: PrepareOptions): Promise<'new' | 'known'>;
  /** @throws LabelError `RECORD_NOT_FOUND` where no such record was prepared, `STORE_FAILED`. */
  publish(key: RecordKey, contentHash: string, file: { readonly hash: string; readonly sizeBytes: number }): Promise<void>;
  /** The file was not put in place; only what is `prepared` becomes `failed`. */
  abandon(key: RecordKey, contentHash: string): Promise<void>;
  /** Remembers the record's place in the log. */
  setLeafIndex(key: RecordKey, contentHash: string, leafIndex: number): Promise<void>;
  addPropagation(record: PropagationRecord): Promise<void>;
  addRecipient(record: RecipientRecord): Promise<void>;
  recipientsOf(key: RecordKey): Promise<readonly RecipientRecord[]>;
  /** Holds or releases every record under a key. */
  setHold(key: RecordKey, isHeld: boolean): Promise<void>;
  /**
   * Ends what was prepared longer than an hour ago and never published, and forgets what is past its time and not held, at most `limit` rows of each kind in one call.
   * @returns how many of each.
   */
  sweep(limit?: number): Promise<SweepOutcome>;
  close(): Promise<void>;
}

/** What a sweep has done. */
export interface SweepOutcome {
  readonly abandoned: number;
  readonly forgottenRecords: number;
  readonly forgottenRecipients: number;
}
