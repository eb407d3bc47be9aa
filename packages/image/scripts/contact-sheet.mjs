// Draws the badge on pictures of every kind and lays them out with captions, to be looked at by a person:
//   pnpm --filter @aigc-label/image... build && node packages/image/scripts/contact-sheet.mjs /tmp/badges
// Reads nothing but what it makes itself and, where it lies beside the clone, ../shared/corpus.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

const { drawBadge } = await import(process.env.AIGC_LABEL_BADGE ?? '../dist/badge/index.js');
const out = resolve(process.argv[2] ?? 'badges');
mkdirSync(out, { recursive: true });

const pixels = (width, height, colour) => {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < data.length; at += 4) {
    data.set(colour((at >> 2) % width, Math.floor((at >> 2) / width)), at);
  }
  return sharp(data, { raw: { width, height, channels: 4 } });
};
let state = 1;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state >>> 24;
};
const photo = (x, y) => [
  128 + 70 * Math.sin(x / 90) + 40 * Math.sin(y / 37),
  120 + 80 * Math.sin(y / 110 + 1),
  140 + 90 * Math.cos((x + y) / 130),
  255,
];
const plain = (width, height, colour = photo) => pixels(width, height, colour).removeAlpha();
const frames = (count, width, height) => {
  const data = new Uint8Array(width * height * 4 * count);
  for (let at = 0; at < data.length / 4; at += 1) {
    const [frame, x, y] = [Math.floor(at / (width * height)), at % width, Math.floor(at / width) % height];
    const ball = (x - 60 - 70 * frame) ** 2 + (y - 100) ** 2 < 1600;
    data.set(ball ? [230, 40, 40, 255] : [(x >> 5) * 20, (y >> 5) * 28, 90, x < 40 && y < 40 ? 0 : 255], at * 4);
  }
  return sharp(data, { raw: { width, height: height * count, channels: 4, pageHeight: height } });
};

const chunk = (type, ...parts) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
};
const numbers = (...values) => Buffer.concat(values.map((value) => Buffer.of(value >>> 24, value >>> 16, value >>> 8, value)));
const chunksOf = (png) => {
  const chunks = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) });
  }
  return chunks;
};
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const header = (width, height) => chunk('IHDR', numbers(width, height), Buffer.of(8, 6, 0, 0, 0));

/** An APNG of a picture and a half transparent square that moves over it and is disposed of. */
const apng = async (width, height, count) => {
  const still = await pixels(width, height, photo).png().toBuffer();
  const square = await pixels(60, 60, () => [255, 255, 0, 160])
    .png()
    .toBuffer();
  const data = (png) =>
    Buffer.concat(
      chunksOf(png)
        .filter(({ type }) => type === 'IDAT')
        .map((part) => part.data),
    );
  const control = (sequence, w, h, x, y, dispose, blend) => chunk('fcTL', numbers(sequence, w, h, x, y), Buffer.of(0, 1, 0, 5, dispose, blend));
  const moving = Array.from({ length: count - 1 }, (_, frame) => [
    control(1 + 2 * frame, 60, 60, 40 + 110 * frame, height - 80, 2, 1),
    chunk('fdAT', numbers(2 + 2 * frame), data(square)),
  ]).flat();
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    chunk('acTL', numbers(count, 0)),
    control(0, width, height, 0, 0, 0, 0),
    chunk('IDAT', data(still)),
    ...moving,
    chunk('IEND'),
  ]);
};

/** Our own APNGs: every frame replaces its rectangle and stays. */
const framesOfApng = async (file) => {
  const shown = [];
  let region;
  let data = [];
  const finish = async () => {
    if (region === undefined) {
      return;
    }
    const [width, height, left, top] = region;
    const tile = await sharp(Buffer.concat([SIGNATURE, header(width, height), chunk('IDAT', ...data), chunk('IEND')]))
      .raw()
      .toBuffer();
    const canvas = shown.length > 0 ? Buffer.from(shown.at(-1)) : Buffer.alloc(width * height * 4);
    const stride = file.readUInt32BE(16) * 4;
    for (let y = 0; y < height; y += 1) {
      tile.copy(canvas, (top + y) * stride + left * 4, y * width * 4, (y + 1) * width * 4);
    }
    shown.push(canvas);
  };
  for (const part of chunksOf(file)) {
    if (part.type === 'fcTL') {
      await finish();
      region = [4, 8, 12, 16].map((at) => part.data.readUInt32BE(at));
      data = [];
    } else if (part.type === 'IDAT' || part.type === 'fdAT') {
      data.push(part.type === 'IDAT' ? part.data : part.data.subarray(4));
    }
  }
  await finish();
  const raw = { width: file.readUInt32BE(16), height: file.readUInt32BE(20), channels: 4 };
  return Promise.all(shown.map((canvas) => sharp(canvas, { raw }).png().toBuffer()));
};

