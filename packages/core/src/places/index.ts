export * from './loose-label.ts';
export * from './tc260-xmp.ts';
export * from './xmp-property.ts';
