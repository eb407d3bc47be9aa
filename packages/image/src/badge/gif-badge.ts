/** The badge on every frame of a GIF: frames are composed, badged, and written with exact colours wherever 256 are enough. */

import type { PlacedPlate, ResolvedBadge } from '@aigc-label/badge';
import { ascii, concat, damaged, u16be } from '@aigc-label/core';
import sharp from 'sharp';
import { badgePlace } from './badge-place.ts';
import { blendBadge } from './blend.ts';
import { changedRegion, compose, cut, type Region, withAlpha } from './canvas.ts';
import { type GifBlock, type GifFile, parseGif } from './gif-file.ts';
import { composedFrames } from './gif-frames.ts';
import { badgeStands } from './is-present.ts';
import { encodeLzw } from './lzw.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { assertPixels, decodeRaster, orDamaged, pictureFacts, type Raster } from './raster.ts';

/** Steps between ground and ink: smooth edges where the picture leaves room among its 256 colours, hard ones where it does not. */
const SHADES: readonly number[] = [8, 3, 1];

/** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`. */
export const openGif = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<OpenedPicture> => {
  const file = parseGif(bytes);
  const { placed } = await badgePlace({ ...badge, plateOpacity: 1 }, file.width, file.height);
  return {
    stands: () => badgeStands(bytes, badge),
    draw: async () => ({ bytes: await badgeFrames(bytes, file, placed), contrast: placed.plate.contrast, isRestKept: true }),
  };
};

/** A picture's own colours do for ink and plate where they are nearly white and nearly black: black and white themselves have 21 : 1. */
const LEAST_OWN_CONTRAST = 12;

/**
 * Draws the badge; the plate is opaque here, since every mixture of plate and picture would be one of 256 colours. Delays, loop count, comments and
 * application extensions keep their bytes.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`.
 */
const badgeFrames = async (bytes: Uint8Array, file: GifFile, placed: PlacedPlate): Promise<Uint8Array> => {
  const images = file.blocks.filter(({ kind }) => kind === 'image');
  const size: Size = { width: file.width, height: file.height };
  assertPixels(size.width * size.height * Math.max(1, images.length));
  // A later frame cannot make a pixel transparent again, except by all being cleared in between.
  const vanishes = losesPixels(bytes, file);
  const frames = composedFrames(bytes, file);
  const written: Uint8Array[] = [ascii('GIF89a'), bytes.subarray(6, file.headerEnd)];
  let control: GifBlock | undefined;
  let shown: Uint8Array | undefined;
  for (const block of file.blocks) {
    if (block.kind === 'control') {
      control = block;
    } else if (block.kind === 'other') {
      written.push(bytes.subarray(block.start, block.end));
    } else {
      const composed = frames.next();
      if (composed.done === true) {
        throw damaged('gif', block.start, 'an image is missing');
      }
      const drawn = await drawFrame(composed.value, size, placed, vanishes ? undefined : shown);
      written.push(imageBlock(drawn, controlOf(bytes, control), vanishes));
      shown = drawn.canvas;
      control = undefined;
    }
  }
  return concat(...written, bytes.subarray(file.end));
};

type Size = Pick<Raster, 'width' | 'height'>;

interface DrawnFrame {
  /** What is seen when this frame has been drawn. */
  readonly canvas: Uint8Array;
  readonly region: Region;
  readonly pixels: Indexed;
}

/** The badge on one canvas, as what changed since `shown`. */
const drawFrame = async (picture: Uint8Array, { width, height }: Size, placed: PlacedPlate, shown: Uint8Array | undefined): Promise<DrawnFrame> => {
  if (shown === undefined) {
    const own = indexed({ width, height, frames: 1, channels: 4, hasAlpha: true, samples: picture });
    const drawn = own === undefined ? undefined : drawIndices(picture, own, { width, height }, placed);
    if (drawn !== undefined) {
      return drawn;
    }
  }
  let last: { readonly canvas: Uint8Array; readonly region: Region; readonly changes: Raster } | undefined;
  for (const shades of SHADES) {
    const canvas = picture.slice();
    blendBadge({ width, height, frames: 1, channels: 4, hasAlpha: true, samples: canvas }, opaque(placed, shades));
    const region: Region = shown === undefined ? { left: 0, top: 0, width, height } : changedRegion(shown, canvas, width, height);
    const changes = cut(shown === undefined ? canvas : onlyChanges(shown, canvas), width, region, false, true);
    const pixels = indexed(changes);
    if (pixels !== undefined) {
      return { canvas, region, pixels };
    }
    last = { canvas, region, changes };
  }
  const fewer = last === undefined ? undefined : await fewerColours(last.changes);
  const pixels = fewer === undefined ? undefined : indexed(fewer);
  if (last === undefined || fewer === undefined || pixels === undefined) {
    throw new TypeError('sharp left more than 256 colours in a GIF');
  }
  compose(last.canvas, width, fewer.samples, last.region, true);
  return { canvas: last.canvas, region: last.region, pixels };
};

