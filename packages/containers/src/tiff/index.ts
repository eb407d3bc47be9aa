export * from './exif-comment.ts';
