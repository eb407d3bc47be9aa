// What of Exif data steers how a picture is drawn (spec/content/image.md §1.3): the carrier itself is covered by nothing, these values are.
import { readTiff, readTiffHeader, type TiffDirectory, type TiffEntry, type TiffHeader, tiffNumber } from '@aigc-label/containers';
import { bytesSource, latin1 } from '@aigc-label/core';

const ORIENTATION = 0x0112;
const COLOR_SPACE = 0xa001;
const INTEROPERABILITY_INDEX = 0x0001;
const ADOBE_RGB = '2';
/** DCF option file: Adobe RGB (Exif 3.0 §4.6.3, DCF 2.0 §5.3.3). */
const OPTION_FILE = 'R03';
const UPRIGHT = '1';
const ASCII = 2;
const SHORT = 3;
/** The number with which every viewer knows a TIFF header; those of camera makers and BigTIFF are none in a picture. */
const TIFF = 42;
/** A directory has one; with so many of them nobody can say what viewers make of it. */
const MAXIMUM_ENTRIES = 16;

/**
 * The values of Exif data (from its TIFF header on) that steer rendering, as a text that is the same for the same effect; empty where all say what they would say by their absence.
 * `undefined` for bytes that are no Exif data, which are then no carrier.
 *
 * - Orientation (0x0112) of IFD0, every entry: viewers turn the picture by it.
 * - ColorSpace (0xA001) 2, and InteroperabilityIndex (0x0001) R03: viewers take the samples for Adobe RGB where there is no profile.
 */
export const exifRendering = async (exif: Uint8Array): Promise<string | undefined> => {
  if (readTiffHeader(exif)?.magic !== TIFF) {
    return undefined;
  }
  const { header, directories } = await readTiff(bytesSource(exif));
  const [first] = directories;
  if (first === undefined || !first.isComplete) {
    return undefined;
  }
  const orientations = entriesOf(first, ORIENTATION).map((entry) => numberOf(exif, header, entry));
  if (orientations.length > MAXIMUM_ENTRIES) {
    return undefined;
  }
  const isAdobeRgb = directories.some(
    (directory) =>
      (directory.kind === 'exif' && entriesOf(directory, COLOR_SPACE).some((entry) => numberOf(exif, header, entry) === ADOBE_RGB)) ||
      (directory.kind === 'interoperability' && entriesOf(directory, INTEROPERABILITY_INDEX).some((entry) => isOptionFile(exif, entry))),
  );
  const turned = orientations.every((value) => value === UPRIGHT) ? [] : [`Orientation ${orientations.join()}`];
  return [...turned, ...(isAdobeRgb ? ['Adobe RGB'] : [])].join(' ');
};

const entriesOf = ({ entries }: TiffDirectory, wanted: number): readonly TiffEntry[] => entries.filter(({ tag }) => tag === wanted);

/** The number of an entry that is one SHORT, as Exif wants it; of any other one bytes 2 to 12 as they stand, for viewers differ on it. */
const numberOf = (exif: Uint8Array, { isLittleEndian }: TiffHeader, { at, type, count, valueAt }: TiffEntry): string =>
  type === SHORT && count === 1
    ? `${tiffNumber(exif, valueAt, 2, isLittleEndian)}`
    : Array.from(exif.subarray(at + 2, at + 12), (byte) => byte.toString(16).padStart(2, '0')).join('');

const isOptionFile = (exif: Uint8Array, { type, valueAt }: TiffEntry): boolean =>
  type === ASCII && latin1(exif.subarray(valueAt, valueAt + OPTION_FILE.length)) === OPTION_FILE;
