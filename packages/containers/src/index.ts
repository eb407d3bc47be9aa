export * from './gif/index.ts';
export * from './id3/index.ts';
export * from './isobmff/index.ts';
export * from './jpeg/index.ts';
export * from './png/index.ts';
export * from './riff/index.ts';
export * from './tiff/index.ts';
export * from './xmp/index.ts';
