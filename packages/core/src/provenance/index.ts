export * from './base64url.ts';
export * from './digest-content.ts';
export * from './excerpts.ts';
export * from './pure-hashing.ts';
export * from './trust-list.ts';
export * from './whole-file.ts';
