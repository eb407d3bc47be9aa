import { randomBytes } from 'node:crypto';
import { createLabeler } from 'aigc-label';
import sharp, { type Sharp } from 'sharp';
import { race, row } from './measure.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: true });

/** Twelve megapixels of smooth noise, which compress as photos do. */
const picture = async (): Promise<Sharp> => {
  const small = await sharp(randomBytes(250 * 188 * 3), { raw: { width: 250, height: 188, channels: 3 } })
    .png()
    .toBuffer();
  return sharp(await sharp(small).resize(4000, 3000, { kernel: 'cubic' }).png({ compressionLevel: 1 }).toBuffer());
};

/** The badge and the implicit label, bytes to bytes, against decoding and encoding the same picture with sharp and drawing nothing. */
export const benchBadge = async (): Promise<void> => {
  const source = await picture();
  const kinds: Readonly<Record<string, (image: Sharp) => Sharp>> = {
    'JPEG q90': (image) => image.jpeg({ quality: 90 }),
    'JPEG q90, progressive': (image) => image.jpeg({ quality: 90, progressive: true }),
    PNG: (image) => image.png({ compressionLevel: 6 }),
    'WebP q90': (image) => image.webp({ quality: 90 }),
  };
  console.log('\nBadge and label on 12 megapixels, bytes to bytes: milliseconds, median');
  row('', 'sharp, no badge', 'badge + label');
  for (const [name, encode] of Object.entries(kinds)) {
    const bytes = await encode(source.clone()).toBuffer();
    const times = await race(
      { 'sharp, no badge': () => encode(sharp(bytes)).toBuffer(), 'badge + label': () => labeler.labelBytes(bytes) },
      () => Promise.resolve(),
      3,
    );
    row(name, times['sharp, no badge'].median, times['badge + label'].median);
    console.log(`    badge / sharp: ${(times['badge + label'].median / times['sharp, no badge'].median).toFixed(2)} ×`);
  }
};
