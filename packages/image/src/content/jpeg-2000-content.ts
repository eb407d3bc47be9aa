// JPEG 2000: what a signed digest covers (spec/content/isobmff.md §7).
import { type Box, boxBudget, contentOf, contentSize, leaf, leafHead, noBox, readBoxChain } from '@aigc-label/containers';
import type { ByteRange, ByteSource, ContentPiece, ContentPlan } from '@aigc-label/core';
import { JP2_BOXES, XMP_USER_TYPE } from '../jp2-labels.ts';
import { type BoxMetadata, boxMetadata, isManifestBox, mayLookInto, plainPieces } from './box-metadata.ts';
import { addCarrier, renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { xmpRendering } from './xmp-rendering.ts';

/** The user type of Exif data, the characters `JpgTiffExif->JP2`. */
const EXIF_USER_TYPE = '4a706754696666457869662d3e4a5032';

/** JP2, JPX, JPM and JPH: every box but XMP, Exif and a C2PA manifest store at the top. */
export const jp2Content = async (source: ByteSource): Promise<ContentPlan> => {
  const { boxes, rest } = await readBoxChain(source, JP2_BOXES, boxBudget());
  const metadata = boxMetadata();
  const carriers: ByteRange[] = [];
  const covered: ContentPiece[] = [];
  const picture: ByteRange[] = [];
  for (const box of boxes) {
    if (await isMetadata(source, box, metadata)) {
      addCarrier(carriers, { start: box.offset, end: box.end });
    } else if (box.type === 'jp2c') {
      covered.push(leafHead(box.type, contentSize(box)));
      picture.push({ start: contentOf(box), end: box.end });
    } else {
      covered.push(...plainPieces(leaf(box)));
    }
  }
  covered.push(...(rest === undefined ? [] : plainPieces(noBox({ start: rest.offset, end: source.size }))));
  return {
    method: 'jp2-1',
    parts: [
      { name: 'boxes', pieces: covered },
      { name: 'codestream', pieces: picture, isPerceived: true },
      renderingPart(metadata.exif, metadata.xmp),
    ],
    carriers,
  };
};

const isMetadata = async (source: ByteSource, box: Box, metadata: BoxMetadata): Promise<boolean> => {
  const size = contentSize(box);
  if (box.type === 'jumb') {
    return isManifestBox(source, box);
  }
  const isXmp = box.type === 'xml ' || box.userType === XMP_USER_TYPE;
  if ((!isXmp && box.userType !== EXIF_USER_TYPE) || !mayLookInto(metadata, size)) {
    return false;
  }
  const bytes = await source.read(contentOf(box), size);
  const value = isXmp ? xmpRendering(bytes) : await exifRendering(bytes);
  if (value !== undefined) {
    (isXmp ? metadata.xmp : metadata.exif).push(value);
  }
  return value !== undefined;
};
