import { writeAtomically } from 'aigc-label';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type KeysFlags, openKeys } from './keys-session.ts';
import { printable, printableJson } from './printable.ts';
import type { Session } from './session.ts';

/** The flags of `keys export`. */
export interface KeysExportFlags extends KeysFlags {
  readonly outFile?: string;
  readonly overwrite?: boolean;
}

/** The trust list is there for others to read. */
const PUBLIC_MODE = 0o644;

/** `aigc-label keys export`. @throws LabelError as `exportTrust` and writing do. */
export const keysExport = async (flags: KeysExportFlags, called: Session): Promise<ExitCode> => {
  const { keys, words, session, isJson } = await openKeys(flags, called);
  const text = await keys.exportTrust();
  const list = JSON.parse(text) as { readonly keys: readonly unknown[] };
  const { outFile } = flags;
  if (outFile === undefined) {
    await session.out.line(isJson ? printableJson(list) : text.trimEnd());
    return EXIT.fine;
  }
  const bytes = new TextEncoder().encode(text);
  await writeAtomically(outFile, async (file, disk) => void (await disk.write(file, bytes, 0)), {
    mode: PUBLIC_MODE,
    mayReplace: flags.overwrite === true,
  });
  await session.out.line(isJson ? printableJson({ output: outFile, keys: list.keys.length }) : words.exported(printable(outFile), list.keys.length));
  return EXIT.fine;
};
