/** What is perceived of a picture: its brightness as a viewer shows it, read as verifying must, with bounds and without native code. */
import type { Luma } from '@aigc-label/badge/find';
import { type ByteSource, damaged, LabelError } from '@aigc-label/core';
import type { BadgeFormat } from '../badge/badge-formats.ts';
import { gifLumas } from '../badge-finder/gif-luma.ts';
import { jpegLuma } from '../badge-finder/jpeg-luma.ts';
import { pngLuma } from '../badge-finder/png-luma.ts';
import { webpLuma } from '../badge-finder/webp-luma.ts';

/**
 * Upright brightness of the picture, of an animation its first frame; what is transparent is white.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE`.
 */
export const firstFrame = async (source: ByteSource, formatId: string): Promise<Luma> => {
  const luma = Object.hasOwn(DECODERS, formatId) ? await DECODERS[formatId as BadgeFormat](source) : undefined;
  if (luma === undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `This ${formatId} picture is of a kind that cannot be looked at here. Convert it to PNG or to an ordinary JPEG.`,
      {
        data: { format: formatId },
      },
    );
  }
  return luma;
};

type Decoder = (source: ByteSource) => Promise<Luma | undefined>;

const DECODERS: Readonly<Record<BadgeFormat, Decoder>> = {
  png: (source) => pngLuma(source),
  jpeg: (source) => jpegLuma(source),
  webp: webpLuma,
  gif: async (source) => {
    const [first] = await gifLumas(source, undefined, true);
    if (first === undefined) {
      throw damaged('gif', 0, 'there is no picture in it');
    }
    return first;
  },
};
