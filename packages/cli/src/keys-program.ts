import { type Command, Option } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { keysExport } from './keys-export.ts';
import { keysList } from './keys-list.ts';
import { keysNew } from './keys-new.ts';
import { keysRevoke } from './keys-revoke.ts';
import { keysRotate } from './keys-rotate.ts';
import { type KeysWords, keysWords } from './keys-words.ts';
import type { Session } from './session.ts';

/** Adds `keys` and what it can do to a program. `prepared` gives a command the program's way of helping and failing. */
export const addKeys = (program: Command, session: Session, prepared: (command: Command) => Command, finish: (code: ExitCode) => void): void => {
  const words = keysWords[session.language];
  const keys = prepared(program.command('keys')).description(words.keys).helpCommand(false).addHelpText('after', words.after);
  const add = (name: string, description: string, options: readonly KeysOption[]): Command =>
    options.reduce(
      (command, option) => command.addOption(new Option(FLAGS[option], words.options[option])),
      prepared(keys.command(name)).description(description),
    );
  add('new', words.create, ['names', 'algorithm', 'notBefore', 'expires', ...COMMON]).action(async (flags) => finish(await keysNew(flags, session)));
  add('list', words.list, COMMON).action(async (flags) => finish(await keysList(flags, session)));
  add('rotate', words.rotate, ['notBefore', 'expires', ...COMMON])
    .argument('<key>', words.keyId)
    .action(async (key: string, flags) => finish(await keysRotate(key, flags, session)));
  add('revoke', words.revoke, ['reason', 'at', ...COMMON])
    .argument('<key>', words.keyId)
    .action(async (key: string, flags) => finish(await keysRevoke(key, flags, session)));
  add('export', words.export, ['outFile', 'overwrite', ...COMMON]).action(async (flags) => finish(await keysExport(flags, session)));
};

type KeysOption = keyof KeysWords['options'];

const COMMON: readonly KeysOption[] = ['folder', 'json', 'lang'];

const FLAGS: Readonly<Record<KeysOption, string>> = {
  algorithm: '-a, --algorithm <algorithm>',
  names: '--names <names>',
  notBefore: '--not-before <time>',
  expires: '--expires <time>',
  at: '--at <time>',
  reason: '--reason <text>',
  folder: '--folder <folder>',
  outFile: '-o, --out-file <file>',
  overwrite: '--overwrite',
  json: '--json',
  lang: '--lang <language>',
};
