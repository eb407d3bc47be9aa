import { ascii, latin1, startsWith, viewOf } from '@aigc-label/core';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Brands of ISO/IEC 23008-12 (annexes B to L) and of MIAF (ISO/IEC 23000-22) that say nothing of AV1. */
const HEIF = words('heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf MiHE MiHA MiHB MiPr 1pic avci avcs jpeg jpgs j2ki j2is');
const AVIF = words('avif avio avis');
/** Brands of structure alone: what the pictures are coded with is told by the other brands. */
const GENERAL = words('mif1 mif2 msf1 miaf 1pic');

/** 62 compatible brands; no real `ftyp` has more than 20. */
const MAXIMUM_FTYP_BYTES = 264;

/** Which format of the family a file is by its first bytes: the major brand decides, and the compatible ones where it is a general one. */
export const heifBrand = (head: Uint8Array): 'heic' | 'avif' | undefined => {
  // A size with two zero bytes in front also keeps running text apart.
  const size = head.length < 16 ? 0 : viewOf(head).getUint32(0);
  if (size < 16 || size > MAXIMUM_FTYP_BYTES || !startsWith(head, ascii('ftyp'), 4)) {
    return undefined;
  }
  const major = latin1(head.subarray(8, 12));
  if (AVIF.has(major)) {
    return 'avif';
  }
  if (!HEIF.has(major)) {
    return undefined;
  }
  const end = Math.min(head.length, size);
  for (let at = 16; GENERAL.has(major) && at + 4 <= end; at += 4) {
    if (AVIF.has(latin1(head.subarray(at, at + 4)))) {
      return 'avif';
    }
  }
  return 'heic';
};
