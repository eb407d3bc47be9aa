export * from './read-xmp.ts';
export * from './splice-xmp.ts';
