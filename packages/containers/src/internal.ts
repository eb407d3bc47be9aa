/**
 * For the formats of this project only, and not part of the public API: what takes a label out of one place while the same label is written into another.
 * Alone it would remove a label, which nobody may do (Measures Art. 10).
 */
export { removeApeItems } from './id3/ape.ts';
export { withoutXmpProperty } from './xmp/splice-xmp.ts';
export { xmpWithOneLabel } from './xmp/xmp-slots.ts';
