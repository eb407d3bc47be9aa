import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLabeler } from 'aigc-label';
import sharp, { type Sharp } from 'sharp';
import { race, row, verdict } from './measure.ts';

const run = promisify(execFile);
const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: true });

/** Issue 4: badge and label against the same decoding and encoding by sharp, with nothing drawn. */
const MOST_RATIO = 1.15;

interface Size {
  readonly megapixels: number;
  readonly width: number;
  readonly height: number;
  readonly rounds: number;
}

const SIZES: readonly Size[] = [
  { megapixels: 1, width: 1200, height: 834, rounds: 15 },
  { megapixels: 12, width: 4000, height: 3000, rounds: 5 },
  { megapixels: 48, width: 8000, height: 6000, rounds: 3 },
];

type Encode = (image: Sharp) => Sharp;

const KINDS: Readonly<Record<string, Encode>> = {
  'JPEG 4:2:0': (image) => image.jpeg({ quality: 90 }),
  'JPEG 4:4:4': (image) => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  'JPEG progressive': (image) => image.jpeg({ quality: 90, progressive: true }),
  PNG: (image) => image.png({ compressionLevel: 6 }),
  'WebP q90': (image) => image.webp({ quality: 90 }),
};

/** Smooth noise, which compresses as photos do. */
const picture = async (width: number, height: number): Promise<Sharp> => {
  const [columns, rows] = [Math.round(width / 16), Math.round(height / 16)];
  const small = await sharp(randomBytes(columns * rows * 3), { raw: { width: columns, height: rows, channels: 3 } })
    .png()
    .toBuffer();
  return sharp(await sharp(small).resize(width, height, { kernel: 'cubic' }).png({ compressionLevel: 1 }).toBuffer(), { limitInputPixels: false });
};

/** The badge and the implicit label, bytes to bytes, against decoding and encoding the same picture with sharp and drawing nothing. */
export const benchBadge = async (folder: string): Promise<void> => {
  console.log('\nBadge and label on pictures, bytes to bytes: milliseconds');
  row('', 'sharp, no badge', 'badge + label', 'ratio of medians', 'ratio of minima');
  const ratios: (readonly [string, number])[] = [];
  for (const { megapixels, width, height, rounds } of SIZES) {
    const source = await picture(width, height);
    for (const [kind, encode] of Object.entries(KINDS)) {
      const bytes = await encode(source.clone()).toBuffer();
      const { plain, badged } = await race(
        { plain: () => encode(sharp(bytes)).toBuffer(), badged: () => labeler.labelBytes(bytes) },
        () => Promise.resolve(),
        // WebP at 48 megapixels takes longer than everything else together.
        kind.startsWith('WebP') && megapixels > 12 ? 1 : rounds,
        megapixels > 12 ? 1 : 2,
      );
      const name = `${kind}, ${megapixels} MP`;
      ratios.push([name, badged.median / plain.median]);
      row(name, plain.median, badged.median, badged.median / plain.median, badged.minimum / plain.minimum);
    }
  }
  for (const [name, ratio] of ratios) {
    verdict(`${name}: badge / sharp`, ratio, MOST_RATIO, 'at most');
  }
  await peakMemory(folder);
};

/** What a process holds at most that badges and labels the largest JPEG we take. */
const peakMemory = async (folder: string): Promise<void> => {
  const input = join(folder, 'hundred-megapixels.jpg');
  await writeFile(input, await (await picture(10_000, 10_000)).jpeg({ quality: 90 }).toBuffer());
  const { stdout } = await run(process.execPath, [new URL('badge-once.js', import.meta.url).pathname, input, join(folder, 'badged.jpg')]);
  console.log(`  JPEG of 100 megapixels: peak memory of the process ${(Number(stdout) / (1 << 20)).toFixed(0)} MiB`);
};
