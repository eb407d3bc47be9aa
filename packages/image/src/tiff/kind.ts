import { readTiffHeader, type TiffHeader, tiffNumber } from '@aigc-label/containers';
import { ascii, startsWith } from '@aigc-label/core';

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

/**
 * Tags of IFD0, as far as the head shows it, each with the number that its entry begins with. Labelling may have written IFD0 anew at the end of the file; then
 * the old one, which cameras write directly behind the header, still stands there and says the same.
 */
const firstValues = (head: Uint8Array, header: TiffHeader): ReadonlyMap<number, number> =>
  header.first < head.length ? valuesAt(head, header, header.first) : valuesAt(head, header, header.pointerAt + header.offsetBytes);

const valuesAt = (head: Uint8Array, { isBig, isLittleEndian }: TiffHeader, first: number): ReadonlyMap<number, number> => {
  const values = new Map<number, number>();
  const [countBytes, entryBytes] = isBig ? [8, 20] : [2, 12];
  if (first + countBytes > head.length) {
    return values;
  }
  const count = tiffNumber(head, first, isBig ? 8 : 2, isLittleEndian);
  let before = -1;
  for (let index = 0; index < count; index += 1) {
    const at = first + countBytes + index * entryBytes;
    const tag = at + entryBytes > head.length ? -1 : tiffNumber(head, at, 2, isLittleEndian);
    // Entries stand in ascending order (TIFF 6.0 §2); what does not is no directory.
    if (tag <= before) {
      break;
    }
    before = tag;
    const isShort = tiffNumber(head, at + 2, 2, isLittleEndian) === 3;
    values.set(tag, tiffNumber(head, at + (isBig ? 12 : 8), isShort ? 2 : 4, isLittleEndian));
  }
  return values;
};
