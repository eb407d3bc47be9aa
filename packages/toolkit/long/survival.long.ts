// docs/survival.md and its Chinese twin: what is said of a signed file after other tools had it. AIGC_LABEL_WRITE=1 writes them; else they must be what is measured.
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryStore } from '@aigc-label/store';
import { exiftoolMissing, ffmpeg, withFile } from '@aigc-label/test-fixtures';
import { ExifTool } from 'exiftool-vendored';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from '../src/labeler.ts';
import { createVerifier } from '../src/verifier.ts';
import { FILES } from '../test/format-files.ts';

type Bytes = Uint8Array;
const producer = '001191110000MA0000000H10001';
const exiftool = new ExifTool({ maxProcs: 1, taskTimeoutMillis: 60_000 });
afterAll(() => exiftool.end());

/** One thing that is done to a file. `undefined` where it cannot be done to this kind. */
interface Treatment {
  readonly id: string;
  readonly en: string;
  readonly zh: string;
  readonly formats: readonly string[];
  apply(bytes: Bytes, extension: string): Promise<{ readonly bytes: Bytes; readonly extension: string }>;
}

const PICTURES = ['png', 'jpeg', 'webp', 'gif'];
const MOVIES = ['mp4', 'mov', 'm4a'];
const byFfmpeg =
  (...flags: readonly string[]) =>
  (to?: string) =>
  async (bytes: Bytes, extension: string): Promise<{ bytes: Bytes; extension: string }> =>
    withFile(`in.${extension}`, bytes, async (path) => {
      const output = join(path, `../out.${to ?? extension}`);
      await ffmpeg('-i', path, ...flags, output);
      return { bytes: new Uint8Array(await readFile(output)), extension: to ?? extension };
    });
const bySharp =
  (draw: (image: sharp.Sharp) => sharp.Sharp, to?: string) =>
  async (bytes: Bytes, extension: string): Promise<{ bytes: Bytes; extension: string }> => ({
    bytes: new Uint8Array(await draw(sharp(bytes).keepMetadata()).toBuffer()),
    extension: to ?? extension,
  });

const TREATMENTS: readonly Treatment[] = [
  {
    id: 'exiftool',
    en: 'exiftool writes a title, a creator and a comment',
    zh: 'exiftool 写入标题、作者与注释',
    formats: ['png', 'jpeg', 'gif', 'webp', 'tiff', 'heic', 'avif', 'jxl', 'jpeg-2000', 'psd', 'dng', 'mp4', 'mov', 'm4a', 'pdf'],
    apply: (bytes, extension) =>
      withFile(`in.${extension}`, bytes, async (path) => {
        await exiftool.write(path, { 'XMP-dc:Title': 'a title', 'XMP-dc:Creator': ['somebody'], Comment: 'a comment' } as never, {
          writeArgs: ['-overwrite_original', '-m'],
        });
        return { bytes: new Uint8Array(await readFile(path)), extension };
      }),
  },
  {
    id: 'ffmpeg-tags',
    en: 'ffmpeg copies the streams and writes a title (MP4 and its kin: with use_metadata_tags)',
    zh: 'ffmpeg 复制流并写入标题（MP4 类：带 use_metadata_tags）',
    formats: ['mp4', 'mov', 'm4a', 'mkv', 'webm', 'mp3', 'flac', 'ogg', 'opus', 'ogv', 'wav', 'aiff', 'avi', 'flv', 'wma', 'aac'],
    apply: (bytes, extension) =>
      byFfmpeg('-map', '0', '-c', 'copy', '-metadata', 'title=a title', ...(MOVIES.includes(extension) ? ['-movflags', 'use_metadata_tags'] : []))()(
        bytes,
        extension,
      ),
  },
  {
    id: 'faststart',
    en: 'ffmpeg moves the index to the front (faststart, use_metadata_tags)',
    zh: 'ffmpeg 将索引移到文件开头（faststart、use_metadata_tags）',
    formats: MOVIES,
    apply: byFfmpeg('-map', '0', '-c', 'copy', '-movflags', 'faststart+use_metadata_tags')(),
  },
  {
    id: 'remux-default',
    en: 'ffmpeg copies the streams, as it does by default',
    zh: 'ffmpeg 按默认方式复制流',
    formats: MOVIES,
    apply: byFfmpeg('-map', '0', '-c', 'copy')(),
  },
  {
    id: 'to-mkv',
    en: 'ffmpeg copies the streams into Matroska',
    zh: 'ffmpeg 将流复制到 Matroska',
    formats: ['mp4', 'mov', 'webm', 'flac', 'mp3', 'opus', 'm4a'],
    apply: byFfmpeg('-map', '0', '-c', 'copy')('mkv'),
  },
  {
    id: 're-encode-media',
    en: 'ffmpeg encodes it anew',
    zh: 'ffmpeg 重新编码',
    formats: ['mp4', 'mov', 'm4a', 'mkv', 'mp3', 'flac', 'ogg', 'wav'],
    apply: (bytes, extension) => byFfmpeg(...(MOVIES.includes(extension) ? ['-movflags', 'use_metadata_tags'] : []))()(bytes, extension),
  },
  {
    id: 'resize',
    en: 'sharp halves the picture and keeps the metadata',
    zh: 'sharp 将图片缩小一半并保留元数据',
    formats: PICTURES,
    apply: bySharp((image) => image.resize(320)),
  },
  {
    id: 're-encode-picture',
    en: 'sharp encodes it as JPEG, quality 60, and keeps the metadata',
    zh: 'sharp 以质量 60 编码为 JPEG 并保留元数据',
    formats: PICTURES,
    apply: bySharp((image) => image.flatten().jpeg({ quality: 60 }), 'jpg'),
  },
  {
    id: 'strip',
    en: 'exiftool takes out all metadata',
    zh: 'exiftool 去除全部元数据',
    formats: ['png', 'jpeg', 'gif', 'webp', 'mp4', 'mov', 'm4a'],
    apply: (bytes, extension) =>
      withFile(`in.${extension}`, bytes, async (path) => {
        await exiftool.write(path, {}, { writeArgs: ['-all=', '-overwrite_original', '-m'] });
        return { bytes: new Uint8Array(await readFile(path)), extension };
      }),
  },
];

