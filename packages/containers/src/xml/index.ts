export * from './xml-attributes.ts';
export * from './xml-markup.ts';
export * from './xml-root.ts';
