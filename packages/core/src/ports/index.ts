export * from './format.ts';
export * from './mark.ts';
