export * from './jpeg-offsets.ts';
export * from './jpeg-segments.ts';
export * from './jpeg-xmp.ts';
