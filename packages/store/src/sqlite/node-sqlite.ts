import process from 'node:process';
import { connectionOver, type DatabaseHandle, type SqliteDriver } from './sqlite-driver.ts';

interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => DatabaseHandle;
}

/**
 * SQLite as Node has it from 22.13 on; `undefined` where it has none. Asked for by `getBuiltinModule`, since an import would fail where there is none.
 */
export const nodeSqlite = (): SqliteDriver | undefined => {
  // Node 22 has it from 22.5 on, behind a flag until 22.13.
  const builtin = process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as NodeSqlite | undefined;
  return builtin === undefined
    ? undefined
    : {
        open: (path) => connectionOver(new builtin.DatabaseSync(path)),
        codeOf: (error) => {
          const { errcode } = error as { readonly errcode?: unknown };
          // An extended code holds the primary one in its lowest byte.
          return typeof errcode === 'number' ? errcode & 0xff : undefined;
        },
      };
};
