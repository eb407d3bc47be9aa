export * from './badge-options.ts';
export { drawBadge, imageBadge, MAXIMUM_FILE_BYTES } from './image-badge.ts';
export { MAXIMUM_PIXELS } from './raster.ts';
