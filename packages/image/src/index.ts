export type { BadgeOptions, BadgePlate, BadgePosition } from '@aigc-label/badge';
export { BADGE_FORMATS, type BadgeFormat } from './badge/badge-formats.ts';
export * from './formats/index.ts';
