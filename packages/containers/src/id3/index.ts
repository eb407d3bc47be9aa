export * from './ape.ts';
export * from './described-text.ts';
export * from './edit.ts';
export * from './header.ts';
export * from './mpeg-audio.ts';
export * from './tag.ts';
export * from './trailers.ts';
