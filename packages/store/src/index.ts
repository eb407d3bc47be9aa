export * from './certified-store.ts';
export * from './log/index.ts';
export * from './memory-store.ts';
export * from './postgres/postgres-store.ts';
export * from './sqlite/sqlite-store.ts';
export type { StoreFailure } from './store-errors.ts';
export { MINIMUM_RECIPIENT_DAYS, MINIMUM_RECORD_DAYS, type StoreOptions } from './store-options.ts';
