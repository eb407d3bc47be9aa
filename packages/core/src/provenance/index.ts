export * from './base64url.ts';
export * from './digest-content.ts';
export * from './excerpts.ts';
export * from './jws-profile.ts';
export * from './pure-hashing.ts';
export * from './statement.ts';
export * from './trust-list.ts';
export * from './whole-file.ts';
