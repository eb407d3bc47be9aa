export * from './edit-comments.ts';
export * from './read-comments.ts';
export * from './survey-comments.ts';
