import { EXIT, type ExitCode } from './exit-codes.ts';
import { showKey } from './keys-render.ts';
import { type KeysFlags, openKeys } from './keys-session.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';

/** `aigc-label keys list`. @throws LabelError as `listKeys` does. */
export const keysList = async (flags: KeysFlags, called: Session): Promise<ExitCode> => {
  const opened = await openKeys(flags, called);
  const { keys, words, session, folder, isJson } = opened;
  const found = await keys.listKeys();
  for (const key of found) {
    await showKey(key, opened);
  }
  if (found.length === 0 && !isJson) {
    await session.err.line(words.none(printable(folder)));
  }
  return EXIT.fine;
};
