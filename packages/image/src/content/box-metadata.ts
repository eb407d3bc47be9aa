// What JPEG 2000 and JPEG XL share: boxes of metadata at the top, looked into within bounds (spec/content/isobmff.md §6, §7).
import { type Box, contentSize, type leaf, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import type { ByteSource, ContentPiece } from '@aigc-label/core';
import { isManifestStore, MAXIMUM_JUMBF_BYTES } from './jumbf.ts';

/** Boxes of metadata that are looked into; those beyond it are content. */
const MAXIMUM_PIECES = 64;

/** What was found in the metadata of one file. */
export interface BoxMetadata {
  readonly exif: string[];
  readonly xmp: string[];
  /** Bytes that may still be looked into. */
  left: number;
  pieces: number;
}

/** Nothing yet. */
export const boxMetadata = (): BoxMetadata => ({ exif: [], xmp: [], left: XMP_LIMIT_BYTES, pieces: 0 });

/** Whether a `jumb` box is a C2PA manifest store. */
export const isManifestBox = async (source: ByteSource, box: Box): Promise<boolean> =>
  box.sizeField === 'u32' && contentSize(box) <= MAXIMUM_JUMBF_BYTES && isManifestStore(await source.read(box.offset, box.size));

/** Whether a box may still be looked into; then it is counted. */
export const mayLookInto = (metadata: BoxMetadata, size: number): boolean => {
  if (size > metadata.left || metadata.pieces === MAXIMUM_PIECES) {
    return false;
  }
  metadata.pieces += 1;
  metadata.left -= size;
  return true;
};

/** What is covered of a box without tables of offsets. */
export const plainPieces = (covered: ReturnType<typeof leaf>): readonly ContentPiece[] =>
  covered.filter((one) => !('table' in one)) as readonly ContentPiece[];
