import { ascii, concat, damaged, LabelError, type Splice, u32be, u32le } from '@aigc-label/core';
import type { Riff } from './read-riff.ts';
import type { RiffChunk } from './walk-chunks.ts';

/** What changes in a RIFF file. */
export interface RiffEdit {
  /** Chunks of the first level that go, with their padding. */
  readonly remove?: readonly RiffChunk[];
  /** Edits inside chunks; their sizes and padding follow. */
  readonly inside?: readonly { readonly chunk: RiffChunk; readonly splices: readonly Splice[] }[];
  /** Chunks that come: before the chunk `before`, or behind the last one. Those at the same place keep their order. */
  readonly insert?: readonly { readonly before?: RiffChunk; readonly id: string; readonly data: Uint8Array }[];
}

/**
 * The splices of one edit, with the size of the whole, padding and the sizes of the chunks that were edited.
 *
 * @throws LabelError `CARRIER_FULL` where the size no longer fits its 32 bits, `FILE_DAMAGED` where padding that is no zero would be taken for a chunk in the larger file.
 */
export const editRiff = (riff: Riff, { remove = [], inside = [], insert = [] }: RiffEdit): readonly Splice[] => {
  const kept = riff.chunks.filter((chunk) => !remove.includes(chunk));
  const sizeAfter = (chunk: RiffChunk): number =>
    chunk.sizeBytes + inside.filter((edit) => edit.chunk === chunk).reduce((total, edit) => total + deltaOf(edit.splices), 0);
  // At one offset the padding of what was edited comes first, then what is new, then what goes.
  const splices = [
    ...inside.flatMap(({ chunk, splices: inner }) => resized(riff, chunk, inner)),
    ...insert.map(({ before, id, data }) => insertion(riff, kept, sizeAfter, { before, id, data })),
    ...remove.map(({ start, end }): Splice => ({ at: start, remove: end - start, insert: NOTHING })),
  ];
  const delta = deltaOf(splices);
  const doubtful = kept.find(({ doubtfulGrowth }) => doubtfulGrowth !== undefined && delta >= doubtfulGrowth);
  if (doubtful !== undefined) {
    throw damaged('riff', doubtful.end - 1, 'what pads a chunk of odd length looks like the beginning of another');
  }
  return splices.length === 0 ? [] : [...sizeSplices(riff, delta), ...splices];
};

const NOTHING = new Uint8Array();
const PADDING = Uint8Array.of(0);

const deltaOf = (splices: readonly Splice[]): number => splices.reduce((total, splice) => total + splice.insert.length - splice.remove, 0);

const u32 = (riff: Riff, value: number): Uint8Array => (riff.isBigEndian ? u32be(value) : u32le(value));

interface Insertion {
  readonly before: RiffChunk | undefined;
  readonly id: string;
  readonly data: Uint8Array;
}

const insertion = (riff: Riff, kept: readonly RiffChunk[], sizeAfter: (chunk: RiffChunk) => number, { before, id, data }: Insertion): Splice => {
  const at = before?.start ?? riff.end;
  const previous = kept.filter(({ end, start }) => end <= at && start < at).at(-1);
  // An odd chunk that forgot its padding gets it now; without, no reader would find what follows.
  const isOdd = (chunk: RiffChunk): boolean => chunk.sizeBytes % 2 === 1 && sizeAfter(chunk) % 2 === 1;
  const lacksPadding = previous !== undefined && isOdd(previous) && !previous.isPadded && !previous.isOpen;
  const chunk = concat(ascii(id), u32(riff, data.length), data, data.length % 2 === 1 ? PADDING : NOTHING);
  return { at, remove: 0, insert: lacksPadding ? concat(PADDING, chunk) : chunk };
};

const resized = (riff: Riff, chunk: RiffChunk, inner: readonly Splice[]): readonly Splice[] => {
  const delta = deltaOf(inner);
  if (delta === 0) {
    return inner;
  }
  const sizeBytes = chunk.sizeBytes + delta;
  const dataEnd = chunk.dataStart + chunk.sizeBytes;
  const padding: readonly Splice[] =
    sizeBytes % 2 === 0 && chunk.isPadded
      ? [{ at: dataEnd, remove: 1, insert: NOTHING }]
      : sizeBytes % 2 === 1 && chunk.sizeBytes % 2 === 0
        ? [{ at: dataEnd, remove: 0, insert: PADDING }]
        : [];
  return [{ at: chunk.start + 4, remove: 4, insert: u32(riff, sizeBytes) }, ...inner, ...padding];
};

/** The most that a 32-bit size can say; 0xFFFFFFFF means "unknown". */
const MAXIMUM_SIZE = 0xfffffffe;

const sizeSplices = (riff: Riff, delta: number): readonly Splice[] => {
  const { sizeField, announcedEnd } = riff;
  if (sizeField === undefined || announcedEnd === undefined) {
    return [];
  }
  // The padding of the RIFF itself becomes that of its last chunk as soon as another one follows.
  const adopted = riff.isComplete ? Math.max(0, riff.end - announcedEnd) : 0;
  const value = sizeField.value + delta + adopted;
  if (value === sizeField.value) {
    return [];
  }
  if (sizeField.widthBytes === 8) {
    const insert = new Uint8Array(8);
    new DataView(insert.buffer).setBigUint64(0, BigInt(value), true);
    return [{ at: sizeField.at, remove: 8, insert }];
  }
  if (value > MAXIMUM_SIZE) {
    throw new LabelError('CARRIER_FULL', 'The file would be larger than the 4 GiB that RIFF can address; save it as RF64 (BWF) and label that.', {
      data: { site: 'riff', sizeBytes: value, limitBytes: MAXIMUM_SIZE },
    });
  }
  return [{ at: sizeField.at, remove: 4, insert: u32(riff, value) }];
};
