import { isPassing, postgresFailure, secretsOf } from './postgres-errors.ts';
import { durableClient, ownPool, type PostgresClient, type PostgresPool } from './postgres-pool.ts';
import { ensurePostgresSchema } from './postgres-schema.ts';

/** How often what was passing is tried again: a deadlock, a server that has just restarted. */
const TRIES = 4;
const PAUSE_MILLIS = 50;

/** The connections of a store. */
export interface PostgresSessions {
  /** Runs something that may be run again from the start. */
  use<Result>(run: (client: PostgresClient) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** What `postgresSessions` is given: one of the first two. */
export interface SessionOptions {
  readonly connectionString: string | undefined;
  readonly pool: PostgresPool | undefined;
  readonly schema: string;
  readonly maximumConnections: number;
}

/** Connects, and makes the tables, on first use. A pool that was given is not ended. */
export const postgresSessions = ({ connectionString, pool: given, schema, maximumConnections }: SessionOptions): PostgresSessions => {
  const secrets = secretsOf(connectionString);
  const durable = new WeakSet<PostgresClient>();
  let pool: Promise<PostgresPool> | undefined;
  let tables: Promise<void> | undefined;

  const onClient = async <Result>(run: (client: PostgresClient) => Promise<Result>): Promise<Result> => {
    pool ??= given === undefined ? ownPool(connectionString as string, maximumConnections) : Promise.resolve(given);
    const client = await durableClient(await pool, durable);
    let isBroken = true;
    try {
      const result = await run(client);
      isBroken = false;
      return result;
    } finally {
      // After any error the connection is ended, so that no transaction of it stays open.
      client.release(isBroken);
    }
  };
  const ensureTables = async (): Promise<void> => {
    tables ??= onClient((client) => ensurePostgresSchema(client, schema));
    try {
      await tables;
    } catch (error) {
      tables = undefined;
      throw error;
    }
  };
  return {
    use: async (run) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await ensureTables();
          return await onClient(run);
        } catch (error) {
          if (attempt === TRIES || !isPassing(error)) {
            throw postgresFailure(error, secrets);
          }
        }
        await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MILLIS * attempt));
      }
    },
    close: async () => {
      if (given === undefined && pool !== undefined) {
        await (await pool).end();
      }
    },
  };
};
