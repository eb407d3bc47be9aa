export * from './avi-parts.ts';
export * from './edit-riff.ts';
export * from './list-children.ts';
export * from './read-riff.ts';
export * from './walk-chunks.ts';
export * from './webp-canvas.ts';
