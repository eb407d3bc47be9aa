export * from './edit-tiff.ts';
export * from './exif-texts.ts';
export * from './read-tiff.ts';
export { type TiffEntry, type TiffTable, tiffCountBytes, tiffEntryBytes } from './tiff-directory.ts';
export * from './tiff-extents.ts';
export { encodeTiffNumber, readTiffHeader, TIFF_HEADER_BYTES, type TiffHeader, tiffNumber } from './tiff-header.ts';
