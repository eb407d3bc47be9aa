export * from './china.ts';
export * from './regime.ts';
