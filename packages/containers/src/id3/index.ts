export { APE_FOOTER_BYTES, type ApeItem, type ApeTag, isApeFooter, MAXIMUM_APE_ITEMS, MAXIMUM_APE_TEXT_BYTES, readApeTag } from './ape.ts';
export * from './described-text.ts';
export * from './edit.ts';
export * from './header.ts';
export * from './later-times.ts';
export * from './mpeg-audio.ts';
export * from './survey.ts';
export * from './tag.ts';
export * from './trailers.ts';
