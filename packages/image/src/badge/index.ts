export {
  BADGE_STYLES,
  type BadgeOptions,
  type BadgePlate,
  type BadgePosition,
  type BadgeStyle,
  MAXIMUM_TEXT_LENGTH,
  MINIMUM_CONTRAST,
  MINIMUM_HEIGHT_RATIO,
  type ResolvedBadge,
  resolveBadge,
} from '@aigc-label/badge';
export * from './badge-formats.ts';
export { drawBadge, imageBadge, MAXIMUM_FILE_BYTES } from './image-badge.ts';
export { type BadgePreview, previewBadge } from './preview-badge.ts';
export { MAXIMUM_PIXELS } from './raster.ts';
