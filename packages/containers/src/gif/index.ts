export * from './gif-blocks.ts';
export * from './gif-xmp.ts';