const cases = [
  ['white.png', 'white PNG', plain(640, 480, () => [255, 255, 255, 255]).png()],
  ['black.png', 'black PNG', plain(640, 480, () => [0, 0, 0, 255]).png()],
  ['noise.png', 'noise PNG', plain(640, 480, () => [random(), random(), random(), 255]).png()],
  ['photo.jpg', 'photo-like JPEG 4:2:0, q80', plain(1600, 1067).jpeg({ quality: 80 })],
  [
    'progressive.jpg',
    'progressive, long text, top-left, light',
    plain(1200, 900).jpeg({ progressive: true }),
    { text: '内容由人工智能生成合成', position: 'top-left', plate: 'light' },
  ],
  ['none.jpg', 'no plate (outline), JPEG q60', plain(900, 700).jpeg({ quality: 60 }), { plate: 'none', text: '人工智能生成' }],
  ['none-noise.png', 'no plate on noise', plain(500, 400, () => [random(), random(), random(), 255]).png(), { plate: 'none', position: 'bottom' }],
  ['q10.jpg', 'JPEG quality 10', plain(640, 480).jpeg({ quality: 10 })],
  ['tiny64.png', '64 × 64', plain(64, 64).png()],
  ['tiny32.png', '32 × 32', plain(32, 32).png()],
  ['tiny16.png', '16 × 16', plain(16, 16).png()],
  ['panorama.jpg', 'panorama 5000 × 100 (right end)', plain(5000, 100).jpeg()],
  ['tall.jpg', 'tall 90 × 700, long text', plain(90, 700).jpeg(), { text: '人工智能生成合成内容' }],
  ['cmyk.jpg', 'CMYK JPEG', plain(640, 480).toColourspace('cmyk').jpeg({ quality: 90 })],
  ['cmyk-light.jpg', 'CMYK JPEG, light', plain(640, 480).toColourspace('cmyk').jpeg({ quality: 90 }), { plate: 'light', position: 'right' }],
  ['grey.jpg', 'grey JPEG', plain(640, 480).toColourspace('b-w').jpeg()],
  ['alpha.png', 'alpha PNG (on magenta)', pixels(640, 480, (x, y) => [...photo(x, y).slice(0, 3), x > 300 ? 0 : 255]).png()],
  ['grey16.png', '16-bit grey PNG', plain(640, 480).toColourspace('grey16').png()],
  ['palette.png', 'palette PNG, interlaced', plain(640, 480).png({ palette: true, colours: 32, progressive: true })],
  ['p3.png', 'Display P3 profile', plain(640, 480).withIccProfile('p3').png()],
  ['orientation-6.jpg', 'orientation 6, shown upright', plain(640, 480).withMetadata({ orientation: 6 }).jpeg()],
  ['orientation-3.webp', 'orientation 3 WebP, shown upright', plain(640, 480).withMetadata({ orientation: 3 }).webp()],
  ['lossy.webp', 'lossy WebP', plain(640, 480).webp({ quality: 70 })],
  ['animated.gif', 'animated GIF', frames(3, 360, 260).gif({ delay: [100, 200, 300] })],
  ['animated.webp', 'animated WebP', frames(3, 360, 260).webp({ delay: [100, 200, 300] })],
  ['animated.png', 'APNG', { toBuffer: () => apng(360, 260, 3) }],
];

const corpus = fileURLToPath(new URL('../../../../shared/corpus/', import.meta.url));
const found = existsSync(corpus)
  ? ['providers', 'c2pa-rs'].flatMap((folder) =>
      readdirSync(join(corpus, folder))
        .filter((name) => /\.(png|jpe?g|webp|gif)$/i.test(name))
        .map((name) => [name, join(corpus, folder, name)]),
    )
  : [];

const CELL = { width: 400, height: 340 };
const COLUMNS = 4;
const cells = [];
const markup = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
const caption = (text) =>
  sharp({ text: { text: markup(text), rgba: true, dpi: 92 } })
    .png()
    .toBuffer();

const show = async (bytes, text, page) => {
  const view = sharp(bytes, { ...(page === undefined ? {} : { page }), failOn: 'none' })
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#f0f' });
  const { info, data } = await view.png().toBuffer({ resolveWithObject: true });
  const cropped =
    info.width > 3 * info.height
      ? sharp(data).extract({ left: info.width - 3 * info.height, top: 0, width: 3 * info.height, height: info.height })
      : sharp(data);
  const kernel = info.width < 200 ? 'nearest' : 'lanczos3';
  cells.push({
    picture: await cropped
      .resize({ width: CELL.width - 10, height: CELL.height - 40, fit: 'inside', kernel })
      .png()
      .toBuffer(),
    text,
  });
};

const run = async (name, text, bytes, options) => {
  try {
    const badged = await drawBadge(bytes, options);
    writeFileSync(join(out, name), badged);
    if (name === 'animated.png') {
      for (const [frame, picture] of (await framesOfApng(Buffer.from(badged))).entries()) {
        await show(picture, `${text}, frame ${frame + 1}`);
      }
      return;
    }
    const { pages = 1 } = await sharp(badged).metadata();
    for (let page = 0; page < pages; page += 1) {
      await show(badged, pages > 1 ? `${text}, frame ${page + 1}` : text, page);
    }
  } catch (error) {
    cells.push({ picture: await caption(`${error.code ?? error}`), text: `${text}: refused` });
  }
};

for (const [name, text, pipeline, options] of cases) {
  await run(name, text, new Uint8Array(await pipeline.toBuffer()), options);
}
for (const [name, path] of found) {
  await run(`corpus-${name}`, `corpus: ${name}`, new Uint8Array(readFileSync(path)));
}

const perSheet = COLUMNS * 3;
for (let sheet = 0; sheet * perSheet < cells.length; sheet += 1) {
  const layers = [];
  for (const [index, { picture, text }] of cells.slice(sheet * perSheet, (sheet + 1) * perSheet).entries()) {
    const [left, top] = [(index % COLUMNS) * CELL.width + 5, Math.floor(index / COLUMNS) * CELL.height + 5];
    layers.push({ input: picture, left, top: top + 26 }, { input: await caption(text), left, top });
  }
  await sharp({ create: { width: COLUMNS * CELL.width, height: 3 * CELL.height, channels: 3, background: '#bbb' } })
    .composite(layers)
    .png()
    .toFile(join(out, `sheet-${sheet + 1}.png`));
}
process.stdout.write(`${cells.length} pictures in ${out}\n`);
