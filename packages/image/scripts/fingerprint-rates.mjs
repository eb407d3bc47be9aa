// Measures `imageFingerprint`: how often renditions of one picture match, how often different pictures do, and what it costs (build first).
// node packages/image/scripts/fingerprint-rates.mjs [film:]FOLDER… Pictures of a folder after `film:` are frames of films: their pairs are counted apart. EACH=30 pictures of each other folder are transcoded.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import sharp from 'sharp';
import { bytesSource } from '../../core/dist/index.js';
import { structuralLikeness } from '../../core/dist/likeness/structure.js';
import { averaged } from '../dist/fingerprint/averaged.js';
import { frequenciesOf, GRID_SIDE } from '../dist/fingerprint/frequencies.js';
import { IMAGE_FINGERPRINT_DISTANCE, imageFingerprint } from '../dist/fingerprint/index.js';

const EACH = Number(process.env.EACH ?? 30);
/** Shortest side of pictures that are transcoded: a quarter of less shows too little to anyone. */
const LEAST_SIDE = 128;
/** From this likeness on (another measure, of colours too) two files hold one picture. */
const SAME = 0.97;
sharp.concurrency(1);

const formatOf = ([first]) => ({ 137: 'png', 255: 'jpeg', 71: 'gif', 82: 'webp' })[first];
const fingerprintOf = (bytes) => imageFingerprint.of(bytesSource(new Uint8Array(bytes)), formatOf(bytes));
const distance = (a, b) => a.reduce((sum, byte, index) => sum + (byte ^ b[index]).toString(2).replaceAll('0', '').length, 0);
const share = (count, total) => `${count} of ${total} (${((100 * count) / total).toFixed(2)} %)`;
const small = (bytes) =>
  sharp(bytes, { autoOrient: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .resize(64, 64, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer();

const folders = process.argv.slice(2).map((argument) => ({ isFilm: argument.startsWith('film:'), folder: argument.replace(/^film:/, '') }));
const pictures = [];
const sets = [];
let nothingToSee = 0;
for (const { isFilm, folder } of folders) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(png|jpe?g|webp|gif)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const set = [];
  for (const path of paths) {
    try {
      const bytes = readFileSync(path);
      const fingerprint = await fingerprintOf(bytes);
      if (fingerprint === undefined) {
        nothingToSee += 1;
      } else {
        pictures.push({ path, folder, isFilm, fingerprint, words: new Uint32Array(fingerprint.buffer.slice(0)) });
        set.push(path);
      }
    } catch (error) {
      if (error.name !== 'LabelError' && error.code !== 'ENOENT') {
        throw error;
      }
    }
  }
  sets.push(isFilm ? [] : set);
}
console.log(`${pictures.length} pictures with a fingerprint, ${nothingToSee} that show too little`);

const kinds = {
  'JPEG q30': (one) => one.jpeg({ quality: 30 }),
  'JPEG q10': (one) => one.jpeg({ quality: 10 }),
  'JPEG q75, progressive': (one) => one.jpeg({ quality: 75, progressive: true }),
  'JPEG, turned by Exif': (one) => one.rotate(90).jpeg().withMetadata({ orientation: 8 }),
  'a quarter, JPEG q80': (one, { width }) => one.resize(Math.round(width / 4)).jpeg({ quality: 80 }),
  'a quarter, JPEG q30': (one, { width }) => one.resize(Math.round(width / 4)).jpeg({ quality: 30 }),
  'a quarter, nearest pixel': (one, { width }) => one.resize(Math.round(width / 4), null, { kernel: 'nearest' }).png(),
  '128 pixels, JPEG q70': (one) => one.resize(128, 128, { fit: 'inside' }).jpeg({ quality: 70 }),
  'twice, WebP q50': (one, { width }) => one.resize(2 * width).webp({ quality: 50 }),
  'WebP q30': (one) => one.webp({ quality: 30 }),
  'AVIF q30, then PNG': async (one) => sharp(await one.avif({ quality: 30, effort: 0 }).toBuffer()).png(),
  GIF: (one) => one.gif({ effort: 1 }),
  'GIF, 32 colours': (one) => one.gif({ colours: 32, effort: 1 }),
  'PNG, 16 colours, no dither': (one) => one.png({ palette: true, colours: 16, dither: 0 }),
  '10 % brighter': (one) => one.linear(1, 25).png(),
  '10 % darker': (one) => one.linear(1, -25).png(),
  'contrast 1.2': (one) => one.linear(1.2, -25).png(),
  'gamma 1.3': (one) => one.gamma(1.3, 1).png(),
  'grey (another weighting)': (one) => one.greyscale().jpeg(),
  blurred: (one) => one.blur(1.5).jpeg(),
  sharpened: (one) => one.sharpen({ sigma: 2 }).jpeg(),
  '1 % cut off': (one, { width, height }) =>
    one
      .extract({
        left: Math.round(width / 200),
        top: Math.round(height / 200),
        width: width - Math.round(width / 100),
        height: height - Math.round(height / 100),
      })
      .png(),
};
const results = new Map();
const note = (kind, value) => results.set(kind, [...(results.get(kind) ?? []), value]);
let transcoded = 0;
for (const set of sets) {
  const step = Math.max(1, Math.floor(set.length / EACH));
  for (const path of set.filter((_, index) => index % step === 0).slice(0, EACH)) {
    let bytes = readFileSync(path);
    const { width: across, height: down } = await sharp(bytes).metadata();
    if (Math.min(across, down) < LEAST_SIDE) {
      continue;
    }
    transcoded += 1;
    const opaque = sharp(bytes, { autoOrient: true }).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
    // Only to save time: large pictures are transcoded from a smaller copy.
    bytes = await (across * down > 2_500_000 ? opaque.resize(1600, 1600, { fit: 'inside' }) : opaque).png({ compressionLevel: 1 }).toBuffer();
    const size = await sharp(bytes).metadata();
    const original = await fingerprintOf(bytes);
    if (original === undefined) {
      continue;
    }
    for (const [kind, transcode] of Object.entries(kinds)) {
      const rendition = await fingerprintOf(await (await transcode(sharp(bytes), size)).toBuffer());
      note(kind, { path, bits: rendition === undefined ? undefined : distance(original, rendition) });
    }
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const step3 = info.channels >= 3 ? 1 : 0;
    const samples = Float64Array.from({ length: info.width * info.height }, (_, at) => {
      const from = at * info.channels;
      return 0.299 * data[from] + 0.587 * data[from + step3] + 0.114 * data[from + 2 * step3];
    });
    const frequencies = frequenciesOf(averaged({ width: info.width, height: info.height, samples }, GRID_SIDE));
    note('the same file, another decoder, never rounded', {
      path,
      bits: [...frequencies].filter((value, index) => value > 0 !== ((original[index >> 3] >> (7 - (index & 7))) & 1) > 0).length,
    });
  }
}
console.log(`${transcoded} pictures transcoded; matched means at most ${IMAGE_FINGERPRINT_DISTANCE} bits`);
for (const [kind, values] of results) {
  const answered = values.filter(({ bits }) => bits !== undefined).sort((a, b) => a.bits - b.bits);
  const at = (part) => answered[Math.min(answered.length - 1, Math.floor(part * answered.length))].bits;
  const matched = answered.filter(({ bits }) => bits <= IMAGE_FINGERPRINT_DISTANCE).length;
  console.log(
    `  ${kind}: matched ${share(matched, values.length)}, no answer ${values.length - answered.length}; bits median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)} ${answered.at(-1).path.slice(-40)}`,
  );
}

const ones = (word) => {
  let value = word - ((word >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};
const counts = { pairs: 0, film: 0, filmMatched: 0 };
const near = [];
const histogram = new Uint32Array(257);
for (const [index, one] of pictures.entries()) {
  for (const other of pictures.slice(index + 1)) {
    let bits = 0;
    for (let at = 0; at < 8; at += 1) {
      bits += ones(one.words[at] ^ other.words[at]);
    }
    if (one.isFilm && other.isFilm) {
      counts.film += 1;
      counts.filmMatched += bits <= IMAGE_FINGERPRINT_DISTANCE ? 1 : 0;
      continue;
    }
    counts.pairs += 1;
    histogram[bits] += 1;
    if (bits <= 2 * IMAGE_FINGERPRINT_DISTANCE) {
      near.push({ bits, one, other });
    }
  }
}
near.sort((a, b) => a.bits - b.bits);
const cache = new Map();
const smallOf = async (path) => cache.get(path) ?? cache.set(path, await small(readFileSync(path))).get(path);
let same = 0;
const different = [];
for (const pair of near) {
  pair.likeness = structuralLikeness(await smallOf(pair.one.path), await smallOf(pair.other.path));
  if (pair.likeness >= SAME) {
    same += 1;
    histogram[pair.bits] -= 1;
  } else {
    different.push(pair);
  }
}
const total = counts.pairs - same;
console.log(
  `${total} pairs of different pictures, ${same} more pairs of files that hold one picture (likeness ${SAME} or more); ${share(counts.filmMatched, counts.film)} pairs of frames of films match`,
);
for (const limit of [8, 16, IMAGE_FINGERPRINT_DISTANCE, 32, 40, 48, 64, 80, 100]) {
  console.log(`  at most ${limit} bits: ${histogram.subarray(0, limit + 1).reduce((sum, count) => sum + count, 0)}`);
}
for (const { bits, likeness, one, other } of different) {
  console.log(`  ${bits} bits, likeness ${likeness.toFixed(3)}: ${one.path} | ${other.path}`);
}

const noise = sharp({ create: { width: 4000, height: 3000, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).blur(2);
for (const [kind, encode] of [
  ['JPEG', (one) => one.jpeg()],
  ['JPEG, progressive', (one) => one.jpeg({ progressive: true })],
  ['PNG', (one) => one.png({ compressionLevel: 3 })],
  ['WebP', (one) => one.webp()],
  ['GIF', (one) => one.gif({ effort: 1 })],
]) {
  const bytes = await encode(noise.clone()).toBuffer();
  await fingerprintOf(bytes);
  const began = process.cpuUsage();
  await fingerprintOf(bytes);
  const { user, system } = process.cpuUsage(began);
  console.log(`${kind}: ${((user + system) / 12_000).toFixed(1)} ms of CPU a megapixel`);
}
console.log(
  `resident memory at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB, sharp included; ${Math.round(performance.now() / 1000)} s`,
);
