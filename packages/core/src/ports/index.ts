export * from './format.ts';
export * from './mark.ts';
export * from './vocabulary.ts';