/** The badge in a picture's own colours, and as many shades more as there is room for; `undefined` where these would not be read. */
const drawIndices = (picture: Uint8Array, { indices, colours, transparent }: Indexed, size: Size, placed: PlacedPlate): DrawnFrame | undefined => {
  const room = 256 - colours.length / 3;
  const shades = SHADES.find((count) => count + 1 <= room) ?? SHADES[0] ?? 1;
  const palette = Array.from(colours);
  const canvas = picture.slice();
  blendBadge({ ...size, frames: 1, channels: 4, hasAlpha: true, samples: canvas }, opaque(placed, shades));
  const nearest = new Map<number, number>();
  const { plate, left, top } = placed;
  let [dark, light] = [1, 0];
  for (let y = top; y < top + plate.height; y += 1) {
    for (let x = left; x < left + plate.width; x += 1) {
      const at = y * size.width + x;
      const grey = canvas[at * 4] ?? 0;
      const isChanged = [0, 1, 2, 3].some((channel) => canvas[at * 4 + channel] !== picture[at * 4 + channel]);
      if (!isChanged) {
        continue;
      }
      const place = nearest.get(grey) ?? placeOfGrey(palette, grey, transparent);
      nearest.set(grey, place);
      indices[at] = place;
      for (let channel = 0; channel < 3; channel += 1) {
        canvas[at * 4 + channel] = palette[place * 3 + channel] ?? 0;
      }
      if (grey === 0) {
        dark = luminanceAt(palette, place);
      } else if (grey === 255) {
        light = luminanceAt(palette, place);
      }
    }
  }
  const contrast = (light + 0.05) / (dark + 0.05);
  return contrast < LEAST_OWN_CONTRAST
    ? undefined
    : { canvas, region: { left: 0, top: 0, ...size }, pixels: { indices, colours: Uint8Array.from(palette), transparent } };
};

/** Where the grey stands in the palette, after it was put there if there is room, else the colour nearest to it. */
const placeOfGrey = (palette: number[], grey: number, transparent: number | undefined): number => {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let place = 0; place < palette.length / 3; place += 1) {
    const distance = [0, 1, 2].reduce((sum, channel) => sum + (grey - (palette[place * 3 + channel] ?? 0)) ** 2, 0);
    if (distance < least && place !== transparent) {
      [best, least] = [place, distance];
    }
  }
  if (least > 0 && palette.length < 3 * 256) {
    palette.push(grey, grey, grey);
    return palette.length / 3 - 1;
  }
  return best;
};

