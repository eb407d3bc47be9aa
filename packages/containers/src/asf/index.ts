export * from './asf-file.ts';
export * from './asf-records.ts';
export * from './edit-asf.ts';
export { ASF_GUIDS, type AsfGuidName } from './guids.ts';
