export * from './formats.ts';
export * from './mp3.ts';
export * from './mp4.ts';
export * from './wav.ts';
