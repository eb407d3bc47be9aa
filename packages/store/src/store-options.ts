const DAY_MILLIS = 86_400_000;

/** The shortest time that a record is kept: three years, one of them a leap year. */
export const MINIMUM_RECORD_DAYS = 1096;
/** The shortest time that recipients are kept (Measures Art. 9: six months; the longest six months of a calendar). */
export const MINIMUM_RECIPIENT_DAYS = 184;
/** What was prepared so long ago and never published is ended by `sweep`. */
export const PREPARED_MILLIS = 3_600_000;
/** How many rows of each kind one `sweep` touches unless told otherwise, and at most. */
export const SWEEP_ROWS = 1_000;
export const MAXIMUM_SWEEP_ROWS = 100_000;
/** The most that a question is answered with (ports/record-store.ts). */
export const MAXIMUM_RECORDS = 100;
export const MAXIMUM_PROPAGATIONS = 1_000;
export const MAXIMUM_RECIPIENTS = 1_000;

/** What every store can be told. */
export interface StoreOptions {
  /** How long a record is kept, in days; 1,096 (three years) or more, which is the default. Counts for what is prepared from now on. */
  readonly recordRetentionDays?: number;
  /** How long a recipient is kept, in days; 184 (six months) or more, which is the default. */
  readonly recipientRetentionDays?: number;
  /** The clock, in milliseconds since 1970; the machine's by default. */
  readonly nowMillis?: () => number;
}

/** `StoreOptions` with nothing left open, in milliseconds. */
export interface StorePolicy {
  readonly recordMillis: number;
  readonly recipientMillis: number;
  readonly nowMillis: () => number;
}

/** @throws TypeError where a retention is shorter than the law's. */
export const storePolicy = (options: StoreOptions): StorePolicy => ({
  recordMillis: retentionMillis('recordRetentionDays', options.recordRetentionDays ?? MINIMUM_RECORD_DAYS, MINIMUM_RECORD_DAYS),
  recipientMillis: retentionMillis('recipientRetentionDays', options.recipientRetentionDays ?? MINIMUM_RECIPIENT_DAYS, MINIMUM_RECIPIENT_DAYS),
  nowMillis: options.nowMillis ?? Date.now,
});

/** @throws TypeError where it is not a whole number within bounds. */
export const sweepRows = (limit: number | undefined): number => {
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 1 && limit <= MAXIMUM_SWEEP_ROWS)) {
    throw new TypeError(`The limit of a sweep is a whole number from 1 to ${MAXIMUM_SWEEP_ROWS}.`);
  }
  return limit ?? SWEEP_ROWS;
};

const retentionMillis = (name: string, days: number, minimum: number): number => {
  // A thousand years: beyond it a date is no longer a safe one.
  if (!(Number.isSafeInteger(days) && days >= minimum && days <= 366_000)) {
    throw new TypeError(`${name} is a whole number of days, ${minimum} or more.`);
  }
  return days * DAY_MILLIS;
};
