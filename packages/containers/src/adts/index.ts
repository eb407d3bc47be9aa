export * from './adts-frame.ts';
export * from './silent-aac.ts';
