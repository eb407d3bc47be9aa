export * from './structure.ts';
export * from './worst-share.ts';
