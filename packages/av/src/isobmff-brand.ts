import { ascii, HEAD_BYTES, latin1, startsWith, viewOf } from '@aigc-label/core';

/** Which of our three formats a file of the ISO BMFF family is. */
export type Brand = 'mp4' | 'mov' | 'm4a';

/** Audio by its own declaration: iTunes music and audio books, Flash audio. */
const AUDIO = new Set(['M4A ', 'M4B ', 'M4P ', 'F4A ', 'F4B ']);

/** Relatives with other payloads or places for metadata: HEIF, AVIF, CR3, JPEG 2000, JPEG XL, JPEG XS, MIAF. A compatible brand does not make them films. */
const OTHERS = new Set(
  'heic heix heim heis hevc hevx hevm hevs mif1 mif2 msf1 miaf MiHE MiHA MiHB MiPr 1pic avif avis avio avci avcs jpeg jpgs j2ki j2is crx  jp2  jpx  jpm  jpxb mjp2 mj2s jxl  jxs  jxsc'
    .split(/ (?=\S)/)
    .map((brand) => brand.padEnd(4)),
);

/** Brands that say: a movie as in ISO/IEC 14496-12 and -14, 3GPP, CMAF, DASH or a vendor's profile of them. */
const MOVIES =
  /^(?:iso[2-9a-c]|isom|mp4[1-9]|mp7[1-9]|avc1|hvc1|hev1|av01|dash|dby1|msdh|msix|cmf[cfs2l]|M4V[ HP]|M4VH|F4[VP] |3g[gpers2][0-9a ]|3gp[0-9a-z]|3g2[a-z]|mmp4|MSNV|ND[SX][CHMSXP]|XAVC|CAEP|isml|piff|iphE|kddi|dvr1|dvt1|MFSM|ROSS|mobi|mp21|sdv |caqv|da[012][ab]|dmb1|pana|nvr1)$/;

const MAXIMUM_BRANDS = 64; // no real `ftyp` has more than 20; `head` is short anyway

/**
 * The kind of a file by its first bytes; `undefined` where it is none of ours.
 *
 * The major brand decides; where it is unknown, a compatible brand of a movie makes it `mp4`. Without `ftyp` it is QuickTime, which began with `moov` or `mdat`.
 */
export const brandOf = (head: Uint8Array): Brand | undefined => {
  let at = 0;
  for (let count = 0; count < MAXIMUM_BRANDS && at + 8 <= head.length; count += 1) {
    const size = viewOf(head).getUint32(at);
    const type = latin1(head.subarray(at + 4, at + 8));
    if (type === 'ftyp') {
      return typed(head.subarray(at, Math.min(head.length, at + size)));
    }
    // Sizes keep running text apart: "The free ..." would be a box of 1.4 GB.
    if (type === 'moov' || type === 'mdat' || type === 'pnot') {
      return size < 2 || (size >= 8 && (type === 'mdat' || size < 0x0900_0000)) ? 'mov' : undefined;
    }
    if ((type !== 'wide' && type !== 'free' && type !== 'skip') || size < 8 || size >= 0x0100_0000) {
      return undefined;
    }
    if (at + size + 8 > head.length) {
      return head.length >= HEAD_BYTES ? 'mov' : undefined; // padding beyond the head: nothing else begins so; but nothing else in the file is no movie
    }
    at += size;
  }
  return undefined;
};

const typed = (ftyp: Uint8Array): Brand | undefined => {
  if (ftyp.length < 12) {
    return undefined;
  }
  const major = latin1(ftyp.subarray(8, 12));
  if (OTHERS.has(major)) {
    return undefined;
  }
  if (major === 'qt  ') {
    return 'mov';
  }
  if (AUDIO.has(major)) {
    return 'm4a';
  }
  if (MOVIES.test(major)) {
    return 'mp4';
  }
  const compatible = Array.from({ length: MAXIMUM_BRANDS }, (_, index) => latin1(ftyp.subarray(16 + index * 4, 20 + index * 4)));
  if (compatible.some((brand) => OTHERS.has(brand))) {
    return undefined;
  }
  return compatible.some((brand) => MOVIES.test(brand)) ? 'mp4' : startsWith(ftyp, ascii('qt  '), 16) ? 'mov' : undefined;
};
