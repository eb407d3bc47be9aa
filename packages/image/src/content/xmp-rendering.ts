import { locateXmp } from '@aigc-label/containers';
import type { XmpProperty } from '@aigc-label/core';

/** XMP part 2 §8.7: the orientation of Exif once more; viewers of Apple and Adobe turn pictures by it. */
const ORIENTATION: XmpProperty = {
  namespace: 'http://ns.adobe.com/tiff/1.0/',
  prefix: 'tiff',
  name: 'Orientation',
  kindred: [],
  borrowed: [],
  aliases: [],
  fields: [],
};

/**
 * The values of an XMP packet that steer rendering, as `exifRendering` gives those of Exif: tiff:Orientation. `undefined` for bytes that are no XMP, which are then
 * no carrier; a packet of white space is one.
 */
export const xmpRendering = (packet: Uint8Array): string | undefined => {
  const located = locateXmp(packet, ORIENTATION);
  if (located === undefined) {
    return undefined;
  }
  const values = located.properties.map(({ value }) => value.trim());
  return values.every((value) => value === '1') ? '' : `Orientation ${values.join()}`;
};
