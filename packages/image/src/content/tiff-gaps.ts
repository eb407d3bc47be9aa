// What in a TIFF file nothing points to (spec/content/tiff.md §5).
import { encodeTiffNumber, type Tiff, tiffCountBytes, tiffEntryBytes } from '@aigc-label/containers';
import { type ByteRange, type ByteSource, concat, LabelError, startsWith } from '@aigc-label/core';
import { XMP_TAG } from '../tiff/survey.ts';

/** Stretches that are kept in memory; a picture of a hundred thousand scattered tiles still fits. */
const MAXIMUM_STRETCHES = 1 << 20;
const WINDOW_BYTES = 1 << 18;

/** Gathers what something points to. */
export class ClaimedStretches {
  readonly #stretches: { start: number; end: number }[] = [];

  /** @throws LabelError `LIMIT_EXCEEDED` where there are too many. */
  add({ start, end }: ByteRange): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && start >= last.start && start <= last.end) {
      last.end = Math.max(last.end, end);
      return;
    }
    if (this.#stretches.length === MAXIMUM_STRETCHES) {
      throw new LabelError('LIMIT_EXCEEDED', `The file has more than ${MAXIMUM_STRETCHES} scattered pieces; save it again.`, {
        data: { site: 'tiff', limit: MAXIMUM_STRETCHES },
      });
    }
    this.#stretches.push({ start, end });
  }

  /** What lies between them. */
  gaps(size: number): readonly ByteRange[] {
    const found: ByteRange[] = [];
    let position = 0;
    for (const { start, end } of this.#stretches.toSorted((a, b) => a.start - b.start)) {
      if (start > position) {
        found.push({ start: position, end: start });
      }
      position = Math.max(position, end);
    }
    return position < size ? [...found, { start: position, end: size }] : found;
  }
}

/**
 * The gaps that hold anything but zeros, without the zeros around it, and without the table of IFD0 that labelling has written anew elsewhere: it must be the present one
 * byte for byte, but for the entry of XMP.
 */
export const speakingGaps = async (source: ByteSource, tiff: Tiff, gaps: readonly ByteRange[]): Promise<readonly ByteRange[]> => {
  const former = await formerTable(source, tiff);
  const found: ByteRange[] = [];
  let isFound = former === undefined;
  for (const gap of gaps) {
    const at = isFound || former === undefined ? undefined : await placeOf(source, gap, former);
    isFound ||= at !== undefined;
    const parts =
      at === undefined || former === undefined
        ? [gap]
        : [
            { start: gap.start, end: at },
            { start: at + former.length, end: gap.end },
          ];
    for (const part of parts) {
      const start = await firstSpeaking(source, part);
      if (start < part.end) {
        found.push({ start, end: await lastSpeaking(source, { start, end: part.end }) });
      }
    }
  }
  return found;
};

const formerTable = async (source: ByteSource, { header, directories }: Tiff): Promise<Uint8Array | undefined> => {
  const [first] = directories;
  const index = first?.entries.findIndex(({ tag }) => tag === XMP_TAG) ?? -1;
  if (first === undefined || index < 0) {
    return undefined;
  }
  const [countBytes, entryBytes] = [tiffCountBytes(header), tiffEntryBytes(header)];
  const table = await source.read(first.at + countBytes, first.end - first.at - countBytes);
  const count = encodeTiffNumber(first.entries.length - 1, countBytes, header.isLittleEndian);
  return concat(count, table.subarray(0, index * entryBytes), table.subarray((index + 1) * entryBytes));
};

/** Where these bytes stand in a stretch. */
const placeOf = async (source: ByteSource, { start, end }: ByteRange, sought: Uint8Array): Promise<number | undefined> => {
  for (let position = start; position + sought.length <= end; position += WINDOW_BYTES) {
    const bytes = await source.read(position, Math.min(WINDOW_BYTES + sought.length - 1, end - position));
    for (
      let at = bytes.indexOf(sought[0] as number);
      at >= 0 && at + sought.length <= bytes.length;
      at = bytes.indexOf(sought[0] as number, at + 1)
    ) {
      if (startsWith(bytes.subarray(at, at + sought.length), sought)) {
        return position + at;
      }
    }
  }
  return undefined;
};

const firstSpeaking = async (source: ByteSource, { start, end }: ByteRange): Promise<number> => {
  for (let position = start; position < end; position += WINDOW_BYTES) {
    const index = (await source.read(position, Math.min(WINDOW_BYTES, end - position))).findIndex((byte) => byte !== 0);
    if (index >= 0) {
      return position + index;
    }
  }
  return end;
};

const lastSpeaking = async (source: ByteSource, { start, end }: ByteRange): Promise<number> => {
  for (let position = end; position > start; position -= WINDOW_BYTES) {
    const from = Math.max(start, position - WINDOW_BYTES);
    const index = (await source.read(from, position - from)).findLastIndex((byte) => byte !== 0);
    if (index >= 0) {
      return from + index + 1;
    }
  }
  return start;
};