/** A picture that shows enough to be known again. */
const sourceOf = async (id: string): Promise<Bytes> => {
  const picture = sharp(readFileSync(new URL('../../../samples/picture.png', import.meta.url))).resize(640);
  return new Uint8Array(await picture.toFormat(id as 'png' | 'jpeg' | 'webp' | 'gif').toBuffer());
};

describe.skipIf(exiftoolMissing !== undefined)('survival', async () => {
  const { signer, trusted } = await testKey([producer]);
  const records = memoryStore();
  const verifier = createVerifier({ trust: await trustIn(trusted), soft: true });
  const labeler = createLabeler({ ContentProducer: producer, signer, records, soft: true });
  const rows = new Map<string, Map<string, string>>();

  const verdictOf = async (id: string, treatment: Treatment): Promise<string> => {
    const [extension, make] = FILES[id] as (typeof FILES)[string];
    const { bytes } = await labeler.labelBytes(await (PICTURES.includes(id) ? sourceOf(id) : make()), { name: `file.${extension}` });
    const treated = await treatment.apply(bytes, extension);
    const name = `file.${treated.extension}`;
    const { integrity, action } = await verifier.verifyBytes(treated.bytes, { name });
    const { recovered } = await verifier.verifyBytes(treated.bytes, { name, records });
    return `${integrity}, ${action}${recovered === null ? '' : ' +'}`;
  };

  for (const treatment of TREATMENTS) {
    for (const id of treatment.formats) {
      it(`${treatment.id}: ${id}`, async () => {
        const verdict = await verdictOf(id, treatment);
        const row = rows.get(treatment.id) ?? new Map<string, string>();
        rows.set(treatment.id, row.set(verdict, [row.get(verdict), id].filter((part) => part !== undefined).join(', ')));
      });
    }
  }

  it.each(['en', 'zh'] as const)('the table (%s) is what was measured', (language) => {
    const file = new URL(`../../../docs/survival${language === 'zh' ? '.zh-CN' : ''}.md`, import.meta.url);
    const text = page(language, rows);
    if (process.env['AIGC_LABEL_WRITE'] === '1') {
      writeFileSync(file, text);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

const page = (language: 'en' | 'zh', rows: ReadonlyMap<string, ReadonlyMap<string, string>>): string => {
  const lines = TREATMENTS.flatMap((treatment) =>
    [...(rows.get(treatment.id) ?? [])].map(([verdict, formats], index) => {
      const [integrity = '', action = ''] = verdict.split(', ');
      const [word = '', plus] = action.split(' ');
      return `| ${index === 0 ? treatment[language] : ''} | ${formats} | \`${integrity}\` | \`${word}\` | ${plus === undefined ? '' : language === 'en' ? 'yes' : '是'} |`;
    }),
  );
  return `${HEADS[language]}\n${lines.join('\n')}\n`;
};

const HEADS = {
  en: `# What survives

Generated by \`node scripts/provenance.mjs survival\`: one signed file of each format (what pictures look like was signed, too: \`--soft\`), after another tool had it, verified with the trust list and \`--soft\`.
"Known" says whether a store of records knows the work by its content where the label is lost. Nothing found never means that a person made it.

| what was done | formats | integrity | action | known |
|---|---|---|---|---|`,
  zh: `# 什么会保留

由 \`node scripts/provenance.mjs survival\` 生成：每种格式一个已签名文件（图片还签署了外观特征：\`--soft\`），经其他工具处理后，用信任列表和 \`--soft\` 核验。
“已知”指标识丢失后，记录库能否凭内容认出该作品。未发现标识绝不表示内容由人创作。

| 处理 | 格式 | 完整性 | 认定 | 已知 |
|---|---|---|---|---|`,
};
