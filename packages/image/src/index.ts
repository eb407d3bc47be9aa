export { BADGE_FORMATS, type BadgeFormat, type BadgeOptions, type BadgePlate, type BadgePosition } from './badge/badge-options.ts';
export * from './formats/index.ts';
