import type { Language } from 'aigc-label';

/** The language of a run: `--lang`, then AIGC_LABEL_LANG, then the system's; English where none of them is Chinese. */
export const chooseLanguage = (args: readonly string[], env: Readonly<Record<string, string | undefined>>): Language => {
  const chosen = flagOf(args) ?? env['AIGC_LABEL_LANG'];
  if (chosen === 'en' || chosen === 'zh') {
    return chosen;
  }
  const system = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh\b|^zh_/i.test(system) ? 'zh' : 'en';
};

/** The flag has to be known before everything else is read, so that even a usage error is told in the right language. */
const flagOf = (args: readonly string[]): string | undefined => {
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  const joined = flags.find((arg) => arg.startsWith('--lang='));
  const at = flags.indexOf('--lang');
  return joined?.slice('--lang='.length) ?? (at === -1 ? undefined : flags[at + 1]);
};
