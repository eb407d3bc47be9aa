// spec/content/image.md, gif-1.
import { type GifExtension, joinGifSubBlocks, readGifStructure, readGifXmp, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPlan } from '@aigc-label/core';
import { addCarrier, renderingPart } from './content-parts.ts';
import { isPlainText } from './plain-text.ts';
import { xmpRendering } from './xmp-rendering.ts';

/** `7` or `9`, nothing else begins a GIF: extensions came with 89a, so labelling makes an 87a file one, and no viewer looks. */
const VERSION: ByteRange = { start: 4, end: 5 };
/** Comments that are looked at; longer ones are content. */
const MAXIMUM_COMMENT_BYTES = 1 << 20;
/** Packets of XMP that are looked into; those beyond it are content. */
const MAXIMUM_PACKETS = 64;

/**
 * What the signed digest of a GIF covers: every byte but comments, XMP, and the digit of the version.
 *
 * @throws LabelError as `readGifStructure` says.
 */
export const gifContent = async (source: ByteSource): Promise<ContentPlan> => {
  const { extensions, firstGraphic, fault } = await readGifStructure(source);
  if (fault !== undefined) {
    throw fault;
  }
  const carriers: ByteRange[] = [VERSION];
  const xmp: string[] = [];
  for (const extension of extensions) {
    const value = extension.kind === 'comment' ? await commentRendering(source, extension) : await packetRendering(source, extension, xmp.length);
    if (value !== undefined) {
      addCarrier(carriers, extension);
      if (extension.kind === 'xmp') {
        xmp.push(value);
      }
    }
  }
  const pictures = firstGraphic ?? source.size;
  return {
    method: 'gif-1',
    parts: [
      { name: 'header', pieces: allBut(0, pictures, carriers) },
      { name: 'pictures', pieces: allBut(pictures, source.size, carriers), isPerceived: true },
      renderingPart([], xmp),
    ],
    carriers,
  };
};

const commentRendering = async (source: ByteSource, { dataStart, end }: GifExtension): Promise<string | undefined> =>
  end - dataStart <= MAXIMUM_COMMENT_BYTES && isPlainText(joinGifSubBlocks(await source.read(dataStart, end - dataStart))) ? '' : undefined;

const packetRendering = async (source: ByteSource, extension: GifExtension, before: number): Promise<string | undefined> => {
  const read = before < MAXIMUM_PACKETS ? await readGifXmp(source, extension, XMP_LIMIT_BYTES) : undefined;
  return read === undefined ? undefined : xmpRendering(read.packet);
};
