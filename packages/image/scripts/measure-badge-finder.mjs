// Measures `badgeFinder`: false alarms on pictures without a badge of ours, detection of drawn badges after coding and scaling, and how well their height is measured.
// node packages/image/scripts/measure-badge-finder.mjs FOLDER… (build first). Set CHROMIUM for pages of Chinese text, CASES (90) for the number of drawn badges.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { layoutBadge, MINIMUM_HEIGHT_RATIO, plateOf } from '../../badge/dist/index.js';
import { bytesSource, NOTICE_PRESETS } from '../../core/dist/index.js';
import { badgeFinder } from '../dist/badge-finder/index.js';

const MOST_FILES = 500;
const CASES = Number(process.env.CASES ?? 90);
const TEXTS = Object.values(NOTICE_PRESETS);
const POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'];
let state = 20_251;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const milliseconds = [];
const find = async (bytes, formatId) => {
  const began = process.cpuUsage();
  const found = await badgeFinder.find(bytesSource(new Uint8Array(bytes)), formatId);
  const { user, system } = process.cpuUsage(began);
  milliseconds.push((user + system) / 1000);
  return found;
};

// Pictures without a badge of ours.
const files = process.argv
  .slice(2)
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.(png|jpe?g|webp|gif)$/i.test(entry.name))
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
const formatOf = (bytes) =>
  bytes[0] === 0x89 ? 'png' : bytes[0] === 0xff ? 'jpeg' : bytes[0] === 0x47 ? 'gif' : bytes[0] === 0x52 ? 'webp' : undefined;
const negatives = [];
const seen = new Set();
for (const path of files) {
  const bytes = readFileSync(path);
  const formatId = formatOf(bytes);
  const key = bytes.toString('latin1');
  if (formatId === undefined || seen.has(key) || negatives.length >= MOST_FILES) {
    continue;
  }
  seen.add(key);
  const { width = 0, height = 0 } = await sharp(bytes)
    .metadata()
    .catch(() => ({}));
  if (Math.min(width, height) >= 64) {
    negatives.push({ kind: 'file', name: path, bytes, formatId });
  }
}

// Noise, gradients, bars, waves.
const made = (width, height, value) => {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0, pixel = 0; pixel < width * height; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    for (let channel = 0; channel < 3; channel += 1, at += 1) {
      data[at] = value(x, y, channel);
    }
  }
  return { data, width, height };
};
const surface = (kind, width, height) => {
  const [a, b, c] = [10 + random() * 60, 10 + random() * 60, 2 + random() * 30];
  return made(width, height, (x, y, channel) => {
    switch (kind) {
      case 'noise':
        return random() * 256;
      case 'waves':
        return 128 + 70 * Math.sin(x / (a + 9 * channel)) + 50 * Math.sin((y + x / 3) / (b + 5 * channel));
      case 'bars':
        return (Math.floor(x / c) % 2) ^ (Math.floor(y / (c * 3)) % 2) ? 230 : 25;
      case 'white':
        return 255;
      case 'black':
        return 0;
      default:
        return (x / width) * 200 + (y / height) * 55;
    }
  });
};
const pipeline = ({ data, width, height }) => sharp(data, { raw: { width, height, channels: 3 } });
for (const kind of ['noise', 'waves', 'bars', 'gradient']) {
  for (let count = 0; count < 12; count += 1) {
    const picture = surface(kind, 200 + Math.floor(random() * 900), 200 + Math.floor(random() * 900));
    negatives.push({
      kind,
      name: `${kind} ${count}`,
      bytes: await pipeline(picture)
        .jpeg({ quality: pick([60, 80, 95]) })
        .toBuffer(),
      formatId: 'jpeg',
    });
  }
}

// Pages of Chinese text with other words in corners, in the badge's own font, drawn by a browser.
const OTHERS = [
  '豆包AI创作',
  'AI绘画',
  '人工智能实验室',
  '内容由用户上传',
  'AI合影',
  '生成时间',
  '合成照片',
  '人工智能与生活',
  '智能生活',
  'AI-made',
  '内容仅供参考',
  '本内容由编辑整理',
  'AI主播',
  '人工审核',
  '自动生成',
  '图像合成',
  'AI',
  '生成',
  '广告',
  '人工智能',
  '即梦AI',
  'AI生活',
  'AI合作',
  '内容由AI整理',
  '人工智能生态',
  'Al generated',
];
const BODY =
  '人工智能是研究模拟延伸和扩展人的智能的理论方法技术及应用系统的一门新的技术科学。生成内容与合成内容应当分别说明，用户上传的图片和文字由平台审核。AI 技术正在改变生活，智能生成与合成的边界需要清楚的规则。';
