// Fills the generated parts of the documents: tables from the code, and code from files that are tested. `--check` changes nothing and fails on drift.
// Between `<!-- formats:en -->` and `<!-- /formats -->` stands the table of formats; after `<!-- file: PATH -->` stands a fenced copy of that file.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');
const { allFormats } = await import('../packages/toolkit/dist/index.js');

const WORDS = {
  en: {
    head: ['format', 'kind', 'extensions', 'write', 'read', 'verify', 'where the label stands', 'who names the place', 'explicit label'],
    yes: 'yes',
    badge: 'badge',
    notice: 'notice',
    none: 'not yet',
    decision: 'our decision',
  },
  zh: {
    head: ['格式', '类别', '扩展名', '写', '读', '核验', '标识位置', '位置依据', '显式标识'],
    yes: '是',
    badge: '角标',
    notice: '文字提示',
    none: '暂无',
    decision: '本项目决定',
  },
};
const MODALITIES_ZH = { image: '图片', audio: '音频', video: '视频', text: '文本' };

const formats = (language) => {
  const words = WORDS[language];
  const rows = allFormats.map(({ id, modality, extensions, place }) => [
    id,
    language === 'zh' ? MODALITIES_ZH[modality] : modality,
    extensions.join(' '),
    words.yes,
    words.yes,
    words.yes,
    place.description,
    place.certainty === 'guide' ? place.source : `${words.decision}: ${place.source}`,
    { image: words.badge, text: words.notice }[modality] ?? words.none,
  ]);
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
  return [line(words.head), `|${' --- |'.repeat(words.head.length)}`, ...rows.map(line)].join('\n');
};

const fill = (text) =>
  text
    .replace(/(<!-- formats:(en|zh) -->\n)[\s\S]*?(\n<!-- \/formats -->)/g, (_, start, language, end) => start + formats(language) + end)
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
