/** The frames of a GIF as viewers show them (GIF89a §20, §22, §23). libvips fills what was cleared with a background colour, which browsers do not. */
import { damaged, viewOf } from '@aigc-label/core';
import { clear, compose, type Region } from './canvas.ts';
import { type GifBlock, type GifFile, tableBytes } from './gif-file.ts';
import { decodeLzw } from './lzw.ts';

/** Yields the canvas after each image, RGBA; it is changed afterwards, so copy what is to be kept. @throws LabelError `FILE_DAMAGED`. */
export function* composedFrames(bytes: Uint8Array, file: GifFile): Generator<Uint8Array> {
  const canvas = new Uint8Array(file.width * file.height * 4);
  let control: GifBlock | undefined;
  for (const block of file.blocks) {
    if (block.kind === 'control') {
      control = block;
    }
    if (block.kind !== 'image') {
      continue;
    }
    const flags = control === undefined ? 0 : (bytes[control.start + 3] ?? 0);
    const disposal = (flags >> 2) & 7;
    const transparent = control !== undefined && (flags & 1) === 1 ? bytes[control.start + 6] : undefined;
    const { region, rgba } = decodeImage(bytes, file, block, transparent);
    const before = disposal === 3 ? canvas.slice() : undefined;
    compose(canvas, file.width, rgba, region, true);
    yield canvas;
    if (before !== undefined) {
      canvas.set(before);
    } else if (disposal === 2) {
      clear(canvas, file.width, region);
    }
    control = undefined;
  }
}

/** One image, cut to the canvas. */
const decodeImage = (
  bytes: Uint8Array,
  file: GifFile,
  { start }: GifBlock,
  transparent: number | undefined,
): { readonly region: Region; readonly rgba: Uint8Array } => {
  const view = viewOf(bytes);
  const [left, top, width, height] = [1, 3, 5, 7].map((at) => view.getUint16(start + at, true)) as [number, number, number, number];
  const packed = bytes[start + 9] ?? 0;
  const localBytes = tableBytes(packed);
  const table = localBytes > 0 ? bytes.subarray(start + 10, start + 10 + localBytes) : bytes.subarray(13, file.headerEnd);
  if (left >= file.width || top >= file.height || width === 0 || height === 0) {
    throw damaged('gif', start, 'an image stands outside the picture');
  }
  const indices = decodeLzw(bytes, start + 10 + localBytes, width * height);
  const region = { left, top, width: Math.min(width, file.width - left), height: Math.min(height, file.height - top) };
  const rgba = new Uint8Array(region.width * region.height * 4);
  const rows = (packed & 0x40) === 0 ? undefined : interlacedRows(height);
  for (let line = 0; line < height; line += 1) {
    const y = rows?.[line] ?? line;
    for (let x = 0; x < region.width && y < region.height; x += 1) {
      const index = indices[line * width + x] ?? 0;
      if (index !== transparent) {
        const to = (y * region.width + x) * 4;
        // A colour that the table does not have is black, as in every viewer.
        rgba[to] = table[index * 3] ?? 0;
        rgba[to + 1] = table[index * 3 + 1] ?? 0;
        rgba[to + 2] = table[index * 3 + 2] ?? 0;
        rgba[to + 3] = 255;
      }
    }
  }
  return { region, rgba };
};

/** Where each stored line belongs (appendix E). */
const interlacedRows = (height: number): readonly number[] =>
  [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ].flatMap(([first = 0, step = 1]) => Array.from({ length: Math.max(0, Math.ceil((height - first) / step)) }, (_, line) => first + line * step));
