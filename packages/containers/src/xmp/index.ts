export * from './locate-xmp.ts';
export * from './read-xmp.ts';
export { type SpliceXmpOptions, spliceXmp } from './splice-xmp.ts';
export { type XmpPlace, xmpSlots } from './xmp-slots.ts';
