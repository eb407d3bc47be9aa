/** Every code that a `LabelError` can carry; codes are stable, sentences may be bettered. */
export type LabelErrorCode =
  | 'FILE_DAMAGED'
  | 'FILE_EMPTY'
  | 'FORMAT_UNKNOWN'
  | 'FORMAT_UNSUPPORTED_FEATURE'
  | 'NO_PLACE_INSIDE'
  | 'CARRIER_FULL'
  | 'LIMIT_EXCEEDED'
  | 'LABEL_DISAGREES'
  | 'NOTHING_TO_REPAIR'
  | 'NOTHING_TO_PROPAGATE'
  | 'NOTHING_TO_CARRY'
  | 'OTHER_CONTENT'
  | 'LABEL_AMBIGUOUS'
  | 'LABEL_INVALID'
  | 'LABEL_NOT_READ_BACK'
  | 'NOTICE_NOT_DRAWABLE'
  | 'NOTICE_UNSUPPORTED'
  | 'SOURCE_CHANGED'
  | 'NOT_FOUND'
  | 'NAME_UNREADABLE'
  | 'NO_PERMISSION'
  | 'NOT_A_FILE'
  | 'OUTPUT_EXISTS'
  | 'OUTPUT_IS_INPUT'
  | 'DISK_FULL'
  | 'IO_FAILED'
  | 'TOOL_MISSING'
  | 'CONFIG_INVALID'
  | 'TRUST_INVALID'
  | 'KEY_INVALID'
  | 'KEY_NOT_FOUND'
  | 'SIGNING_FAILED'
  | 'ID_CONFLICT'
  | 'RECORD_NOT_FOUND'
  | 'STORE_FAILED'
  | 'LOG_FAILED'
  | 'ABORTED';

/** What a `LabelError` carries besides its code. */
export interface LabelErrorOptions {
  /** Facts for machines: offsets in bytes, sites, limits, names. Plain JSON. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Something in the world (a file, a disk, a label) that stands in the way; a caller's own mistake is a `TypeError`. */
export class LabelError extends Error {
  override readonly name: string = 'LabelError';
  readonly code: LabelErrorCode;
  readonly data: Readonly<Record<string, unknown>>;

  /**
   * @param code stable, for machines.
   * @param message one English sentence that says what happened and what to do; the CLI renders `code` and `data` in the user's language.
   */
  constructor(code: LabelErrorCode, message: string, options: LabelErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data ?? {};
  }
}

/**
 * A `NO_PLACE_INSIDE` error: files of this kind, or this one, cannot hold a label without harm, so that it goes into a sidecar beside the file.
 *
 * @param why a clause: `a BMP has no metadata`.
 */
export const noPlaceInside = (format: string, why: string): LabelError =>
  new LabelError('NO_PLACE_INSIDE', `There is no place for a label inside this ${format} file: ${why}. Let it go into a sidecar beside the file.`, {
    data: { format, why },
  });

/** A `FILE_DAMAGED` error that names the structure and the byte offset where reading stopped making sense. */
export const damaged = (site: string, offset: number, what: string): LabelError =>
  new LabelError('FILE_DAMAGED', `The file is damaged at byte ${offset} (${site}): ${what}. Export it again from its source.`, {
    data: { site, offset, what },
  });
