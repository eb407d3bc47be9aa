// Which entries of a TIFF file a signed digest leaves out (spec/content/tiff.md §3): a closed list of texts about a picture, and XMP.
import { occupantOf, type Tiff, type TiffDirectory, type TiffEntry, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { type ByteRange, type ByteSource, joinedRanges } from '@aigc-label/core';
import type { TiffSurvey } from '../tiff/survey.ts';
import { XMP_TAG } from '../tiff/survey.ts';
import { xmpRendering } from './xmp-rendering.ts';

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const UNDEFINED = 7;
const UTF8 = 129;

/** Text about a page: DocumentName, Software, DateTime, Artist, HostComputer, Copyright. */
const PAGE_TEXTS: ReadonlySet<number> = new Set([269, 305, 306, 315, 316, 33_432]);
/** Text in Exif data: when a picture was taken and digitised, with the parts of seconds and the zones. */
const EXIF_TEXTS: ReadonlySet<number> = new Set([36_867, 36_868, 36_880, 36_881, 36_882, 37_520, 37_521, 37_522]);
/** Windows' title, comment, author, keywords and subject, in UTF-16, and its stars. */
const WINDOWS_TEXTS: ReadonlySet<number> = new Set([40_091, 40_092, 40_093, 40_094, 40_095]);
const WINDOWS_STARS: ReadonlySet<number> = new Set([18_246, 18_249]);
/** ImageDescription and UserComment: programs keep the axes of stacks there; only a label, or what a label leaves behind, is left out. */
const DESCRIPTIONS: ReadonlySet<number> = new Set([270, 37_510]);

/** The longest text that is left out, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;
/** Entries that are left out; those beyond it are content. */
const MAXIMUM_ENTRIES = 4_096;
/** Entries that are looked at one by one where they share bytes with something. */
const MAXIMUM_SHARED = 16;

/** What is left out of a file. */
export interface TiffMetadata {
  readonly entries: ReadonlySet<TiffEntry>;
  /** Values of XMP that steer rendering. */
  readonly xmp: readonly string[];
}

/** Finds the entries that are left out: each in bytes of its own, and what it says it is. */
export const tiffMetadata = async (source: ByteSource, { tiff, texts }: TiffSurvey): Promise<TiffMetadata> => {
  const labels = new Set(texts.map(({ text }) => text.entry));
  const found = new Map<TiffEntry, string>();
  let left = XMP_LIMIT_BYTES;
  for (const directory of tiff.directories) {
    for (const entry of directory.entries) {
      if (found.size === MAXIMUM_ENTRIES || entry.count === 0 || entry.sizeBytes > left || entry.valueAt + entry.sizeBytes > source.size) {
        continue;
      }
      if (!isCandidate(directory, entry)) {
        continue;
      }
      left -= entry.sizeBytes;
      const value = await saidBy(source, entry, labels);
      if (value !== undefined) {
        found.set(entry, value);
      }
    }
  }
  const entries = await alone(source, tiff, [...found.keys()]);
  return { entries, xmp: [...found].filter(([entry]) => entry.tag === XMP_TAG && entries.has(entry)).map(([, value]) => value) };
};

const isCandidate = ({ kind }: TiffDirectory, { tag, type, sizeBytes }: TiffEntry): boolean => {
  const isPicture = kind === 'page' || kind === 'sub';
  if (tag === XMP_TAG) {
    return isPicture && (type === BYTE || type === UNDEFINED);
  }
  if (sizeBytes > MAXIMUM_TEXT_BYTES) {
    return false;
  }
  const isText = type === ASCII || type === UTF8;
  return isPicture
    ? (isText && (PAGE_TEXTS.has(tag) || tag === 270)) || (type === BYTE && WINDOWS_TEXTS.has(tag)) || (type === SHORT && WINDOWS_STARS.has(tag))
    : kind === 'exif' && ((isText && EXIF_TEXTS.has(tag)) || ((type === UNDEFINED || isText) && tag === 37_510));
};

/** What an entry says of rendering; `undefined` where it is not what its tag says. */
const saidBy = async (source: ByteSource, entry: TiffEntry, labels: ReadonlySet<TiffEntry>): Promise<string | undefined> => {
  const bytes = await source.read(entry.valueAt, entry.sizeBytes);
  if (entry.tag === XMP_TAG) {
    return xmpRendering(bytes);
  }
  const isText = DESCRIPTIONS.has(entry.tag)
    ? labels.has(entry) || isBlank(bytes)
    : WINDOWS_STARS.has(entry.tag) || WINDOWS_TEXTS.has(entry.tag) || isPrintable(bytes);
  return isText ? '' : undefined;
};

/** Spaces, perhaps behind a character code. */
const isBlank = (bytes: Uint8Array): boolean => {
  const code = String.fromCharCode(...bytes.subarray(0, 8));
  const text = bytes.subarray(/^(?:ASCII\0\0\0|UNICODE\0|\0{8})$/.test(code) ? 8 : 0);
  return text.every((byte) => byte === 0x20 || byte === 0);
};

/** No control characters but line ends and tabs, and zeros at the end. */
const isPrintable = (bytes: Uint8Array): boolean => {
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  return bytes.subarray(0, end).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
};

/** Those of the entries whose values share no byte with anything else of the file. */
const alone = async (source: ByteSource, tiff: Tiff, entries: readonly TiffEntry[]): Promise<ReadonlySet<TiffEntry>> => {
  const own = new Set(entries);
  if ((await occupantOf(source, tiff, stretchesOf(entries), own)) === undefined) {
    return own;
  }
  const kept = new Set<TiffEntry>();
  for (const entry of entries.slice(0, MAXIMUM_SHARED)) {
    if ((await occupantOf(source, tiff, stretchesOf([entry]), new Set([entry]))) === undefined) {
      kept.add(entry);
    }
  }
  return kept;
};

/** Where the values stand outside of their entries; what overlaps is one. */
export const stretchesOf = (entries: Iterable<TiffEntry>): readonly ByteRange[] =>
  joinedRanges([...entries].filter(({ isInline }) => !isInline).map(({ valueAt, sizeBytes }) => ({ start: valueAt, end: valueAt + sizeBytes })));
