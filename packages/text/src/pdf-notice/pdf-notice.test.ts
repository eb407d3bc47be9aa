import { execFileSync } from 'node:child_process';
import { openPdf, type PdfFile, pdfObject, pdfStream, unlockPdf } from '@aigc-label/containers';
import { applySplices, bytesSource, latin1, NOTICE_PRESETS } from '@aigc-label/core';
import { fixtureBytes, pdfBuild, pdfHostile, sampleSlotText, withFile } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { findTextNotice } from '../find-notice.ts';
import { pdf } from '../formats/pdf.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';
import { contentBalance, TRUSTED } from './content-balance.ts';
import { GLYPH_OUTLINES } from './glyph-outlines.ts';
import { contentsOf } from './notice-page.ts';
import { plateContent } from './notice-plate.ts';
import { pageAt } from './pdf-pages.ts';

const { header, revision, flate, open } = pdfBuild;
const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start'] };
const everywhere: TextNoticeOptions = { text: 'AI', positions: ['throughout'], form: 'corner-mark' };

const mark = async (bytes: Uint8Array, options: TextNoticeOptions = sentence): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), 'pdf', options);
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices');
};
const isPresent = (bytes: Uint8Array, options: TextNoticeOptions = sentence) => textNotice.isPresent(bytesSource(bytes), 'pdf', options);
const find = (bytes: Uint8Array) => findTextNotice(bytesSource(bytes), 'pdf');
const opened = async (
  bytes: Uint8Array,
): Promise<{ readonly file: PdfFile; readonly catalog: NonNullable<Awaited<ReturnType<typeof pdfObject>>> }> => {
  const file = await unlockPdf(await openPdf(bytesSource(bytes)));
  return { file, catalog: (await pdfObject(file, { number: 1, generation: 0 }))! };
};
/** The streams of a page, unpacked. */
const streamsOf = async (bytes: Uint8Array, index = 0): Promise<readonly string[]> => {
  const { file, catalog } = await opened(bytes);
  const references = await contentsOf(file, await pageAt(file, catalog, index));
  return Promise.all(references.map(async (reference) => latin1(await pdfStream(file, (await pdfObject(file, reference))!, 1 << 20))));
};

