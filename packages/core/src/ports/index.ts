export * from './format.ts';
export * from './mark.ts';
export * from './soft-match.ts';
export * from './vocabulary.ts';
