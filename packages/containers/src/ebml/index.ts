export { crcOf, type RunningCrc } from '../png/crc32.ts';
export * from './blocks.ts';
export * from './document.ts';
export * from './element.ts';
export * from './head.ts';
export * from './header-window.ts';
export * from './positions.ts';
export * from './tree.ts';