/** Pages of any kind below two levels of the tree. */
const withPages = (
  pages: readonly string[],
  more: Readonly<Record<number, string>> = {},
  { catalog = '', inherited = '/MediaBox[0 0 300 400]', kind = 'table' as 'table' | 'stream' } = {},
): Uint8Array =>
  revision(header(), {
    kind,
    objects: {
      1: `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
      2: `<</Type/Pages/Kids[3 0 R]/Count ${pages.length}${inherited}>>`,
      3: `<</Type/Pages/Parent 2 0 R/Kids[${pages.map((_, index) => `${10 + index} 0 R`).join(' ')}]/Count ${pages.length}>>`,
      ...more,
      ...Object.fromEntries(pages.map((page, index) => [10 + index, `<</Type/Page/Parent 3 0 R${page}>>`])),
    },
    trailer: '/Root 1 0 R',
  });

const tool = (name: string, ...args: readonly string[]): string | undefined => {
  try {
    return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      console.warn(`${name} is not installed: skipped`);
      return undefined;
    }
    throw error;
  }
};

describe('a notice in a PDF', () => {
  it.each(['ghostscript', 'object-streams', 'linearized', 'libreoffice', 'rc4', 'rc4-128', 'aes128', 'aes128-os', 'r5', 'aes256', 'aes256-os'])(
    '%s: nothing before it changes, other readers find the words',
    async (name) => {
      const before = fixtureBytes(`pdf/${name}.pdf`);
      const options: TextNoticeOptions = { ...sentence, positions: ['start', 'middle', 'end'] };
      expect(await isPresent(before, options)).toBe(false);
      expect(await find(before)).toEqual([]);
      const marked = await mark(before, options);
      expect(marked.slice(0, before.length)).toEqual(before);
      expect(await isPresent(marked, options)).toBe(true);
      expect(await isPresent(marked, { ...options, text: 'AI合成' })).toBe(false);
      expect(await mark(marked, options)).toEqual(marked);
      expect(await mark(before, options)).toEqual(marked);
      expect(await find(marked)).toEqual(options.positions.map((position) => ({ position, form: 'text', text: 'AI生成' })));
      const label = async (bytes: Uint8Array) => applySplices(bytes, await pdf.plan(bytesSource(bytes), sampleSlotText));
      const labelled = await label(marked);
      expect(await isPresent(labelled, options)).toBe(true);
      expect((await pdf.read(bytesSource(await mark(await label(before), options)))).found).toHaveLength(1);
      if (['ghostscript', 'object-streams', 'aes256-os'].includes(name)) {
        await withFile('marked.pdf', labelled, async (path) => {
          expect(tool('qpdf', '--check', path) ?? 'No syntax or stream encoding errors').toContain('No syntax or stream encoding errors');
          expect((tool('pdftotext', path, '-') ?? 'AI生成'.repeat(3)).match(/AI生成/g)).toHaveLength(3);
        });
      }
    },
  );

  it('keeps resources and everything else of a page, from wherever they are inherited', async () => {
    const font = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>';
    const bytes = withPages(
      ['/Contents 5 0 R/Annots[]', '/Contents[5 0 R 5 0 R]/Resources<</Font 6 0 R/ProcSet[/PDF]>>', '/Contents 7 0 R/Resources 8 0 R', ''],
      { 4: font, 5: flate('BT /F 12 Tf 50 300 Td (Words) Tj ET'), 6: '<</F 4 0 R>>', 7: '[5 0 R]', 8: '<</XObject<</X 6 0 R>>/Font<</F 4 0 R>>>>' },
      { inherited: '/MediaBox[0 0 300 400]/Resources<</Font<</F 4 0 R>>/ExtGState<</G<</ca 1>>>>>>' },
    );
    const marked = await mark(bytes, everywhere);
    const { file, catalog } = await opened(marked);
    const bodies = await Promise.all(
      [0, 1, 2, 3].map(async (index) =>
        latin1((await pageAt(file, catalog, index)).object.dictionary.bytes)
          .split('>>\nendobj')[0]!
          .replaceAll('\n', ' '),
      ),
    );
    expect(bodies[0]).toMatch(
      /\/Annots\[\] .*\/Resources<<\/ExtGState<<\/G<<\/ca 1>>>> \/Font<<\/F 4 0 R \/AIGCNotice(\d+) \1 0 R>>\/XObject<<\/AIGCNotice\1 \d+ 0 R>>>>$/,
    );
    expect(bodies[1]).toMatch(/\/Resources<<\/ProcSet\[\/PDF\] \/Font<<\/F 4 0 R \/AIGCNotice/);
    expect(bodies[2]).toMatch(/\/Resources<<\/Font<<\/F 4 0 R \/AIGCNotice\d+ \d+ 0 R>>\/XObject<<\/X 6 0 R \/AIGCNotice/);
    expect((await streamsOf(marked, 0)).length).toBe(3);
    expect((await streamsOf(marked, 1)).length).toBe(4);
    expect((await streamsOf(marked, 3)).length).toBe(1);
    expect((await find(marked)).map(({ position, form }) => [position, form])).toEqual([['throughout', 'corner-mark']]);
    expect(await isPresent(marked, everywhere)).toBe(true);
    // A second notice beside the first one.
    const both = await mark(marked, sentence);
    expect(await isPresent(both, everywhere)).toBe(true);
    expect(await isPresent(both)).toBe(true);
    await withFile('pages.pdf', both, async (path) => {
      expect((tool('pdftotext', path, '-') ?? 'Words Words Words').match(/Words/g)).toHaveLength(3);
      expect((tool('pdftotext', path, '-') ?? 'AI\n'.repeat(4)).match(/AI(?!生成)/g)).toHaveLength(4);
    });
  });

  it.each([
    ['2 0 0 2 0 0 cm q 5 5 5 rg', 1, 'Q Q '],
    ['Q Q q q Q 9 0 0 9 0 0 cm', 3, 'Q Q '],
    ['BT (ET Q \\( ) Tj', 1, 'ET Q '],
    ['BI /W 1 /H 1 ID q Q Q EI q', 1, 'Q Q '],
    ['/q /Q gs % Q Q\n<51> Tj [(Q) 1 (q)] TJ', 1, 'Q '],
  ])('%s does not reach it', async (content, saves, closing) => {
    const marked = await mark(withPages(['/Contents 5 0 R'], { 5: open(content) }));
    const streams = await streamsOf(marked);
    expect(streams[0]).toBe(`${'q '.repeat(saves)}\n`);
    expect(streams[1]).toBe(content);
    expect(streams[2]?.split('\n')[1]).toBe(closing);
    expect(contentBalance(new TextEncoder().encode(streams.join('\n')))).toEqual(TRUSTED);
  });

  it('is linear in what it reads of a content', () => {
    for (const piece of ['<', '(', 'BI ID ', '[', '%', '/', 'q ', 'Q', ' EI', '(\\']) {
      const started = performance.now();
      contentBalance(new TextEncoder().encode(piece.repeat(100_000)));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });

  it('stands inside what is seen, upright, at 10 points or more, whatever the page is turned or scaled by', async () => {
    for (const [rotate, unit, crop] of [
      [0, 1, ''],
      [90, 1, '/CropBox[50 60 250 390]'],
      [180, 2, ''],
      [270, 1, '/CropBox[250 390 50 60]'],
      [-90, 10, ''],
      [450, 0.5, ''],
    ] as const) {
      const bytes = withPages([`/Rotate ${rotate}/UserUnit ${unit}${crop}`], {}, { inherited: '/MediaBox 9 0 R' });
      const page = revision(bytes, { objects: { 9: '[0 0 300 400]' }, trailer: '/Root 1 0 R' });
      for (const options of [sentence, everywhere, { ...sentence, positions: ['end'] as const }]) {
        const [content = ''] = await streamsOf(await mark(page, options));
        const numbers = (operator: string): readonly number[] =>
          new RegExp(`((?:-?[\\d.]+ )+)${operator}\\b`).exec(content)![1]!.trim().split(' ').map(Number);
        const [a, b, c, d, e, f] = numbers('cm') as [number, number, number, number, number, number];
        const [x, y, width, height] = numbers('re') as [number, number, number, number];
        const at = (u: number, v: number): readonly [number, number] => [a * u + c * v + e, b * u + d * v + f];
        const corners = [at(x, y), at(x + width, y + height)];
        const [left, bottom, right, top] = crop === '' ? [0, 0, 300, 400] : [50, 60, 250, 390];
        for (const [px, py] of corners) {
          expect(px >= left && px <= right && py >= bottom && py <= top).toBe(true);
        }
        expect(Number(/0\.1 g ([\d.]+) /.exec(content)![1]) * 1000).toBeGreaterThanOrEqual(10);
        // A step to the reader's right, in the directions of the page, and its length in points.
        const turn = ((rotate % 360) + 360) % 360;
        expect([Math.round(a * unit * 1e3) / 1e3, Math.round(b * unit * 1e3) / 1e3].map((value) => value + 0)).toEqual(
          { 0: [1, 0], 90: [0, 1], 180: [-1, 0], 270: [0, -1] }[turn as 0],
        );
        expect(Math.abs(a * d - b * c)).toBeCloseTo(1 / unit ** 2, 2);
      }
    }
  });

  it('is an artifact where the page is tagged and the structure cannot be added to', async () => {
    const trees = ['/MarkInfo<</Marked true>>', '/StructTreeRoot 4 0 R', '/StructTreeRoot 5 0 R', '/StructTreeRoot 6 0 R'];
    const more = { 4: '<<>>', 5: '<</ParentTree<</Kids[]>>>>', 6: '<</ParentTree<</Nums[(x) 1]>>>>' };
    for (const catalog of trees) {
      expect((await streamsOf(await mark(withPages([''], more, { catalog })))).at(-1)).toContain('/Artifact<</Type/Pagination>>BDC /Span');
    }
    expect((await streamsOf(await mark(withPages([''])))).at(-1)).not.toContain('Artifact');
  });

  it.each([
    ['the tree in the root, elements below it', '<</Type/StructTreeRoot/K 5 0 R/ParentTree<</Nums[0[5 0 R]1 5 0 R]>>>>', '4', {}],
    [
      'everything in objects of its own',
      '<</Type/StructTreeRoot/K[6 0 R]/ParentTree 7 0 R/ParentTreeNextKey 9>>',
      '6',
      { 6: '<</Type/StructElem/S/Document/P 4 0 R/K 8 0 R/T(title)>>', 7: '<</Nums 9 0 R>>', 8: '[5 0 R]', 9: '[0 20 0 R]', 20: '[5 0 R 5 0 R]' },
    ],
    ['an empty one', '<</Type/StructTreeRoot/ParentTree<</Nums[]>>>>', '4', {}],
  ] as const)('is a paragraph of the structure: %s', async (name, root, parent, more) => {
    const bytes = withPages(
      ['/StructParents 0', ''],
      { 4: root, 5: `<</Type/StructElem/S/P/P ${parent} 0 R>>`, ...more },
      { catalog: '/MarkInfo<</Marked true>>/StructTreeRoot 4 0 R' },
    );
    const marked = await mark(bytes, { ...sentence, positions: ['start', 'end'] });
    const { file } = await opened(marked);
    const bodyOf = async (number: number): Promise<string> =>
      latin1((await pdfObject(file, { number, generation: 0 }))!.dictionary.bytes)
        .split('\nendobj')[0]!
        .trim();
    const kids = /\/K\[(\d+) 0 R (?:(5 0 R) )?(\d+) 0 R \]/.exec(await bodyOf(Number(parent)));
    expect(kids?.[2]).toBe(name === 'an empty one' ? undefined : '5 0 R');
    const [first, last] = [Number(kids![1]), Number(kids![3])];
    const identifier = { 'an empty one': 0, 'the tree in the root, elements below it': 1 }[name as 'an empty one'] ?? 2;
    expect(await bodyOf(first)).toBe(`<</Type/StructElem/S/P/P ${parent} 0 R/Pg 10 0 R/K ${identifier}>>`);
    expect(await bodyOf(last)).toBe(`<</Type/StructElem/S/P/P ${parent} 0 R/Pg 11 0 R/K 0>>`);
    expect((await streamsOf(marked, 0)).at(-1)).toContain(`/P<</MCID ${identifier}>>BDC /Span`);
    const tree = await bodyOf(name.startsWith('everything') ? 7 : 4);
    const before = { 0: '', 1: '5 0 R ', 2: '5 0 R 5 0 R ' }[identifier as 0];
    const key = /\/StructParents (\d+)/.exec(await bodyOf(11))![1]!;
    expect(key).toBe({ 'an empty one': '1', 'the tree in the root, elements below it': '2' }[name as 'an empty one'] ?? '9');
    expect(tree).toContain(`[0 [${before}${first} 0 R ] `);
    expect(tree).toContain(`${key} [${last} 0 R ] ]`);
    expect(await bodyOf(4)).toContain(`/ParentTreeNextKey ${Number(key) + 1}`);
    expect(await find(marked)).toHaveLength(2);
    // What stands on every page is read once.
    const everyPage = await mark(bytes, everywhere);
    expect((await streamsOf(everyPage, 0)).at(-1)).toContain('/P<</MCID');
    expect((await streamsOf(everyPage, 1)).at(-1)).toContain('/Artifact');
    expect((await streamsOf(everyPage, 1)).at(-1)).toContain('/E<FEFF4EBA5DE5667A80FD751F6210>');
    await withFile('tagged.pdf', marked, async (path) => {
      expect(tool('qpdf', '--check', path) ?? 'No syntax or stream encoding errors').toContain('No syntax or stream encoding errors');
      expect((tool('pdfinfo', '-struct-text', path) ?? 'AI生成'.repeat(2)).match(/AI生成/g)).toHaveLength(2);
    });
  });

  it.each([
    ['a signed form', withPages([''], {}, { catalog: '/AcroForm<</SigFlags 3/Fields[]>>' }), sentence, 'NOTICE_UNSUPPORTED'],
    ['a certified document', withPages([''], { 4: '<<>>' }, { catalog: '/Perms<</DocMDP 4 0 R>>' }), sentence, 'NOTICE_UNSUPPORTED'],
    ['no change allowed', fixtureBytes('pdf/nomod.pdf'), sentence, 'NOTICE_UNSUPPORTED'],
    ['a password', fixtureBytes('pdf/user.pdf'), sentence, 'NOTICE_UNSUPPORTED'],
    ['a page like a stamp', withPages(['/MediaBox[0 0 20 20]']), sentence, 'NOTICE_NOT_DRAWABLE'],
    ['a character without an outline', withPages(['']), { ...sentence, text: 'AI生成龘' }, 'NOTICE_NOT_DRAWABLE'],
    [
      'a tree in itself',
      revision(header(), { objects: { 1: '<</Type/Catalog/Pages 2 0 R>>', 2: '<</Type/Pages/Kids[2 0 R]/Count 1>>' }, trailer: '/Root 1 0 R' }),
      sentence,
      'FILE_DAMAGED',
    ],
    [
      'a count that lies',
      withPages([''], { 2: '<</Type/Pages/Kids[3 0 R]/Count 7>>' }),
      { ...sentence, positions: ['end'] as const },
      'FILE_DAMAGED',
    ],
    ['no pages', revision(header(), { objects: { 1: '<</Type/Catalog>>' }, trailer: '/Root 1 0 R' }), sentence, 'FILE_DAMAGED'],
    ['more pages than are marked', withPages(Array<string>(2001).fill('')), everywhere, 'LIMIT_EXCEEDED'],
  ] as const)('is refused for %s', async (_, bytes, options, code) => {
    await expect(mark(bytes, options)).rejects.toMatchObject({ code });
    expect(await find(bytes)).toEqual([]);
  });

  it('is found in 2,000 pages without reading them all', async () => {
    const marked = await mark(withPages(Array<string>(2000).fill('')), { ...sentence, positions: ['start', 'middle', 'end'] });
    const started = performance.now();
    expect(await find(marked)).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is never found in hostile files, nor anything but a verdict', async () => {
    for (const { bytes } of pdfHostile) {
      expect(Array.isArray(await find(bytes()))).toBe(true);
    }
  });

  it('has an outline for every preset', () => {
    for (const character of Object.values(NOTICE_PRESETS).join('')) {
      expect(Object.hasOwn(GLYPH_OUTLINES, character)).toBe(true);
    }
    expect(() =>
      plateContent(
        { text: 'x', position: 'start', form: 'sentence', lang: 'en', codes: [], glyphs: [], name: 'F', tag: undefined },
        { left: 0, bottom: 0, width: 5, height: 5, rotation: 0, unit: 1 },
      ),
    ).toThrow('has no room');
  });
});
