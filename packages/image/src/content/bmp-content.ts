// spec/content/image.md, bmp-1.
import { type ByteRange, type ByteSource, type ContentPlan, viewOf } from '@aigc-label/core';
import { readTail } from '../tail-labels.ts';
import { addCarrier, buildParts, renderingPart } from './content-parts.ts';
import { xmpRendering } from './xmp-rendering.ts';

const SIZE_AT = 2;
const SIZE_END = 6;
const PIXELS_AT = 10;

/**
 * What the signed digest of a bitmap covers: every byte but the XMP packets and the markers behind the picture. Of the size of the file, which labelling corrects where it was right, only what
 * it says where it is wrong.
 *
 * @param pictureEnd where the picture ends, `undefined` where its header does not say: then nothing is left out.
 */
export const bmpContent = async (source: ByteSource, pictureEnd: number | undefined): Promise<ContentPlan> => {
  const parts = buildParts();
  const carriers: ByteRange[] = [];
  const xmp: string[] = [];
  const end = Math.min(pictureEnd ?? source.size, source.size);
  const view = viewOf(await source.read(SIZE_AT, PIXELS_AT + 4 - SIZE_AT));
  const pixelsAt = Math.max(SIZE_END, Math.min(view.getUint32(PIXELS_AT - SIZE_AT, true), end));
  parts.add('header', { start: 0, end: SIZE_AT });
  if (view.getUint32(0, true) !== source.size) {
    parts.add('header', { start: SIZE_AT, end: SIZE_END });
  }
  parts.add('header', { start: SIZE_END, end: pixelsAt });
  parts.add('pixels', { start: pixelsAt, end }, true);
  const { pieces, isWhole } = await readTail(source, end, 'bmp/tail');
  let position = end;
  for (const { kind, start, end: pieceEnd, bytes } of isWhole ? pieces : []) {
    const value = kind === 'marker' ? '' : xmpRendering(bytes);
    if (value !== undefined) {
      xmp.push(value);
      parts.add('tail', { start: position, end: start });
      addCarrier(carriers, { start, end: pieceEnd });
      position = pieceEnd;
    }
  }
  parts.add('tail', { start: position, end: source.size });
  return { method: 'bmp-1', parts: [...parts.finish(), renderingPart([], xmp)], carriers };
};
