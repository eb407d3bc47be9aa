export * from './add-item.ts';
export * from './heif.ts';
export * from './heif-content.ts';
export * from './item-data.ts';
export * from './item-infos.ts';
export * from './item-references.ts';
