export * from './charset.ts';
export * from './check-digit.ts';
export * from './identifier.ts';
export * from './label.ts';
export * from './make-label.ts';
export * from './notice-words.ts';
export * from './provider-code.ts';
