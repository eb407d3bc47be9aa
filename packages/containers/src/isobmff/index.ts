export * from './box.ts';
export * from './box-chain.ts';
export * from './edit.ts';
export * from './file.ts';
export * from './meta.ts';
export * from './write.ts';
