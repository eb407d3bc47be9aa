export * from './png-chunks.ts';
export * from './png-text.ts';
