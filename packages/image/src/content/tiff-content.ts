// TIFF, DNG and raw files shaped like TIFF: what a signed digest covers (spec/content/tiff.md).
import { type Tiff, type TiffDirectory, type TiffEntry, type TiffHeader, tiffEntryBytes, tiffNumber } from '@aigc-label/containers';
import {
  type ByteRange,
  type ByteSource,
  type ContentPart,
  type ContentPiece,
  type ContentPlan,
  concat,
  damaged,
  joinedRanges,
  LabelError,
  viewOf,
} from '@aigc-label/core';
import { surveyTiff } from '../tiff/survey.ts';
import { renderingPart } from './content-parts.ts';
import { ClaimedStretches, speakingGaps } from './tiff-gaps.ts';
import { stretchesOf, tiffMetadata } from './tiff-metadata.ts';
import { type PixelTable, pixelStretches, pixelTables } from './tiff-pixels.ts';

const METHOD = 'tiff-1';

/** Entries that point to directories: pictures below a page, Exif, GPS, interoperability, global parameters. */
const POINTERS: ReadonlySet<number> = new Set([0x014a, 0x8769, 0x8825, 0xa005, 0x0190]);

/**
 * The content of a TIFF file: every entry of every directory by what it says, wherever it stands, pixels in the order of their tables, and what nothing points to.
 *
 * @throws LabelError `FILE_DAMAGED` where a directory or pixels leave the file, `LIMIT_EXCEEDED` for more directories than are read.
 */
export const tiffContent = async (source: ByteSource): Promise<ContentPlan> => {
  const survey = await surveyTiff(source);
  const { tiff, tail } = survey;
  refuseBroken(tiff);
  const { entries: omitted, xmp } = await tiffMetadata(source, survey);
  const tables = new Map(tiff.directories.map((directory) => [directory, pixelTables(source, directory)]));
  const all = [...tables.values()].flat();
  const values = stretchesOf(omitted);
  const carriers = joinedRanges([
    ...values,
    ...[...omitted].map(({ at }) => ({ start: at, end: at + tiffEntryBytes(tiff.header) })),
    ...(tail === undefined ? [] : [{ start: tail.start, end: source.size }]),
  ]);
  const gaps = await speakingGaps(source, tiff, (await claimed(source, tiff, all, tail?.start)).gaps(source.size));
  const numbers = new Map(tiff.directories.map(({ at }, index) => [at, index]));
  const parts: ContentPart[] = [
    { name: 'header', pieces: [{ start: 0, end: tiff.header.pointerAt }] },
    ...tiff.directories.map((directory, index) => ({
      name: `${index} ${directory.site}`,
      pieces: () => directoryPieces(source, tiff.header, numbers, directory, omitted, tables.get(directory) ?? []),
    })),
    { name: 'pixels', pieces: () => pixelStretches(source, tiff.header, all), isPerceived: true },
    { name: 'unclaimed', pieces: gaps.flatMap((gap) => [u64(gap.end - gap.start), gap]) },
    renderingPart([], xmp),
  ];
  return { method: METHOD, parts, carriers };
};

const refuseBroken = ({ directories, isLimited, header }: Tiff): void => {
  if (isLimited) {
    throw new LabelError('LIMIT_EXCEEDED', 'The TIFF has more directories than can be read safely; save it again without them.', {
      data: { site: 'tiff' },
    });
  }
  const broken = directories.length === 0 ? { at: header.first, site: 'ifd0' } : directories.find(({ isComplete }) => !isComplete);
  if (broken !== undefined) {
    throw damaged(`tiff/${broken.site}`, broken.at, 'the directory does not lie inside the file');
  }
};

