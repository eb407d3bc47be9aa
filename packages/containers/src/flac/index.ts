export * from './flac-blocks.ts';
