export * from './key-folder.ts';
export * from './key-place.ts';
export type { KeyDescription } from './key-record.ts';
