/** A server that was started for a test or a measurement. */
export interface PostgresServer {
  readonly connectionString: string;
  /** Ends it and clears its folder away. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL server: the one of AIGC_LABEL_TEST_POSTGRES, or a new one in a temporary folder, with fsync on, that listens on a socket in that folder only.
 *
 * @returns a reason, one sentence, where there can be none.
 */
export declare const startPostgres: () => Promise<PostgresServer | { readonly reason: string }>;
