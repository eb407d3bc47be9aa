import { type ByteSource, LabelError, type Splice } from '@aigc-label/core';

const WINDOW_BYTES = 1 << 18;
/** Metadata and previews; pixels of the camera are never among what changed. */
const MAXIMUM_CHANGED_BYTES = 32 << 20;

/**
 * The one splice that makes `after` out of `before`: everything between their common beginning and their common end. No splice where they are equal.
 *
 * @throws LabelError `LIMIT_EXCEEDED` where more than 32 MiB lie between.
 */
export const differenceOf = async (before: ByteSource, after: ByteSource): Promise<readonly Splice[]> => {
  const shorter = Math.min(before.size, after.size);
  const start = await commonBytes(shorter, (at, length) => [before.read(at, length), after.read(at, length)], false);
  if (start === shorter && before.size === after.size) {
    return [];
  }
  const end = await commonBytes(
    shorter - start,
    (at, length) => [before.read(before.size - at - length, length), after.read(after.size - at - length, length)],
    true,
  );
  const changed = after.size - end - start;
  if (changed > MAXIMUM_CHANGED_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `Labelling this raw file would change ${changed} bytes of it; convert it to DNG and label that.`, {
      data: { length: changed, limitBytes: MAXIMUM_CHANGED_BYTES },
    });
  }
  return [{ at: start, remove: before.size - end - start, insert: await after.read(start, changed) }];
};

type Reading = Uint8Array | Promise<Uint8Array>;

const commonBytes = async (most: number, read: (at: number, length: number) => readonly [Reading, Reading], isBackward: boolean): Promise<number> => {
  for (let at = 0; at < most; at += WINDOW_BYTES) {
    const length = Math.min(WINDOW_BYTES, most - at);
    const [a, b] = await Promise.all(read(at, length));
    for (let step = 0; step < length; step += 1) {
      const index = isBackward ? length - 1 - step : step;
      if (a?.[index] !== b?.[index]) {
        return at + step;
      }
    }
  }
  return most;
};
