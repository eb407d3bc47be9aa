// Measures `imageLikeness`: the least likeness of transcodes of one picture, and the greatest of different pictures. node packages/image/scripts/measure-likeness.mjs FOLDER… (build first)
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { structuralLikeness } from '../../core/dist/likeness/structure.js';

const MOST = 600;
const paths = process.argv
  .slice(2)
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => [entry, join(entry.parentPath ?? entry.path, entry.name)]),
  )
  .filter(([entry, path]) => entry.isFile() && /\.(png|jpe?g|webp|avif|gif)$/i.test(path))
  .map(([, path]) => path);

const small = (input) =>
  sharp(input, { autoOrient: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize(64, 64, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();

const pictures = [];
// The same picture in two places is one picture.
const seen = new Set();
for (const path of paths) {
  try {
    const bytes = readFileSync(path);
    const { width, height } = await sharp(bytes).metadata();
    if (width >= 128 && height >= 128 && pictures.length < MOST) {
      const samples = await small(bytes);
      const key = samples.toString('latin1');
      if (!seen.has(key)) {
        seen.add(key);
        pictures.push({ path, bytes, width, samples });
      }
    }
  } catch {}
}
const kinds = {
  'jpeg q10': (one) => one.jpeg({ quality: 10 }),
  'jpeg q50': (one) => one.jpeg({ quality: 50 }),
  'webp q30': (one) => one.webp({ quality: 30 }),
  'avif q30': (one) => one.avif({ quality: 30, effort: 1 }),
  quarter: (one, { width }) => one.resize(Math.max(32, width >> 2)).jpeg(),
  double: (one, { width }) => one.resize(Math.min(4_000, width * 2)).jpeg(),
  'gif palette': (one) => one.resize(256).gif({ colours: 32 }),
};
for (const [name, transcode] of Object.entries(kinds)) {
  const values = [];
  for (const picture of pictures.slice(0, 120)) {
    const encoded = await transcode(sharp(picture.bytes, { autoOrient: true }).flatten({ background: '#ffffff' }), picture).toBuffer();
    values.push([structuralLikeness(picture.samples, await small(encoded)), picture.path]);
  }
  values.sort(([a], [b]) => a - b);
  console.log(
    `${name}: least ${values
      .slice(0, 3)
      .map(([value, path]) => `${value.toFixed(3)} (${path.slice(-40)})`)
      .join(', ')}, median ${values[values.length >> 1][0].toFixed(3)}`,
  );
}
const others = [];
for (let a = 0; a < pictures.length; a += 1) {
  for (let b = a + 1; b < pictures.length; b += 1) {
    others.push([structuralLikeness(pictures[a].samples, pictures[b].samples), pictures[a].path, pictures[b].path]);
  }
}
others.sort(([a], [b]) => b - a);
console.log(`${pictures.length} pictures, ${others.length} pairs`);
for (const limit of [0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5]) {
  console.log(`  above ${limit}: ${others.filter(([value]) => value > limit).length}`);
}
console.log(
  others
    .slice(0, 25)
    .map(([value, a, b]) => `  ${value.toFixed(3)} ${a.slice(-50)} ${b.slice(-50)}`)
    .join('\n'),
);