/** Relative luminance of a colour (WCAG 2.2). */
const luminanceAt = (palette: readonly number[], place: number): number =>
  [0.2126, 0.7152, 0.0722].reduce((sum, weight, channel) => {
    const value = (palette[place * 3 + channel] ?? 0) / 255;
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);

/** The canvas with every pixel that is shown already made transparent, which keeps what is below. */
const onlyChanges = (shown: Uint8Array, canvas: Uint8Array): Uint8Array => {
  const changes = canvas.slice();
  for (let at = 0; at < changes.length; at += 4) {
    if (shown[at] === canvas[at] && shown[at + 1] === canvas[at + 1] && shown[at + 2] === canvas[at + 2] && shown[at + 3] === canvas[at + 3]) {
      changes.fill(0, at, at + 4);
    }
  }
  return changes;
};

/** Full coverage wherever there is half of it, and few shades of ink. */
const opaque = ({ plate, left, top }: PlacedPlate, shades: number): PlacedPlate => ({
  left,
  top,
  plate: {
    ...plate,
    ground: plate.ground.map((coverage) => (coverage >= 128 ? 255 : 0)),
    ink: plate.ink.map((coverage, at) => ((plate.ground[at] ?? 0) < 128 ? 0 : Math.round((Math.round((coverage * shades) / 255) * 255) / shades))),
  },
});

/** GIF has one transparent colour, so all transparent pixels are the same. */
const crisp = (canvas: Uint8Array): Uint8Array => {
  for (let at = 0; at < canvas.length; at += 4) {
    if ((canvas[at + 3] ?? 0) < 128) {
      canvas.fill(0, at, at + 4);
    } else {
      canvas[at + 3] = 255;
    }
  }
  return canvas;
};

const losesPixels = (bytes: Uint8Array, file: GifFile): boolean => {
  if (file.blocks.filter(({ kind }) => kind === 'image').length < 2) {
    return false;
  }
  let before: Uint8Array | undefined;
  for (const after of composedFrames(bytes, file)) {
    for (let at = 3; before !== undefined && at < after.length; at += 4) {
      if (before[at] === 255 && after[at] === 0) {
        return true;
      }
    }
    before = after.slice();
  }
  return false;
};

/** Delay and user input flag of the frame as it was (§23); without a control block, none. */
const controlOf = (bytes: Uint8Array, block: GifBlock | undefined): { readonly delay: Uint8Array; readonly waits: number } =>
  block === undefined
    ? { delay: u16be(0), waits: 0 }
    : { delay: bytes.slice(block.start + 4, block.start + 6), waits: (bytes[block.start + 3] ?? 0) & 2 };

const imageBlock = (
  { region, pixels: { indices, colours, transparent: used } }: DrawnFrame,
  control: { readonly delay: Uint8Array; readonly waits: number },
  clears: boolean,
): Uint8Array => {
  const count = colours.length / 3;
  // libvips clears to transparent only after frames that have a transparent colour; browsers always do.
  const transparent = used ?? (clears && count < 256 ? count : undefined);
  const bits = Math.max(1, 32 - Math.clz32(Math.max(count - 1, transparent ?? 0)));
  const table = new Uint8Array(3 << bits);
  table.set(colours);
  // Disposal 1 leaves the frame, 2 clears it.
  const packed = ((clears ? 2 : 1) << 2) | control.waits | (transparent === undefined ? 0 : 1);
  const graphicControl = concat(Uint8Array.of(0x21, 0xf9, 4, packed), control.delay, Uint8Array.of(transparent ?? 0, 0));
  const place = [region.left, region.top, region.width, region.height].flatMap((value) => [value & 0xff, value >> 8]);
  return concat(graphicControl, Uint8Array.of(0x2c, ...place, 0x80 | (bits - 1)), table, encodeLzw(indices, Math.max(2, bits)));
};

interface Indexed {
  readonly indices: Uint8Array;
  /** Three bytes a colour. */
  readonly colours: Uint8Array;
  readonly transparent: number | undefined;
}

/** Colours that are kept at hand, as a power of two. */
const RECENT_BITS = 12;

/** RGBA as indices into the colours it has, or `undefined` above 256 of them. */
const indexed = ({ samples, width, height }: Raster): Indexed | undefined => {
  const indices = new Uint8Array(width * height);
  const places = new Map<number, number>();
  const colours: number[] = [];
  // Few colours are asked for again and again: where each was found last is faster to look up than a map.
  const [colourAt, placeAt] = [new Int32Array(1 << RECENT_BITS).fill(-2), new Uint8Array(1 << RECENT_BITS)];
  for (let pixel = 0; pixel < indices.length; pixel += 1) {
    const at = pixel * 4;
    const red = samples[at] ?? 0;
    const green = samples[at + 1] ?? 0;
    const blue = samples[at + 2] ?? 0;
    const colour = samples[at + 3] === 0 ? -1 : (red << 16) | (green << 8) | blue;
    const slot = Math.imul(colour, 0x9e3779b1) >>> (32 - RECENT_BITS);
    if (colourAt[slot] !== colour) {
      const known = places.get(colour);
      if (known === undefined && places.size === 256) {
        return undefined;
      }
      const place = known ?? places.size;
      if (known === undefined) {
        places.set(colour, place);
        colours.push(red, green, blue);
      }
      colourAt[slot] = colour;
      placeAt[slot] = place;
    }
    indices[pixel] = placeAt[slot] ?? 0;
  }
  return { indices, colours: Uint8Array.from(colours), transparent: places.get(-1) };
};

/** A frame composed of several palettes can have more than 256 colours; sharp chooses the nearest ones. */
const fewerColours = async ({ samples, width, height, channels }: Raster): Promise<Raster> => {
  const gif = await orDamaged(sharp(samples, { raw: { width, height, channels } }).gif({ dither: 0, effort: 10, colours: 255 }).toBuffer());
  return decodeRaster(gif, await pictureFacts(gif)).then((raster) => ({
    ...raster,
    channels: 4,
    hasAlpha: true,
    samples: crisp(withAlpha(raster, 0)),
  }));
};
