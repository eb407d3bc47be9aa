export * from './aigc.ts';
