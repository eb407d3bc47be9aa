export * from './chain.ts';
export * from './edit-stream.ts';
export * from './ogg-codec.ts';
export { OGG_MAXIMUM_PAGE_BYTES, type OggPage, parseOggPage, readOggPage } from './page.ts';
export * from './read-ogg.ts';
export { FLAC_PREFIX_BYTES, type OggComments, type OggStream } from './stream-headers.ts';
