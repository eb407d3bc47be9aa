import { stat } from 'node:fs/promises';
import { UsageError } from './failure.ts';
import { STANDARD_INPUT } from './inputs.ts';
import type { Destination } from './outputs.ts';
import type { Session } from './session.ts';

/** The flags that say where labelled files go. */
export interface DestinationFlags {
  readonly out?: string;
  readonly outFile?: string;
  readonly inPlace?: boolean;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

/** Where the labelled files of a run go. @throws UsageError where that is not said, or said twice, or cannot be. */
export const destinationOf = async (args: readonly string[], flags: DestinationFlags, { words: { usage }, out }: Session): Promise<Destination> => {
  const { out: folder, outFile: file, inPlace = false, json = false, dryRun = false } = flags;
  if ([folder !== undefined, file !== undefined, inPlace].filter(Boolean).length > 1) {
    throw new UsageError(usage.oneDestination);
  }
  if (args.includes(STANDARD_INPUT)) {
    return standardInputTo(args, flags, { isTerminal: out.isTerminal, json, dryRun }, usage);
  }
  if (file !== undefined) {
    return { kind: 'file', file };
  }
  if (folder !== undefined) {
    const isOther = await stat(folder).then(
      (entry) => !entry.isDirectory(),
      () => false,
    );
    if (isOther) {
      throw new UsageError(usage.outIsNoFolder(folder));
    }
    return { kind: 'folder', folder };
  }
  if (!inPlace) {
    throw new UsageError(usage.noDestination);
  }
  return { kind: 'in-place' };
};

const standardInputTo = (
  args: readonly string[],
  { out: folder, outFile: file, inPlace = false }: DestinationFlags,
  { isTerminal, json, dryRun }: { readonly isTerminal: boolean; readonly json: boolean; readonly dryRun: boolean },
  usage: Session['words']['usage'],
): Destination => {
  if (args.length > 1) {
    throw new UsageError(usage.standardInputAlone);
  }
  if (folder !== undefined || inPlace) {
    throw new UsageError(usage.standardInputTarget);
  }
  if (file !== undefined) {
    return { kind: 'file', file };
  }
  if (!dryRun && json) {
    throw new UsageError(usage.jsonNeedsFile);
  }
  if (!dryRun && isTerminal) {
    throw new UsageError(usage.terminalOutput);
  }
  return { kind: 'standard-output' };
};
