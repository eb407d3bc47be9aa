export * from './edit-xml.ts';
export * from './xml-attributes.ts';
export * from './xml-markup.ts';
export * from './xml-root.ts';
export * from './xml-tree.ts';
