// Makes assets/NotoSansSC-Medium-subset.ttf, the only font the badge is drawn from. Its two tools are heavy and needed once, so they stay out of the workspace:
//
//   cd "$(mktemp -d)" && npm install --ignore-scripts @expo-google-fonts/noto-sans-sc@0.4.3 subset-font@2.9.0
//   node <here>/subset-font.mjs node_modules <here>/../assets
//
// The SHA-256 it prints must be the one in src/badge-font.test.ts.
// OFL 1.1: the only Reserved Font Name is "Source" (see assets/OFL.txt); the font's own name, Noto Sans SC, is not reserved, so a modified version may keep it.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const modules = resolve(process.argv[2] ?? 'node_modules');
const assets = resolve(process.argv[3] ?? 'assets');
const subsetFont = createRequire(join(modules, 'x.js'))('subset-font');

/** GB/T 2312 level 1: rows 16 to 55, the 3,755 most used hanzi. */
const levelOne = () => {
  const decoder = new TextDecoder('gb2312');
  let text = '';
  for (let row = 0xb0; row <= 0xd7; row += 1) {
    for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell += 1) {
      text += decoder.decode(Uint8Array.of(row, cell));
    }
  }
  return text;
};

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
const punctuation = '·—–…‘’“”「」『』《》〈〉【】〔〕，。：；！？、（）％＋－／～｜\u3000\u00a0©®™°×•→';

const source = join(modules, '@expo-google-fonts/noto-sans-sc');
const font = await subsetFont(readFileSync(join(source, '500Medium/NotoSansSC_500Medium.ttf')), ascii + punctuation + levelOne(), {
  targetFormat: 'sfnt',
  noLayoutClosure: true,
  noHinting: true,
  keepFeatures: [],
  preserveNameIds: [13, 14],
  // Horizontal outlines are all that is drawn: no layout rules, no vertical metrics, no axes.
  dropTables: ['GSUB', 'GPOS', 'GDEF', 'BASE', 'STAT', 'vhea', 'vmtx', 'VORG', 'gasp', 'prep'],
});
writeFileSync(join(assets, 'NotoSansSC-Medium-subset.ttf'), font);
copyFileSync(join(source, 'LICENSE_FONT'), join(assets, 'OFL.txt'));
process.stdout.write(`${createHash('sha256').update(font).digest('hex')}  ${font.length} bytes\n`);
