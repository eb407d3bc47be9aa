export * from './audit-log.ts';
export type { LogDisk, OpenFile } from './log-disk.ts';
export type { LogFailure } from './log-error.ts';
export * from './open-log.ts';
export * from './record-log.ts';
