export * from './walk-frames.ts';
