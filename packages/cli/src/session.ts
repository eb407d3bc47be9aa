import { type Language, type Wording, wordings } from 'aigc-label';
import type { Screen } from './screen.ts';
import type { Settings } from './settings.ts';
import type { Stop } from './stop.ts';
import { allWords, type Words } from './words/words.ts';

/** What every command is given: the language, the two screens, and the world around the process. */
export interface Session {
  readonly language: Language;
  readonly words: Words;
  readonly wording: Wording;
  /** Standard output: results. */
  readonly out: Screen;
  /** Standard error: problems, progress, summaries of results that go elsewhere. */
  readonly err: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly stop: Stop;
}

/** The sentences of a language. */
export const speak = (language: Language): Pick<Session, 'language' | 'words' | 'wording'> => ({
  language,
  words: allWords[language],
  wording: wordings[language],
});

/** The session in the language that the settings ask for, if they do. */
export const sessionFor = (session: Session, { lang }: Settings): Session => (lang === undefined ? session : { ...session, ...speak(lang) });
