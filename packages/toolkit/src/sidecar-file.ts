import { lstatSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { LabelError, SIDECAR_SUFFIX, type SidecarReader } from '@aigc-label/core';
import { fileError, openFileSource, writeAtomically } from '@aigc-label/files';

/** Where a file's sidecar stands. */
export const sidecarPathOf = (path: string): string => `${path}${SIDECAR_SUFFIX}`;

/** A file's sidecar, or `undefined` where it has none that is a file. @throws LabelError `LIMIT_EXCEEDED` where it is larger than XMP may be, `NO_PERMISSION`, `IO_FAILED`. */
export const readSidecarOf = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    const source = await openFileSource(sidecarPathOf(path));
    try {
      if (source.size > XMP_LIMIT_BYTES) {
        throw new LabelError(
          'LIMIT_EXCEEDED',
          `The sidecar ${JSON.stringify(source.path)} has ${source.size} bytes; at most ${XMP_LIMIT_BYTES} are read.`,
          {
            data: { path: source.path, site: 'sidecar', length: source.size, limitBytes: XMP_LIMIT_BYTES },
          },
        );
      }
      return (await source.read(0, source.size)).slice();
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof LabelError && (error.code === 'NOT_FOUND' || error.code === 'NOT_A_FILE' || isNameTooLong(error))) {
      return undefined;
    }
    throw error;
  }
};

/** A name that no file can have is no sidecar's. */
const isNameTooLong = ({ data }: LabelError): boolean => data['systemCode'] === 'ENAMETOOLONG';

/** A sidecar in memory, or how to get it, as an option. */
export const sidecarOf = (sidecar: Uint8Array | SidecarReader | undefined): { readonly sidecar?: SidecarReader } =>
  sidecar === undefined ? {} : { sidecar: typeof sidecar === 'function' ? sidecar : async () => sidecar };

/** What stands where a sidecar is to stand. */
export interface SidecarPlace {
  /** Of the content that the sidecar belongs to. */
  readonly path: string;
  /** `undefined` where nothing stands there. */
  readonly present: { readonly bytes: Uint8Array; readonly stats: Stats } | undefined;
}

/**
 * Looks at the place for the sidecar of a file, before anything is written.
 *
 * @param mayReplace is asked for the sidecar that stands there.
 * @throws LabelError `NOT_A_FILE` for a link, folder, pipe or device, `IO_FAILED` where the name is too long, `OUTPUT_EXISTS`, and as `readSidecarOf` does.
 */
export const sidecarPlace = async (path: string, mayReplace: (present: Uint8Array) => boolean): Promise<SidecarPlace> => {
  const sidecar = sidecarPathOf(path);
  const stats = statsOf(sidecar);
  if (stats === undefined) {
    return { path, present: undefined };
  }
  if (!stats.isFile()) {
    throw new LabelError('NOT_A_FILE', `The sidecar ${JSON.stringify(sidecar)} is a link, or no regular file; move it away.`, {
      data: { path: sidecar, isSidecar: true },
    });
  }
  const bytes = await readSidecarOf(path);
  if (bytes !== undefined && !mayReplace(bytes)) {
    throw new LabelError('OUTPUT_EXISTS', `${JSON.stringify(sidecar)} exists already; choose another place or allow overwriting.`, {
      data: { path: sidecar },
    });
  }
  return { path, present: bytes === undefined ? undefined : { bytes, stats } };
};

const statsOf = (path: string): Stats | undefined => {
  try {
    return lstatSync(path);
  } catch (error) {
    const failure = fileError(error, path);
    if (failure instanceof LabelError && failure.code === 'NOT_FOUND') {
      return undefined;
    }
    throw failure;
  }
};

/** How a sidecar is put in place. */
export interface SidecarWriteOptions {
  /** Permission bits of a new one; one that is replaced keeps its own. */
  readonly mode: number;
  readonly isDurable: boolean;
  readonly makesFolders: boolean;
}

/**
 * Writes a sidecar atomically; one that says the same already stays.
 *
 * @throws LabelError `OUTPUT_EXISTS` where somebody put one there meanwhile, and as `writeAtomically` does.
 */
export const writeSidecar = async (place: SidecarPlace, bytes: Uint8Array, options: SidecarWriteOptions): Promise<void> => {
  if (!isSame(place.present?.bytes, bytes)) {
    await put(place, bytes, options);
  }
};

/**
 * Undoes `writeSidecar`, for where the file itself cannot be put in place; what stands there and is not `bytes` stays, because it was never replaced.
 *
 * @throws LabelError as `writeAtomically` does.
 */
export const restoreSidecar = async (place: SidecarPlace, bytes: Uint8Array, options: SidecarWriteOptions): Promise<void> => {
  const { path, present } = place;
  if (!isSame(await readSidecarOf(path), bytes)) {
    return;
  }
  await (present === undefined ? rm(sidecarPathOf(path), { force: true }) : put(place, present.bytes, options));
};

/** Whether two sidecars are the same, byte for byte; two that are not there are. */
export const isSame = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;

const put = ({ path, present }: SidecarPlace, bytes: Uint8Array, { mode, ...options }: SidecarWriteOptions): Promise<void> =>
  writeAtomically(
    sidecarPathOf(path),
    async (file, disk) => {
      for (let start = 0; start < bytes.length; ) {
        start += await disk.write(file, bytes.subarray(start), start);
      }
    },
    { ...options, mayReplace: present !== undefined, ...(present === undefined ? { mode } : { mode: present.stats.mode, owner: present.stats }) },
  );
