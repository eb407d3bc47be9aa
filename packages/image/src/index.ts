export * from './formats.ts';
export * from './png.ts';
export * from './badge/index.ts';
