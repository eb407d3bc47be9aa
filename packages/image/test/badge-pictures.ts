/** Pictures made on the spot, and measurements of decoded pixels that know nothing of how a badge is made. */
import { execFileSync } from 'node:child_process';
import { ffmpegPath } from '@aigc-label/test-fixtures';
import { PNG } from 'pngjs';
import sharp, { type Sharp } from 'sharp';

export type Texture = 'white' | 'black' | 'noise' | 'waves';

/** Repeatable noise, 0 to 255. */
export const noise = (length: number, seed = 1): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
};

/** RGBA pixels; `waves` is smooth and colourful like a photo. */
export const pixels = (texture: Texture, width: number, height: number, seed = 1): Uint8Array => {
  const random = texture === 'noise' ? noise(width * height * 4, seed) : undefined;
  const out = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        const wave = 128 + 70 * Math.sin(x / (40 + 9 * channel) + seed) + 50 * Math.sin((y + x / 3) / (31 + 5 * channel));
        out[at + channel] = texture === 'white' ? 255 : texture === 'black' ? 0 : (random?.[at + channel] ?? Math.round(wave));
      }
      out[at + 3] = 255;
    }
  }
  return out;
};

/** The picture as a pipeline without alpha, to be encoded at will. */
export const picture = (texture: Texture, width: number, height: number, seed = 1): Sharp =>
  sharp(pixels(texture, width, height, seed), { raw: { width, height, channels: 4 } }).removeAlpha();

export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What a viewer sees who honours orientation, in grey; transparent counts as black. */
export const seen = async (bytes: Uint8Array, page = 0): Promise<Grey> => {
  const { data, info } = await sharp(bytes, { page, failOn: 'warning' })
    .autoOrient()
    .flatten({ background: '#000' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest box around pixels that `holds`; right and bottom are one behind. */
export const boxOf = (width: number, height: number, holds: (x: number, y: number) => boolean): Box | undefined => {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (holds(x, y)) {
        [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + 1), Math.max(bottom, y + 1)];
      }
    }
  }
  return right === 0 ? undefined : { left, top, right, bottom };
};

/** Heights of the separate columns of ink brighter than half: glyphs, on a picture that is black elsewhere. */
export const inkHeights = ({ width, height, data }: Grey): readonly number[] => {
  const isInk = (x: number, y: number): boolean => (data[y * width + x] ?? 0) >= 128;
  const groups: { from: number; to: number }[] = [];
  for (let x = 0; x < width; x += 1) {
    if (boxOf(1, height, (_, y) => isInk(x, y)) === undefined) {
      continue;
    }
    const last = groups.at(-1);
    if (last !== undefined && last.to === x) {
      last.to = x + 1;
    } else {
      groups.push({ from: x, to: x + 1 });
    }
  }
  return groups.map(({ from, to }) => {
    const box = boxOf(to - from, height, (x, y) => isInk(from + x, y));
    return box === undefined ? 0 : box.bottom - box.top;
  });
};

/** Where two pictures of one size differ. */
export const difference = (a: Pixels, b: Pixels): Box | undefined => {
  if (a.width !== b.width || a.height !== b.height || a.data.length !== b.data.length) {
    throw new Error(`${a.width} × ${a.height} × ${a.data.length} against ${b.width} × ${b.height} × ${b.data.length}`);
  }
  const channels = a.data.length / (a.width * a.height);
  return boxOf(a.width, a.height, (x, y) => {
    const at = (y * a.width + x) * channels;
    for (let channel = 0; channel < channels; channel += 1) {
      if (a.data[at + channel] !== b.data[at + channel]) {
        return true;
      }
    }
    return false;
  });
};

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | readonly number[];
}

/** Decoded by pngjs, which shares no code with sharp: RGBA, 16 bits where the file has them. */
export const pngPixels = (bytes: Uint8Array): Pixels => {
  // The depth in IHDR: without rescaling, 1 to 4 bits would stay 0 to 15.
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes), { skipRescale: bytes[24] === 16 });
  return { width, height, data };
};

/** Colours under full transparency made black: pngjs does so with a transparent colour, which we keep. */
export const withoutHidden = ({ width, height, data }: Pixels): Pixels => ({
  width,
  height,
  data: Array.from(data, (value, at) => (data[at - (at % 4) + 3] === 0 ? 0 : value)),
});

/** Every frame as RGBA, decoded by ffmpeg (GIF, APNG), composed. */
export const ffmpegFrames = (path: string, width: number, height: number): readonly Pixels[] => {
  const raw = execFileSync(ffmpegPath, ['-v', 'error', '-i', path, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], {
    maxBuffer: 1 << 28,
  });
  const size = width * height * 4;
  return Array.from({ length: raw.length / size }, (_, index) => ({
    width,
    height,
    data: new Uint8Array(raw.subarray(index * size, (index + 1) * size)),
  }));
};

/** Raw samples as sharp gives them, profile not applied. */
export const rawPixels = async (bytes: Uint8Array): Promise<Pixels> => {
  const { data, info } = await sharp(bytes, { ignoreIcc: true, failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};
