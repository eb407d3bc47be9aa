export * from './file-error.ts';
export * from './file-source.ts';
export * from './pending-files.ts';
export * from './sweep-temporaries.ts';
export * from './temporary-name.ts';
export * from './whole-file.ts';
export * from './write-atomically.ts';
export * from './write-spliced.ts';
