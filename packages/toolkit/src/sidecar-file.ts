import { rm } from 'node:fs/promises';
import { LabelError, SIDECAR_SUFFIX, type SidecarReader } from '@aigc-label/core';
import { openFileSource, writeAtomically } from '@aigc-label/files';

/** A sidecar is a page of text. Larger ones are none of ours, and are not read. */
const MAXIMUM_SIDECAR_BYTES = 1 << 20;

/** Where a file's sidecar stands. */
export const sidecarPathOf = (path: string): string => `${path}${SIDECAR_SUFFIX}`;

/** A file's sidecar, or `undefined` where it has none that can be read. @throws LabelError `NO_PERMISSION`, `IO_FAILED`. */
export const readSidecarOf = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    const source = await openFileSource(sidecarPathOf(path));
    try {
      return source.size > MAXIMUM_SIDECAR_BYTES ? undefined : (await source.read(0, source.size)).slice();
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof LabelError && (error.code === 'NOT_FOUND' || error.code === 'NOT_A_FILE')) {
      return undefined;
    }
    throw error;
  }
};

/** A sidecar in memory, or how to get it, as an option. */
export const sidecarOf = (sidecar: Uint8Array | SidecarReader | undefined): { readonly sidecar?: SidecarReader } =>
  sidecar === undefined ? {} : { sidecar: typeof sidecar === 'function' ? sidecar : async () => sidecar };

/** How a sidecar is put in place. */
export interface SidecarWriteOptions {
  readonly mode: number;
  readonly mayReplace: boolean;
  readonly isDurable: boolean;
  readonly makesFolders: boolean;
}

/**
 * Writes a sidecar atomically; one that says the same already stays. Gives back how to undo it, for where the file itself cannot be put in place.
 *
 * @throws LabelError `OUTPUT_EXISTS` where there is another and `mayReplace` is not set, and as `writeAtomically` does.
 */
export const writeSidecar = async (path: string, bytes: Uint8Array, options: SidecarWriteOptions): Promise<() => Promise<void>> => {
  const before = await readSidecarOf(path);
  if (before !== undefined && Buffer.compare(before, bytes) === 0) {
    return async () => undefined;
  }
  await put(path, bytes, options);
  return async () => {
    await (before === undefined ? rm(sidecarPathOf(path), { force: true }) : put(path, before, { ...options, mayReplace: true }));
  };
};

const put = (path: string, bytes: Uint8Array, options: SidecarWriteOptions): Promise<void> =>
  writeAtomically(
    sidecarPathOf(path),
    async (file, disk) => {
      for (let start = 0; start < bytes.length; ) {
        start += await disk.write(file, bytes.subarray(start), start);
      }
    },
    options,
  );
