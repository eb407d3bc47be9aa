export * from './bytes/index.ts';
export * from './errors.ts';
export * from './ports/index.ts';
