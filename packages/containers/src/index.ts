export * from './xmp/index.ts';
