import { readTiffHeader, type TiffHeader, tiffNumber } from '@aigc-label/containers';
import { ascii, latin1, startsWith } from '@aigc-label/core';

/** What a file with TIFF's structure, or another camera's, is. */
export type TiffKind = 'tiff' | 'dng' | 'raw';

const CLASSIC = 42;
const SUBFILE_TYPE = 0x00fe;
const COMPRESSION = 0x0103;
const MAKE = 0x010f;
const SUB_DIRECTORIES = 0x014a;
const DNG_VERSION = 0xc612;

/** Compressions that only cameras write: Sony, Nikon, Samsung, Pentax, Kodak. */
const OF_CAMERAS: readonly number[] = [32_767, 32_769, 32_770, 34_713, 65_000, 65_535];

/** Which of them the head of a file says; where IFD0 lies beyond the head, a raw file without a magic number of its own is a TIFF like any other. */
export const tiffKindOf = (head: Uint8Array): TiffKind | undefined => {
  const header = readTiffHeader(head);
  if (header === undefined) {
    return undefined;
  }
  // Canon CR2 has its own mark behind the header.
  if ((header.magic !== CLASSIC && !header.isBig) || startsWith(head, ascii('CR'), 8)) {
    return 'raw';
  }
  const values = firstValues(head, header);
  if (values.has(DNG_VERSION)) {
    return 'dng';
  }
  const isPreview = values.get(SUBFILE_TYPE) === 1 && values.has(SUB_DIRECTORIES);
  return values.has(MAKE) && (isPreview || OF_CAMERAS.includes(values.get(COMPRESSION) ?? 0)) ? 'raw' : 'tiff';
};

/** Tags of IFD0, as far as the head shows it, each with the number that its entry begins with. */
const firstValues = (head: Uint8Array, { first, isBig, isLittleEndian }: TiffHeader): ReadonlyMap<number, number> => {
  const values = new Map<number, number>();
  const [countBytes, entryBytes] = isBig ? [8, 20] : [2, 12];
  if (first + countBytes > head.length) {
    return values;
  }
  const count = tiffNumber(head, first, isBig ? 8 : 2, isLittleEndian);
  for (let index = 0; index < count; index += 1) {
    const at = first + countBytes + index * entryBytes;
    if (at + entryBytes > head.length) {
      break;
    }
    const isShort = tiffNumber(head, at + 2, 2, isLittleEndian) === 3;
    values.set(tiffNumber(head, at, 2, isLittleEndian), tiffNumber(head, at + (isBig ? 12 : 8), isShort ? 2 : 4, isLittleEndian));
  }
  return values;
};

/** Whether a head is that of Fujifilm's RAF. */
export const isRaf = (head: Uint8Array): boolean => latin1(head.subarray(0, 16)) === 'FUJIFILMCCD-RAW ';
