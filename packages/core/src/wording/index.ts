export type { ActionWords, CheckWords, Facts, IntegrityWords, Language, Wording } from './wording.ts';
export * from './wordings.ts';
