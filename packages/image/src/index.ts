export { BADGE_FORMATS, type BadgeFormat, type BadgeOptions, type BadgePlate, type BadgePosition } from './badge/badge-options.ts';
export * from './formats.ts';
export * from './gif.ts';
export * from './jpeg.ts';
export * from './png.ts';
export * from './webp.ts';
