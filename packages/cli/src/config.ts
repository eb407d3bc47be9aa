import { join } from 'node:path';
import { LabelError, type Language, openFileSource } from 'aigc-label';
import { parse } from 'yaml';
import { z } from 'zod';
import { flagOf, MODEL_RULE, NOTICE_RULE, SETTING_NAMES, type Settings, settingsSchema, variableOf } from './settings.ts';
import { allWords } from './words/words.ts';

/** Looked for in the working folder, in this order; the first that exists is read. */
export const CONFIG_NAMES: readonly string[] = ['aigc-label.config.yaml', 'aigc-label.config.yml', 'aigc-label.config.json'];

/** A config file is a page of text. */
const MAXIMUM_CONFIG_BYTES = 1 << 20;

/** Where settings come from. */
export interface ConfigSources {
  /** What the flags say; `config` names a file. Other names than settings are passed over. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly language: Language;
}

/**
 * All settings: the config file, overridden by the environment, overridden by flags.
 *
 * @throws LabelError `CONFIG_INVALID` with `data.place`, `data.key` and `data.problem`; `NOT_FOUND` and the like where the file that was named cannot be read.
 */
export const loadSettings = async ({ flags, env, folder, language }: ConfigSources): Promise<Settings> => {
  z.config(language === 'zh' ? z.locales.zhCN() : z.locales.en());
  const named = textOf(flags['config']) ?? env['AIGC_LABEL_CONFIG'];
  const fromFile = await readConfig(named, folder);
  const fromEnv = pick((name) => env[variableOf(name)] || undefined);
  const fromFlags = pick((name) => flags[name]);
  return {
    ...(fromFile === undefined ? {} : checked(fromFile.value, (key) => ({ place: fromFile.path, key }), language)),
    ...checked(fromEnv, (key) => ({ place: variableOf(key), key: '' }), language),
    ...checked(fromFlags, (key) => ({ place: flagOf(key), key: '' }), language),
  };
};

const pick = (read: (name: string) => unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, read(name)]).filter(([, value]) => value !== undefined));

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const checked = (value: unknown, placeOf: (key: string) => { readonly place: string; readonly key: string }, language: Language): Settings => {
  const result = settingsSchema.safeParse(value ?? {});
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const key = issue?.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : String(issue?.path[0] ?? '');
  const { place, key: shown } = placeOf(key);
  const { noticeRule, modelRule } = allWords[language].usage;
  const problem = issue?.message ?? '';
  throw invalid(place, shown, problem === NOTICE_RULE ? noticeRule : problem === MODEL_RULE ? modelRule : problem);
};

const readConfig = async (named: string | undefined, folder: string): Promise<{ readonly path: string; readonly value: unknown } | undefined> => {
  for (const path of named === undefined ? CONFIG_NAMES : [named]) {
    const text = await readText(named === undefined ? join(folder, path) : path).catch((error: unknown) => {
      if (named === undefined && error instanceof LabelError && error.code === 'NOT_FOUND') {
        return undefined;
      }
      throw error;
    });
    if (text !== undefined) {
      return { path, value: parsed(text, path) };
    }
  }
  return undefined;
};

const readText = async (path: string): Promise<string> => {
  const source = await openFileSource(path);
  try {
    if (source.size > MAXIMUM_CONFIG_BYTES) {
      throw invalid(path, '', `> ${MAXIMUM_CONFIG_BYTES} bytes`);
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await source.read(0, source.size));
  } finally {
    source.close();
  }
};

const parsed = (text: string, path: string): unknown => {
  try {
    return path.endsWith('.json') ? JSON.parse(text) : parse(text, { prettyErrors: true });
  } catch (error) {
    throw invalid(path, '', error instanceof Error ? (error.message.split('\n')[0] ?? '') : '', error);
  }
};

const invalid = (place: string, key: string, problem: string, cause?: unknown): LabelError =>
  new LabelError('CONFIG_INVALID', `${place}: ${key} is not valid: ${problem}`, { data: { place, key, problem }, cause });
