/** The answer to a query. */
export interface PostgresResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number | null;
}

/** A connection taken from a pool, as `pg` has it. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  /** @param isBroken the connection is ended instead of going back. */
  release(isBroken?: boolean): void;
}

/** What is asked of a pool; a `Pool` of the package pg fits. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  end(): Promise<void>;
}

/** How long a connection and a query may take, in milliseconds. */
const CONNECT_MILLIS = 10_000;
const QUERY_MILLIS = 30_000;

/**
 * A pool of our own; pg is loaded here and nowhere else.
 */
export const ownPool = async (connectionString: string, maximumConnections: number): Promise<PostgresPool> => {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString,
    max: maximumConnections,
    connectionTimeoutMillis: CONNECT_MILLIS,
    query_timeout: QUERY_MILLIS,
    application_name: 'aigc-label',
  });
  // An idle connection that breaks is replaced when the next one is asked for; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
};

/** @throws TypeError where neither or both are given. */
export const checkPoolOptions = (connectionString: unknown, pool: unknown): void => {
  if ((connectionString === undefined) === (pool === undefined)) {
    throw new TypeError('The store needs either a connectionString or a pool.');
  }
  if (connectionString !== undefined && (typeof connectionString !== 'string' || !/^postgres(?:ql)?:\/\//.test(connectionString))) {
    throw new TypeError('A connectionString begins with postgres://.');
  }
};

/** A connection on which a commit is on the server's disk when it returns, whatever the database's or the user's default says. */
export const durableClient = async (pool: PostgresPool, known: WeakSet<PostgresClient>): Promise<PostgresClient> => {
  const client = await pool.connect();
  if (!known.has(client)) {
    try {
      await client.query("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
      known.add(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
  return client;
};
