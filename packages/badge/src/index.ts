export { type Outline, outlineOf, UNITS_PER_EM } from './badge-font.ts';
export { type BadgeLayout, layoutBadge, MINIMUM_CAP_PIXELS, type PlacedGlyph } from './badge-layout.ts';
export * from './badge-options.ts';
export { type Plate, plateOf } from './badge-plate.ts';
export * from './badge-styles.ts';
export * from './contrast.ts';
export * from './find-badge.ts';
export { isTurned, type Orientation, orientationOf, type PlacedPlate, toStored } from './orientation.ts';
