import { ascii, type ByteSource, fromUtf8, latin1, startsWith } from '@aigc-label/core';
import type { Tiff, TiffDirectory } from './read-tiff.ts';
import type { TiffEntry } from './tiff-directory.ts';

/** A text that people and programs write into Exif data: ImageDescription or UserComment. */
export interface ExifText {
  /** `ifd0/ImageDescription`, `ifd0/exif/UserComment`. */
  readonly site: string;
  readonly entry: TiffEntry;
  /** The characters, without the character code before them, in bytes. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The bytes that make the text one of spaces, where it stands. */
  readonly blank: Uint8Array;
}

const IMAGE_DESCRIPTION = 0x010e;
const USER_COMMENT = 0x9286;
const CODE_BYTES = 8;
const ASCII_CODE = ascii('ASCII\0\0\0');
const UNICODE_CODE = ascii('UNICODE\0');
const UNDEFINED_CODE = new Uint8Array(CODE_BYTES);

/** The longest text that is read whole, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;
/** Texts that are read whole, in all, in bytes. */
const MAXIMUM_ALL_BYTES = 256 << 10;
/** Texts whose beginnings are looked at; each page may have one. */
const MAXIMUM_TEXTS = 4_096;
/** Bytes that are looked at first: microscopes put a megabyte of XML into every page. */
const PEEK_BYTES = 64;

/** The texts that were wanted. */
export interface ExifTexts {
  readonly texts: readonly ExifText[];
  /** Whether there is more than was read. */
  readonly isLimited: boolean;
}

/** ASCII, UNICODE and uncoded texts (Exif 3.0 §4.6.5, tags 270 and 37510) whose beginning `isWanted` accepts. */
export const exifTexts = async (source: ByteSource, tiff: Tiff, isWanted: (beginning: string) => boolean): Promise<ExifTexts> => {
  const texts: ExifText[] = [];
  let [left, looks, isLimited] = [MAXIMUM_ALL_BYTES, MAXIMUM_TEXTS, false];
  for (const directory of tiff.directories) {
    for (const entry of directory.entries) {
      const name = nameOf(directory, entry);
      if (name === undefined || entry.isInline) {
        continue;
      }
      if (entry.valueAt + entry.sizeBytes > source.size) {
        isLimited = true;
        continue;
      }
      looks -= 1;
      if (looks < 0) {
        return { texts, isLimited: true };
      }
      const peek = await source.read(entry.valueAt, Math.min(PEEK_BYTES, entry.sizeBytes));
      const coding = codingOf(peek, name, tiff.header.isLittleEndian, isWanted);
      if (coding === undefined) {
        continue;
      }
      if (entry.sizeBytes > Math.min(left, MAXIMUM_TEXT_BYTES)) {
        isLimited = true;
        continue;
      }
      left -= entry.sizeBytes;
      const start = entry.valueAt + coding.skipBytes;
      const end = entry.valueAt + entry.sizeBytes;
      const bytes = await source.read(start, end - start);
      texts.push({ site: `${directory.site}/${name}`, entry, start, end, text: coding.decode(bytes), blank: coding.blank(bytes) });
    }
  }
  return { texts, isLimited };
};

const nameOf = ({ kind }: TiffDirectory, { tag }: TiffEntry): string | undefined => {
  if (tag === IMAGE_DESCRIPTION && (kind === 'page' || kind === 'sub')) {
    return 'ImageDescription';
  }
  return tag === USER_COMMENT ? 'UserComment' : undefined;
};

interface Coding {
  readonly skipBytes: number;
  decode(bytes: Uint8Array): string;
  blank(bytes: Uint8Array): Uint8Array;
}

const codingOf = (peek: Uint8Array, name: string, isLittleEndian: boolean, isWanted: (beginning: string) => boolean): Coding | undefined => {
  const code = name === 'UserComment' ? peek.subarray(0, CODE_BYTES) : undefined;
  const candidates: readonly Coding[] =
    code !== undefined && startsWith(code, UNICODE_CODE)
      ? // The order of the file, as Exif has it; writers that always take the other one are common.
        [wide(isLittleEndian), wide(!isLittleEndian)]
      : [narrow(code !== undefined && (startsWith(code, ASCII_CODE) || startsWith(code, UNDEFINED_CODE)) ? CODE_BYTES : 0)];
  return candidates.find((coding) => isWanted(coding.decode(peek.subarray(coding.skipBytes))));
};

const narrow = (skipBytes: number): Coding => ({
  skipBytes,
  decode: (bytes) => fromUtf8(bytes) ?? latin1(bytes),
  blank: (bytes) => bytes.map((byte, index) => (byte === 0 && index === bytes.length - 1 ? 0 : 0x20)),
});

const wide = (isLittleEndian: boolean): Coding => ({
  skipBytes: CODE_BYTES,
  decode: (bytes) => new TextDecoder(isLittleEndian ? 'utf-16le' : 'utf-16be').decode(bytes),
  blank: (bytes) => bytes.map((_, index) => ((index % 2 === 0) === isLittleEndian ? 0x20 : 0)),
});
