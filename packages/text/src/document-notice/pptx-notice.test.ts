import { applySplices, bytesSource } from '@aigc-label/core';
import { sampleSlotText, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { officeParts } from '../../test/zip-documents.ts';
import { findTextNotice } from '../find-notice.ts';
import { pptx } from '../formats/pptx.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';

const { membersOf, textIn, zipOf } = zip;
const P = 'http://schemas.openxmlformats.org/presentationml/2006/main';
const A = 'http://schemas.openxmlformats.org/drawingml/2006/main';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'ppt/presentation.xml';

const shape = (words: string, id = 7): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="${id}" name="Title"/></p:nvSpPr><p:txBody><a:p><a:r><a:t>${words}</a:t></a:r></a:p></p:txBody></p:sp>`;
const slide = (inside: string, namespace = P): string =>
  `<?xml version="1.0"?><p:sld xmlns:a="${A}" xmlns:p="${namespace}"><p:cSld><p:spTree><p:nvGrpSpPr/>${inside}</p:spTree></p:cSld></p:sld>`;

/** A presentation whose slides are shown in the reverse order of their names. */
const withSlides = (
  slides: readonly string[],
  { size = '<p:sldSz cx="9144000" cy="6858000"/>', more = [] as readonly zip.ZipMember[] } = {},
): Uint8Array =>
  zipOf([
    ...officeParts(MAIN).filter(({ name }) => name !== MAIN),
    {
      name: MAIN,
      data: `<p:presentation xmlns:p="${P}" xmlns:r="${R}"><p:sldIdLst>${slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`).join('')}</p:sldIdLst>${size}</p:presentation>`,
    },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${slides.map((_, index) => `<Relationship Id="r${index}" Type="${R}/slide" Target="${index % 2 === 0 ? '' : '/ppt/'}slides/slide${slides.length - index}.xml"/>`).join('')}</Relationships>`,
    },
    ...slides.map((data, index) => ({ name: `ppt/slides/slide${slides.length - index}.xml`, data, isDeflated: true })),
    ...more,
  ]);

const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start', 'middle', 'end'] };
const everywhere: TextNoticeOptions = { text: 'AI', positions: ['throughout'], form: 'corner-mark' };
const mark = async (bytes: Uint8Array, options: TextNoticeOptions): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), 'pptx', options);
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices');
};
const find = (bytes: Uint8Array) => findTextNotice(bytesSource(bytes), 'pptx');
const boxesOf = (bytes: Uint8Array, name: string): readonly string[] =>
  [...textIn(bytes, `ppt/slides/${name}.xml`)!.matchAll(/name="(AIGC [^"]+)".*?<a:off x="(\d+)" y="(\d+)"\/><a:ext cx="(\d+)" cy="(\d+)"\/>/g)].map(
    ([, box, x, y, cx, cy]) => {
      const [centreX, centreY] = [Number(x) + Number(cx) / 2, Number(y) + Number(cy) / 2];
      expect(Number(x) + Number(cx) <= 9144000 && Number(y) + Number(cy) <= 6858000).toBe(true);
      return `${box} ${centreY < 3429000 ? 'top' : 'bottom'} ${centreX < 4572000 ? 'left' : 'right'}`;
    },
  );

describe('a notice on slides', () => {
  const before = withSlides([slide(shape('一')), slide(shape('二')), slide(`${shape('三')}<p:extLst/>`)]);

  it('stands at an edge of the first, the middle and the last one that is shown', async () => {
    expect(await textNotice.isPresent(bytesSource(before), 'pptx', sentence)).toBe(false);
    expect(await find(before)).toEqual([]);
    const marked = await mark(before, sentence);
    expect(['slide3', 'slide2', 'slide1'].map((name) => boxesOf(marked, name))).toEqual([
      ['AIGC notice (start) top left'],
      ['AIGC notice (middle) bottom left'],
      ['AIGC notice (end) bottom right'],
    ]);
    expect(textIn(marked, 'ppt/slides/slide1.xml')).toContain('</p:sp><p:extLst/></p:spTree>');
    expect(textIn(marked, 'ppt/slides/slide1.xml')!.replace(/<p:sp xmlns:a(?:(?!<\/p:sp>).)*<\/p:sp>/, '')).toBe(
      textIn(before, 'ppt/slides/slide1.xml'),
    );
    const others = (bytes: Uint8Array): unknown => membersOf(bytes).filter(({ name }) => !name.startsWith('ppt/slides/'));
    expect(others(marked)).toEqual(others(before));
    expect(await textNotice.isPresent(bytesSource(marked), 'pptx', sentence)).toBe(true);
    expect(await mark(marked, sentence)).toEqual(marked);
    expect(await find(marked)).toEqual(sentence.positions.map((position) => ({ position, form: 'text', text: 'AI生成' })));
    const labelled = applySplices(marked, await pptx.plan(bytesSource(marked), sampleSlotText));
    expect(await textNotice.isPresent(bytesSource(labelled), 'pptx', sentence)).toBe(true);
  });

  it('is a corner mark on every slide', async () => {
    const marked = await mark(before, everywhere);
    expect(['slide3', 'slide2', 'slide1'].map((name) => boxesOf(marked, name))).toEqual(Array(3).fill(['AIGC corner mark (throughout) top right']));
    expect(await find(marked)).toEqual([{ position: 'throughout', form: 'corner-mark', text: 'AI' }]);
    expect(await textNotice.isPresent(bytesSource(marked), 'pptx', everywhere)).toBe(true);
  });

  it('has a number of its own where several stand on one slide', async () => {
    const marked = await mark(withSlides([slide(shape('一', 41))]), sentence);
    const ids = [...textIn(marked, 'ppt/slides/slide1.xml')!.matchAll(/cNvPr id="(\d+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['41', '42', '43', '44']);
    expect(await find(marked)).toHaveLength(3);
  });

  it('finds words of others, and takes no title about the matter for one', async () => {
    expect(await find(withSlides([slide(shape('本页内容由AI生成')), slide('')]))).toEqual([
      { position: 'start', form: 'text', text: '本页内容由AI生成' },
    ]);
    expect(await find(withSlides([slide(shape('AI生成内容标识办法'))]))).toEqual([]);
  });

  it.each([
    ['a signed presentation', withSlides([slide('')], { more: [{ name: '_xmlsignatures/origin.sigs', data: '' }] }), sentence, 'NOTICE_UNSUPPORTED'],
    ['no slides', withSlides([]), sentence, 'FILE_DAMAGED'],
    ['something else than a slide', withSlides([slide('', 'urn:x')]), sentence, 'FILE_DAMAGED'],
    ['a slide like a stamp', withSlides([slide('')], { size: '<p:sldSz cx="99999" cy="99999"/>' }), sentence, 'NOTICE_NOT_DRAWABLE'],
    ['more slides than are marked', withSlides(Array<string>(2001).fill(slide(''))), everywhere, 'LIMIT_EXCEEDED'],
  ] as const)('is refused for %s', async (_, bytes, options, code) => {
    await expect(mark(bytes, options)).rejects.toMatchObject({ code });
    expect(await find(bytes)).toEqual([]);
  });
});