/** Everything that something points to. */
const claimed = async (
  source: ByteSource,
  { header, directories }: Tiff,
  tables: readonly PixelTable[],
  tailAt: number | undefined,
): Promise<ClaimedStretches> => {
  const stretches = new ClaimedStretches();
  const fixed = [{ start: 0, end: header.pointerAt + header.offsetBytes }, ...directories.slice(0, 1).map(({ at, end }) => ({ start: at, end }))];
  // Labelling writes these anew: what lies upon them would be another content afterwards.
  const add = (stretch: ByteRange): void => {
    if (fixed.some(({ start, end }) => stretch.start < end && start < stretch.end)) {
      throw damaged('tiff', stretch.start, 'a value or pixels lie upon the header or the first directory');
    }
    stretches.add(stretch);
  };
  stretches.add({ start: 0, end: header.pointerAt + header.offsetBytes });
  for (const { at, end, entries } of directories) {
    stretches.add({ start: at, end });
    for (const { isInline, valueAt, sizeBytes, tag } of entries) {
      if (!isInline) {
        if (valueAt + sizeBytes > source.size) {
          throw damaged('tiff', at, `the value of tag ${tag} is announced beyond the end of the file`);
        }
        add({ start: valueAt, end: valueAt + sizeBytes });
      }
    }
  }
  for await (const stretch of pixelStretches(source, header, tables)) {
    add(stretch);
  }
  if (tailAt !== undefined) {
    stretches.add({ start: tailAt, end: source.size });
  }
  return stretches;
};

/** The entries of a directory in their order, each with its value, and which directory comes next. */
async function* directoryPieces(
  source: ByteSource,
  header: TiffHeader,
  numbers: DirectoryNumbers,
  directory: TiffDirectory,
  omitted: ReadonlySet<TiffEntry>,
  tables: readonly PixelTable[],
): AsyncIterable<ContentPiece> {
  const entries = directory.entries.filter((entry) => !omitted.has(entry));
  const fieldBytes = header.offsetBytes;
  yield u64(entries.length);
  for (const entry of entries) {
    yield { start: entry.at, end: entry.at + 4 + fieldBytes };
    const field = { start: entry.at + 4 + fieldBytes, end: entry.at + 4 + 2 * fieldBytes };
    if (tables.some(({ offsets }) => offsets === entry)) {
      yield OFFSETS;
      if (entry.isInline) {
        yield* unused(field, entry);
      }
    } else if (isPointer(source, entry)) {
      yield await directoriesOf(source, header, numbers, entry);
      if (entry.isInline) {
        yield* unused(field, entry);
      }
    } else if (entry.isInline) {
      yield INLINE;
      yield field;
    } else {
      yield VALUE;
      yield { start: entry.valueAt, end: entry.valueAt + entry.sizeBytes };
    }
  }
  yield NEXT;
  yield directory.kind === 'page' ? directoryNumber(numbers, directory.next) : { start: directory.end - fieldBytes, end: directory.end };
}

const [OFFSETS, INLINE, VALUE, NEXT] = [...'oivn'].map((letter) => Uint8Array.of(letter.charCodeAt(0))) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** What of a field the number in it does not use. */
const unused = ({ end }: ByteRange, { valueAt, sizeBytes }: TiffEntry): readonly ByteRange[] => [{ start: valueAt + sizeBytes, end }];

const isPointer = (source: ByteSource, { tag, type, count, valueAt, sizeBytes }: TiffEntry): boolean =>
  POINTERS.has(tag) && [4, 13, 16, 18].includes(type) && count > 0 && valueAt + sizeBytes <= source.size;

/** Which directories an entry points to, by their numbers in the walk. */
const directoriesOf = async (
  source: ByteSource,
  header: TiffHeader,
  numbers: DirectoryNumbers,
  { count, sizeBytes, valueAt }: TiffEntry,
): Promise<Uint8Array> => {
  const size = (sizeBytes / count) as 4 | 8;
  const bytes = await source.read(valueAt, sizeBytes);
  return concat(
    Uint8Array.of(0x70),
    ...Array.from({ length: count }, (_, index) => directoryNumber(numbers, tiffNumber(bytes, index * size, size, header.isLittleEndian))),
  );
};

/** Where directories stand, and their numbers in the walk. */
type DirectoryNumbers = ReadonlyMap<number, number>;

/** Its number from 1, 0 for none; an offset at which there is none counts as it stands. */
const directoryNumber = (numbers: DirectoryNumbers, at: number): Uint8Array => {
  const index = numbers.get(at);
  return index !== undefined ? concat(Uint8Array.of(1), u64(index + 1)) : concat(Uint8Array.of(0), u64(at));
};

const u64 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(value));
  return bytes;
};
