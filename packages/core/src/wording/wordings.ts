import { en } from './en.ts';
import type { Language, Wording } from './wording.ts';
import { zh } from './zh.ts';

/** Every sentence, by language. */
export const wordings: Readonly<Record<Language, Wording>> = { en, zh };
