// Fills the generated parts of the documents: tables from the code, and code from files that are tested. `--check` changes nothing and fails on drift.
// Between `<!-- formats:en -->` and `<!-- /formats -->` stands the short table of formats, between `<!-- places:en -->` and `<!-- /places -->` the full one; after `<!-- file: PATH -->` stands a fenced copy of that file.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');
const { allFormats } = await import('../packages/toolkit/dist/index.js');
const { BADGE_FORMATS } = await import('../packages/image/dist/index.js');
const { SOUND_NOTICE_FORMATS, VIDEO_NOTICE_FORMATS } = await import('../packages/av/dist/index.js');
const { textNotice } = await import('../packages/text/dist/index.js');

/** Which other tools read our label, format by format: the tests' own list. */
const judgedBy = new Map(
  [...readFileSync(join(root, 'test-fixtures/src/judged-by.ts'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \[(.*?)\]/gms)].map(([, id, tools]) => [
    id,
    [...tools.matchAll(/'([^']*)'/g)].map(([, tool]) => tool),
  ]),
);

const WORDS = {
  en: {
    short: ['format', 'extensions', 'write', 'read', 'verify', 'explicit label'],
    full: ['format', 'kind', 'extensions', 'write', 'read', 'verify', 'where the label stands', 'who names the place', 'judged by'],
    yes: 'yes',
    sidecar: { always: 'in a sidecar', some: 'yes, some in a sidecar' },
    badge: 'badge',
    notice: 'notice in the text',
    heard: 'notice that is heard',
    shown: 'notice on the picture',
    none: 'not yet',
    nobody: 'no other tool',
    decision: 'our decision',
    modalities: { image: 'image', audio: 'audio', video: 'video', text: 'text and documents' },
  },
  zh: {
    short: ['格式', '扩展名', '写', '读', '核验', '显式标识'],
    full: ['格式', '类别', '扩展名', '写', '读', '核验', '标识位置', '位置依据', '由何工具验证'],
    yes: '是',
    sidecar: { always: '边车文件', some: '是，部分用边车文件' },
    badge: '角标',
    notice: '文字提示',
    heard: '语音或节奏提示',
    shown: '画面提示',
    none: '暂无',
    nobody: '无其他工具',
    decision: '本项目决定',
    modalities: { image: '图片', audio: '音频', video: '视频', text: '文本与文档' },
  },
};
const ORDER = ['image', 'audio', 'video', 'text'];
const sorted = allFormats.toSorted((a, b) => ORDER.indexOf(a.modality) - ORDER.indexOf(b.modality));

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
const table = (head, rows) => [row(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(row)].join('\n');

const writes = ({ sidecar }, words) => (sidecar === undefined ? words.yes : words.sidecar[sidecar]);
const EXPLICIT = { badge: BADGE_FORMATS, heard: SOUND_NOTICE_FORMATS, shown: VIDEO_NOTICE_FORMATS, notice: textNotice.formats };
const explicit = ({ id }, words) => words[Object.keys(EXPLICIT).find((form) => EXPLICIT[form].includes(id)) ?? 'none'];

const formats = (language) => {
  const words = WORDS[language];
  const rows = sorted.map((format) => [format.id, format.extensions.join(' '), writes(format, words), words.yes, words.yes, explicit(format, words)]);
  return table(words.short, rows);
};

const places = (language) => {
  const words = WORDS[language];
  const rows = sorted.map((format) => [
    format.id,
    words.modalities[format.modality],
    format.extensions.join(' '),
    writes(format, words),
    words.yes,
    words.yes,
    format.place.description,
    format.place.certainty === 'guide' ? format.place.source : `${words.decision}: ${format.place.source}`,
    judgedBy.get(format.id)?.join(', ') || words.nobody,
  ]);
  return table(words.full, rows);
};

const fill = (text) =>
  text
    .replace(/(<!-- formats:(en|zh) -->\n)[\s\S]*?(\n<!-- \/formats -->)/g, (_, start, language, end) => start + formats(language) + end)
    .replace(/(<!-- places:(en|zh) -->\n)[\s\S]*?(\n<!-- \/places -->)/g, (_, start, language, end) => start + places(language) + end)
    .replace(
      /(<!-- file: (\S+) -->\n)```\w*\n[\s\S]*?\n```(?=\n|$)/g,
      (_, start, path) => `${start}\`\`\`ts\n${readFileSync(join(root, path), 'utf8').trimEnd()}\n\`\`\``,
    );

const documents = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
let hasDrifted = false;
for (const name of documents) {
  const path = join(root, name);
  const text = readFileSync(path, 'utf8');
  const filled = fill(text);
  if (filled !== text) {
    hasDrifted = true;
    console.log(isCheck ? `${name} has drifted: run node scripts/docs.mjs` : `${name} filled`);
    if (!isCheck) {
      writeFileSync(path, filled);
    }
  }
}
process.exitCode = isCheck && hasDrifted ? 1 : 0;
