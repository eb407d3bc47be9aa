import { APE_FOOTER_BYTES } from '@aigc-label/containers';
import { ascii, type ByteSource, startsWith } from '@aigc-label/core';
import { readFrameTags } from '../../frame-tags.ts';

/** The length in bytes of an ID3v1 tag. */
const ID3V1_BYTES = 128;

/** Where frames can stand: between the tags at both ends of a file. */
export const framesRange = async (source: ByteSource): Promise<{ readonly start: number; readonly end: number }> => {
  const { end: start, appended, ape } = await readFrameTags(source);
  const last = await source.read(Math.max(0, source.size - ID3V1_BYTES), Math.min(ID3V1_BYTES, source.size));
  const ends = [
    source.size,
    ...(startsWith(last, ascii('TAG')) && last.length === ID3V1_BYTES ? [source.size - ID3V1_BYTES] : []),
    ...(appended === undefined ? [] : [appended.start]),
    ...(ape === undefined ? [] : [ape.headerAt ?? ape.footerAt + APE_FOOTER_BYTES - ape.sizeBytes]),
  ];
  return { start, end: Math.max(start, Math.min(...ends)) };
};
