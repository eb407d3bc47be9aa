export * from './amf0.ts';
export * from './flv-tags.ts';
