import {
  type ByteSource,
  LabelError,
  LIKENESS_CHANNELS,
  LIKENESS_SIDE,
  type Likeness,
  type Rendition,
  type SoftMatch,
  structuralLikeness,
} from '@aigc-label/core';
import sharp, { type Sharp } from 'sharp';

/**
 * From this likeness on two pictures are renditions of one. Transcodes (JPEG quality 10 to 95, WebP, AVIF, a quarter to twice the size) stay above; different
 * pictures stay below: `packages/image/scripts/measure-likeness.mjs`, docs/decisions/0013.
 */
export const IMAGE_LIKENESS_THRESHOLD = 0.75;

/** Pictures larger than this are not decoded, in pixels, nor files larger than `MAXIMUM_BYTES`. */
const MAXIMUM_PIXELS = 200_000_000;
const MAXIMUM_BYTES = 512 << 20;

/** Of larger pictures the colours below the transparency are not looked at: they are held in memory whole, three bytes each. */
const MAXIMUM_OPAQUE_PIXELS = 20_000_000;

/** A rendition keeps its shape: sides may differ by this ratio, for rounding and for a few pixels that a codec adds. */
const MAXIMUM_SHAPE_RATIO = 1.05;

/** Tells by their structure whether two pictures are renditions of one, whatever their size, format and compression. Crops and rotations are other content. */
export const imageLikeness: SoftMatch = {
  id: 'image-structure',
  modality: 'image',
  async compare(original, rendition) {
    const sides = [await shapeOf(original), await shapeOf(rendition)] as const;
    const [ratio, other] = [sides[0].width / sides[0].height, sides[1].width / sides[1].height];
    if (Math.max(ratio / other, other / ratio) > MAXIMUM_SHAPE_RATIO) {
      return { similarity: 0, threshold: IMAGE_LIKENESS_THRESHOLD };
    }
    // What the smaller of the two cannot show, the larger must not be asked for.
    const side = Math.min(LIKENESS_SIDE, ...sides.flatMap(({ width, height }) => [width, height]));
    // A transcode into a format without transparency has put the picture on a ground that nobody knows.
    const isLarge = sides.some(({ width, height }) => width * height > MAXIMUM_OPAQUE_PIXELS);
    const grounds = sides[0].hasAlpha === sides[1].hasAlpha ? [GROUNDS[0]] : GROUNDS.filter((ground) => ground !== undefined || !isLarge);
    let similarity = 0;
    for (const ground of grounds) {
      const [a, b] = [await small(original, side, ground), await small(rendition, side, ground)];
      similarity = Math.max(similarity, structuralLikeness(a, b));
    }
    return { similarity, threshold: IMAGE_LIKENESS_THRESHOLD } satisfies Likeness;
  },
};

interface Shape {
  /** In pixels, as people see it. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

/** What transparent pixels are shown on; `undefined`: transparency is left out, so that the colour below it is seen, as ImageMagick does. */
const GROUNDS = ['#ffffff', '#000000', undefined] as const;
type Ground = (typeof GROUNDS)[number];

const shapeOf = (rendition: Rendition): Promise<Shape> =>
  decoded(rendition, async (picture) => {
    const { autoOrient, hasAlpha } = await picture.metadata();
    return { ...autoOrient, hasAlpha };
  });

/** The picture at `LIKENESS_SIDE` by `LIKENESS_SIDE`, holding no more than `side` by `side` would show. */
const small = (rendition: Rendition, side: number, ground: Ground): Promise<Uint8Array> =>
  decoded(rendition, async (picture) => {
    const shown = await (ground === undefined ? await opaque(picture) : picture.flatten({ background: ground }))
      .toColourspace('srgb')
      .resize(side, side, { fit: 'fill' })
      .removeAlpha()
      .raw()
      .toBuffer();
    const samples = await sharp(shown, { raw: { width: side, height: side, channels: LIKENESS_CHANNELS } })
      .resize(LIKENESS_SIDE, LIKENESS_SIDE, { fit: 'fill' })
      .raw()
      .toBuffer();
    if (samples.length !== LIKENESS_SIDE * LIKENESS_SIDE * LIKENESS_CHANNELS) {
      throw new Error(`${samples.length} samples`);
    }
    return samples;
  });

/** The colours below the transparency. Resizing would weigh them by it, so they are taken out before. */
const opaque = async (picture: Sharp): Promise<Sharp> => {
  const { data, info } = await picture.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
};

const decoded = async <Value>({ source, format }: Rendition, use: (picture: Sharp) => Promise<Value>): Promise<Value> => {
  const bytes = await whole(source);
  try {
    return await use(sharp(bytes, { limitInputPixels: MAXIMUM_PIXELS, failOn: 'error', autoOrient: true }));
  } catch (error) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `This ${format} picture cannot be decoded here, so nobody can tell what it shows. Convert it to PNG or JPEG.`,
      {
        data: { format },
        cause: error,
      },
    );
  }
};

const whole = async (source: ByteSource): Promise<Uint8Array> => {
  if (source.size > MAXIMUM_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `A picture of ${source.size} bytes is not decoded; at most ${MAXIMUM_BYTES} are.`, {
      data: { length: source.size, limitBytes: MAXIMUM_BYTES },
    });
  }
  return source.read(0, source.size);
};
