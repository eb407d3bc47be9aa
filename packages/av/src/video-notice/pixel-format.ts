/** How a decoder lays out its pixels in memory, for the formats on which a notice is drawn: planes of luma and chroma, or of green, blue and red. */
export interface PixelFormat {
  /** ffmpeg's name, as the encoder is to be given it. */
  readonly name: string;
  readonly kind: 'yuv' | 'rgb' | 'grey';
  readonly bits: number;
  /** Binary logarithm of luma pixels to chroma pixels, across and down. */
  readonly chromaAcross: 0 | 1 | 2;
  readonly chromaDown: 0 | 1;
}

const CHROMA: Readonly<Record<string, readonly [PixelFormat['chromaAcross'], PixelFormat['chromaDown']]>> = {
  '420': [1, 1],
  '422': [1, 0],
  '444': [0, 0],
  '440': [0, 1],
  '411': [2, 0],
};

/** The format of that name, or `undefined` for those on which nothing is drawn: palettes, transparency, packed pixels, big-endian ones. */
export const pixelFormatOf = (name: string): PixelFormat | undefined => {
  const match = /^(?:yuvj?(4\d\d)p|(gbrp)|(gray))(\d+)?(le)?$/.exec(name);
  if (match === null) {
    return undefined;
  }
  const [, chroma, rgb, , depth] = match;
  const bits = depth === undefined ? 8 : Number(depth);
  const [chromaAcross, chromaDown] = CHROMA[chroma ?? '444'] ?? [0, 0];
  return bits < 8 || bits > 16
    ? undefined
    : { name, kind: chroma !== undefined ? 'yuv' : rgb !== undefined ? 'rgb' : 'grey', bits, chromaAcross, chromaDown };
};
