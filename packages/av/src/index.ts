export * from './formats/index.ts';
export * from './notice-formats.ts';
