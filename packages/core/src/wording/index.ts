export * from './wording.ts';
export * from './wordings.ts';
