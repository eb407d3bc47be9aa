export * from './formats.ts';
export * from './mp4.ts';
