// What of Exif data steers how a picture is drawn (spec/content/image.md §2): the carrier itself is covered by nothing, these values are.
import { readTiff, readTiffHeader, type TiffDirectory, type TiffEntry, type TiffHeader, tiffNumber } from '@aigc-label/containers';
import { bytesSource, latin1 } from '@aigc-label/core';

const ORIENTATION = 0x0112;
const COLOR_SPACE = 0xa001;
const INTEROPERABILITY_INDEX = 0x0001;
const ADOBE_RGB = 2;
/** DCF option file: Adobe RGB (Exif 3.0 §4.6.3, DCF 2.0 §5.3.3). */
const OPTION_FILE = 'R03';
const BYTE = 1;
const SHORT = 3;
const LONG = 4;
/** Entries of one tag that are looked at; a directory has one. */
const MAXIMUM_ENTRIES = 16;

/**
 * The values of Exif data (from its TIFF header on) that steer rendering, as a text that is the same for the same effect; empty where all say what they would say by their absence.
 * `undefined` for bytes that are no Exif data, which are then no carrier.
 *
 * - Orientation (0x0112) of IFD0, every entry: viewers turn the picture by it.
 * - ColorSpace (0xA001) 2, and InteroperabilityIndex (0x0001) R03: viewers take the samples for Adobe RGB where there is no profile.
 */
export const exifRendering = async (exif: Uint8Array): Promise<string | undefined> => {
  if (readTiffHeader(exif) === undefined) {
    return undefined;
  }
  const { header, directories } = await readTiff(bytesSource(exif));
  const [first] = directories;
  if (first === undefined) {
    return undefined;
  }
  const orientations = entriesOf(first, ORIENTATION).map((entry) => numberOf(exif, header, entry));
  const isAdobeRgb =
    directories.some(
      (directory) => directory.kind === 'exif' && entriesOf(directory, COLOR_SPACE).some((entry) => numberOf(exif, header, entry) === `${ADOBE_RGB}`),
    ) ||
    directories.some(
      (directory) =>
        directory.kind === 'interoperability' &&
        entriesOf(directory, INTEROPERABILITY_INDEX).some(
          ({ valueAt }) => latin1(exif.subarray(valueAt, valueAt + OPTION_FILE.length)) === OPTION_FILE,
        ),
    );
  return [...(orientations.every((value) => value === '1') ? [] : [`Orientation ${orientations.join()}`]), ...(isAdobeRgb ? ['Adobe RGB'] : [])].join(
    ' ',
  );
};

const entriesOf = ({ entries }: TiffDirectory, wanted: number): readonly TiffEntry[] =>
  entries.filter(({ tag }) => tag === wanted).slice(0, MAXIMUM_ENTRIES);

/** The first number of an entry; of another type than a number has, the entry as it stands, for viewers differ on it. */
const numberOf = (exif: Uint8Array, { isLittleEndian }: TiffHeader, { at, type, count, valueAt }: TiffEntry): string => {
  const size = type === BYTE ? 1 : type === SHORT ? 2 : type === LONG ? 4 : undefined;
  if (size === undefined || count === 0 || valueAt + size > exif.length) {
    return Array.from(exif.subarray(at + 2, at + 12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return `${tiffNumber(exif, valueAt, size, isLittleEndian)}`;
};