const pages = [];
if (process.env.CHROMIUM) {
  const folder = mkdtempSync(join(tmpdir(), 'measure-badge-finder-'));
  const font = fileURLToPath(new URL('../../badge/assets/NotoSansSC-Medium-subset.ttf', import.meta.url));
  try {
    for (let count = 0; count < Number(process.env.PAGES ?? 60); count += 1) {
      const [width, height] = pick([
        [1280, 720],
        [800, 800],
        [390, 844],
        [1024, 768],
      ]);
      const size = Math.round(Math.min(width, height) * pick([0.03, 0.05, 0.07, 0.1]));
      const corner = (edges, text) =>
        `<div style="position:absolute;${edges};font-size:${size * 1.36}px;padding:.28em;border-radius:.25em;${pick(['background:#000b;color:#fff', 'background:#fffc;color:#000', 'color:#fff;text-shadow:0 0 3px #000,0 0 3px #000'])}">${text}</div>`;
      const margin = Math.round(Math.min(width, height) * pick([0, 0.02, 0.05]));
      const corners = [
        `right:${margin}px;bottom:${margin}px`,
        `left:${margin}px;bottom:${margin}px`,
        `right:${margin}px;top:${margin}px`,
        `left:${margin}px;top:${margin}px`,
      ];
      const page = join(folder, 'page.html');
      writeFileSync(
        page,
        `<meta charset="utf-8"><style>@font-face{font-family:N;src:url(file://${font})}body{margin:0;font:${pick([14, 20, 28])}px/1.6 N;background:${pick(['#fff', '#222;color:#eee', 'linear-gradient(45deg,#58a,#fb8)'])};overflow:hidden;height:${height}px}p{margin:.5em}</style>` +
          `<p>${BODY.repeat(12)}</p>${corners.map((edges) => corner(edges, pick(OTHERS))).join('')}`,
      );
      const shot = join(folder, 'page.png');
      execFileSync(
        process.env.CHROMIUM,
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--allow-file-access-from-files',
          '--hide-scrollbars',
          '--virtual-time-budget=2000',
          `--window-size=${width},${height}`,
          `--screenshot=${shot}`,
          `file://${page}`,
        ],
        { stdio: 'ignore' },
      );
      const bytes = readFileSync(shot);
      pages.push(bytes);
      negatives.push({ kind: 'page', name: `page ${count}`, bytes, formatId: 'png' });
      negatives.push({
        kind: 'page half q60',
        name: `page ${count}`,
        bytes: await sharp(bytes)
          .resize(width >> 1)
          .jpeg({ quality: 60 })
          .toBuffer(),
        formatId: 'jpeg',
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const alarms = [];
const kinds = {};
for (const { kind, name, bytes, formatId } of negatives) {
  kinds[kind] = (kinds[kind] ?? 0) + 1;
  try {
    const [notice] = await find(bytes, formatId);
    if (notice !== undefined) {
      alarms.push(`${name}: ${notice.text} ${notice.position} ${JSON.stringify(notice.measures)}`);
      if (process.env.KEEP) {
        writeFileSync(join(process.env.KEEP, `${alarms.length}.${formatId}`), bytes);
      }
    }
  } catch (error) {
    console.log(`${name}: ${error.code ?? error}`);
  }
}
// Clopper and Pearson's one-sided bound, by halving.
const upperBound = (hits, trials) => {
  const atMost = (rate) => {
    let [term, sum] = [(1 - rate) ** trials, 0];
    for (let k = 0; k <= hits; k += 1) {
      sum += term;
      term *= ((trials - k) / (k + 1)) * (rate / (1 - rate));
    }
    return sum;
  };
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    [low, high] = atMost(middle) > 0.05 ? [middle, high] : [low, middle];
  }
  return high;
};
console.log(
  `without a badge: ${negatives.length} pictures ${JSON.stringify(kinds)}, ${alarms.length} false alarms, below ${(100 * upperBound(alarms.length, negatives.length)).toFixed(2)} % (95 %)`,
);
console.log(alarms.map((line) => `  ${line}`).join('\n'));
const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
console.log(
  `milliseconds of CPU, decoding included: median ${quantile(milliseconds, 0.5).toFixed(0)}, 95 % ${quantile(milliseconds, 0.95).toFixed(0)}, most ${quantile(milliseconds, 1).toFixed(0)}`,
);

// Drawn badges.
const blend = ({ data, width }, layout, plate) => {
  for (let y = 0; y < plate.height; y += 1) {
    for (let x = 0; x < plate.width; x += 1) {
      const [ground, ink] = [plate.ground[y * plate.width + x] / 255, plate.ink[y * plate.width + x] / 255];
      for (let channel = 0; channel < 3; channel += 1) {
        const at = ((layout.top + y) * width + layout.left + x) * 3 + channel;
        const over = data[at] * (1 - ground) + 255 * plate.groundLevel * ground;
        data[at] = Math.round(over * (1 - ink) + 255 * (1 - plate.groundLevel) * ink);
      }
    }
  }
};
const KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'];
const codings = {
  png: async (one) => [await one.png().toBuffer(), 'png'],
  'jpeg q60': async (one) => [await one.jpeg({ quality: 60 }).toBuffer(), 'jpeg'],
  half: async (one, width) => [
    await one
      .resize(Math.round(width / 2), null, { kernel: pick(KERNELS) })
      .png()
      .toBuffer(),
    'png',
  ],
  'half, jpeg q60': async (one, width) => [
    await one
      .resize(Math.round(width / 2), null, { kernel: pick(KERNELS.slice(1)) })
      .jpeg({ quality: 60 })
      .toBuffer(),
    'jpeg',
  ],
  'png, jpeg q80, webp q75': async (one) => [
    await sharp(await one.jpeg({ quality: 80 }).toBuffer())
      .webp({ quality: 75, effort: 0 })
      .toBuffer(),
    'webp',
  ],
  gif: async (one) => [await one.gif({ effort: 1 }).toBuffer(), 'gif'],
};
const photos = [];
for (const { bytes, kind } of negatives) {
  const { width = 0, height = 0, pages: frames = 1 } = await sharp(bytes).metadata();
  if (kind === 'file' && frames === 1 && Math.min(width, height) >= 300 && photos.length < 80) {
    photos.push(bytes);
  }
}
const results = {};
const errors = [];
for (let count = 0; count < CASES; count += 1) {
  const [width, height] = pick([
    [1024, 1024],
    [1280, 720],
    [800, 1200],
    [640, 480],
    [1600, 1067],
    [512, 768],
    [720, 1280],
    [360, 2000],
    [3000, 2000],
  ]);
  const ground = pick(['photo', 'photo', 'page', 'noise', 'waves', 'white', 'black', 'bars']);
  const own = ground === 'photo' ? photos : ground === 'page' ? pages : [];
  const picture =
    own.length === 0
      ? surface(ground, width, height)
      : {
          width,
          height,
          data: await sharp(pick(own))
            .flatten({ background: '#fff' })
            .toColourspace('srgb')
            .resize(width, height, { fit: 'fill' })
            .removeAlpha()
            .raw()
            .toBuffer(),
        };
  const plate = pick(['dark', 'dark', 'light', 'none']);
  const badge = {
    text: pick(TEXTS),
    position: POSITIONS[count % POSITIONS.length],
    heightRatio: pick([0.05, 0.052, 0.052, 0.052, 0.06, 0.1, 0.2, 0.045, 0.04, 0.03, 0.02]),
    marginRatio: pick([0, 0.013, 0.02, 0.02, 0.02, 0.05, 0.1, 0.2]),
    plate,
    plateOpacity: plate === 'none' ? 1 : pick([0.54, 0.72, 0.72, 1]),
  };
  let layout;
  try {
    layout = layoutBadge(badge, width, height);
  } catch (error) {
    if (error.code !== 'NOTICE_NOT_DRAWABLE') {
      throw error;
    }
    count -= 1;
    state += 1;
    continue;
  }
  blend(picture, layout, await plateOf(layout, badge));
  if (process.env.VERBOSE && count % 12 === 0) {
    console.log(count, JSON.stringify(results), errors.length, quantile(errors, 0.95), quantile(errors, 1));
  }
  const truth = layout.capPixels / Math.min(width, height);
  // Every second coding, in turns: each case costs a second.
  for (const [name, coding] of Object.entries(codings).filter((_, index) => (index + count) % 2 === 0)) {
    const [bytes, formatId] = await coding(pipeline(picture), width);
    const [notice] = await find(bytes, formatId);
    const isHalf = name.startsWith('half');
    results[name] ??= { cases: 0, found: 0, 'right words': 0, 'right place': 0, 'wrong verdict': 0 };
    const result = results[name];
    result.cases += 1;
    const error = notice === undefined ? Number.NaN : notice.measures.heightRatio / truth - 1;
    const isShort = (notice?.shortfalls.length ?? 0) > 0;
    const isWrong = notice !== undefined && isShort !== truth < MINIMUM_HEIGHT_RATIO - 1e-9 && !(truth > 0.0475 && truth < MINIMUM_HEIGHT_RATIO);
    result.found += notice === undefined ? 0 : 1;
    result['right words'] += notice?.text === badge.text ? 1 : 0;
    result['right place'] += notice?.text === badge.text && notice.position === badge.position ? 1 : 0;
    result['wrong verdict'] += isWrong ? 1 : 0;
    if (notice?.text === badge.text && truth > 0.03) {
      errors.push(Math.abs(error));
    }
    if (notice?.text !== badge.text || notice.position !== badge.position || isWrong || Math.abs(error) > 0.02) {
      console.log(
        `  ${name}, ${width} × ${height}, ${ground}, letters of ${isHalf ? layout.capPixels / 2 : layout.capPixels} pixels, ${JSON.stringify(badge)}: ${notice === undefined ? 'nothing' : `${notice.text} ${notice.position} ${JSON.stringify(notice.measures)}, height off by ${(error * 100).toFixed(1)} %`}`,
      );
    }
  }
}
console.table(results);
console.log(
  `height, right words only: off by ${[0.5, 0.95, 0.99, 1].map((share) => `${(quantile(errors, share) * 100).toFixed(2)} % (${share})`).join(', ')}`,
);
