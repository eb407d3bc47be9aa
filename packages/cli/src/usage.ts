import type { CommanderError } from 'commander';
import type { Words } from './words/words.ts';

/** commander's English sentence about a wrong call, in the user's language. */
export const usageSentence = (error: CommanderError, { usage }: Words): string => {
  const named = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const sentence = SENTENCES[error.code]?.(usage, named) ?? usage.other(error.message.replace(/^error: /, ''));
  return `${sentence} ${usage.hint}`;
};

const SENTENCES: Readonly<Record<string, (usage: Words['usage'], named: string) => string>> = {
  'commander.unknownOption': (usage, named) => usage.unknownOption(named),
  'commander.unknownCommand': (usage, named) => usage.unknownCommand(named),
  'commander.missingArgument': (usage, named) => usage.missingArgument(named),
  'commander.optionMissingArgument': (usage, named) => usage.missingValue(named),
};
