export * from './key-folder.ts';
export type { KeyFolder, KeyFolderOptions, NewKey } from './key-folder-contract.ts';
export { type Environment, keyFolderOf, passphraseOf } from './key-place.ts';
export type { KeyDescription } from './key-record.ts';
