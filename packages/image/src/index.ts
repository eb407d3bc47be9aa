export * from './formats.ts';
export * from './png.ts';
