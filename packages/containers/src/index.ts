export * from './xmp/index.ts';
export * from './isobmff/index.ts';
export * from './png/index.ts';
export * from './id3/index.ts';
