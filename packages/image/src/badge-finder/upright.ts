/** Exif's orientation: which one a picture has, and its brightness as a viewer sees it. */
import { isTurned, type Luma, type Orientation, orientationOf } from '@aigc-label/badge/find';
import { readTiffHeader, tiffNumber } from '@aigc-label/containers';

/** Tag of the orientation (Exif 3.0 §4.6.5.1.6). */
const ORIENTATION = 0x0112;
/** Entries of a directory that are looked at; cameras write some dozens. */
const MAXIMUM_ENTRIES = 1_000;

/** The orientation in Exif data, without `Exif\0\0` before it; 1 where there is none. */
export const exifOrientation = (exif: Uint8Array): Orientation => {
  const header = readTiffHeader(exif);
  if (header === undefined || header.isBig || header.first + 2 > exif.length) {
    return 1;
  }
  const { isLittleEndian, first } = header;
  const entries = Math.min(tiffNumber(exif, first, 2, isLittleEndian), MAXIMUM_ENTRIES);
  for (let at = first + 2; at + 12 <= exif.length && at < first + 2 + entries * 12; at += 12) {
    if (tiffNumber(exif, at, 2, isLittleEndian) === ORIENTATION) {
      return orientationOf(tiffNumber(exif, at + 8, 2, isLittleEndian));
    }
  }
  return 1;
};

/** The stored picture turned to how it is seen. */
export const uprightLuma = (stored: Luma, orientation: Orientation): Luma => {
  if (orientation === 1) {
    return stored;
  }
  const turned = isTurned(orientation);
  const [width, height] = turned ? [stored.height, stored.width] : [stored.width, stored.height];
  // Seen x grows leftwards or upwards in the stored pixels for these.
  const flipsX = orientation === 2 || orientation === 3 || orientation === 6 || orientation === 7;
  const flipsY = orientation === 3 || orientation === 4 || orientation === 7 || orientation === 8;
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const v = flipsY ? height - 1 - y : y;
    for (let x = 0; x < width; x += 1) {
      const u = flipsX ? width - 1 - x : x;
      samples[y * width + x] = stored.samples[turned ? u * stored.width + v : v * stored.width + u] ?? 0;
    }
  }
  return { width, height, samples };
};
