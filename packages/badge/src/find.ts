/** What finding a badge needs, without sharp: verifying loads no native code. */
export { MINIMUM_HEIGHT_RATIO } from './badge-options.ts';
export { type FoundBadge, findBadge, type Luma } from './find-badge.ts';
export { isTurned, type Orientation, orientationOf } from './orientation.ts';
