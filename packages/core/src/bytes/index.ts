export * from './binary.ts';
export * from './blob-source.ts';
export * from './joined-source.ts';
export * from './remembering-source.ts';
export * from './source.ts';
export * from './splice.ts';
export * from './spliced-source.ts';
