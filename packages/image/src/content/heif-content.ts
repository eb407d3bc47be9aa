// HEIF: metadata items with their entries in the tables of items are carriers (spec/content/isobmff.md §5).
import { heifContent as contentOfHeif, type ItemInfo } from '@aigc-label/containers';
import { type ByteSource, type ContentPlan, u32At } from '@aigc-label/core';
import { XMP_CONTENT_TYPE } from '../heif-labels.ts';
import { renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { xmpRendering } from './xmp-rendering.ts';

/** What may stand before the TIFF header of an Exif item: `Exif` and two zeros. */
const MAXIMUM_EXIF_PREFIX_BYTES = 6;

/** What the signed digest of a HEIF file covers. Throws as `heifContent` of the containers does. */
export const heifContent = async (source: ByteSource): Promise<ContentPlan> => {
  const { content, rendering } = await contentOfHeif(source, readItem);
  const valuesOf = (isExif: boolean): readonly string[] => rendering.filter(({ type }) => (type === 'Exif') === isExif).map(({ value }) => value);
  return { ...content, parts: [...content.parts, renderingPart(valuesOf(true), valuesOf(false))] };
};

const readItem = async ({ type, contentType }: ItemInfo, bytes: Uint8Array): Promise<string | undefined> => {
  if (type !== 'Exif') {
    return contentType === XMP_CONTENT_TYPE ? xmpRendering(bytes) : undefined;
  }
  // The offset of the TIFF header, and that many bytes later the header (ISO/IEC 23008-12 annex A.2.1).
  const prefix = u32At(bytes, 0);
  return bytes.length < 4 || prefix > MAXIMUM_EXIF_PREFIX_BYTES ? undefined : exifRendering(bytes.subarray(4 + prefix));
};
