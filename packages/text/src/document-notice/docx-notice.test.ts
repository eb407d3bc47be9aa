import { applySplices, bytesSource } from '@aigc-label/core';
import { fixtureBytes, sampleSlotText, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { officeParts } from '../../test/zip-documents.ts';
import { findTextNotice } from '../find-notice.ts';
import { docx } from '../formats/docx.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';

const { membersOf, textIn, zipOf } = zip;
const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const MAIN = 'word/document.xml';

const withBody = (body: string, { namespace = W, prefix = 'w', more = [] as readonly zip.ZipMember[] } = {}): Uint8Array =>
  zipOf([
    ...officeParts().filter(({ name }) => name !== MAIN),
    {
      name: MAIN,
      isDeflated: true,
      data: `<?xml version="1.0"?>\n<${prefix}:document xmlns:${prefix}="${namespace}"><${prefix}:body>${body}</${prefix}:body></${prefix}:document>`,
    },
    ...more,
  ]);
const p = (text: string, properties = ''): string => `<w:p>${properties}<w:r><w:t>${text}</w:t></w:r></w:p>`;
const sect = '<w:sectPr><w:pgSz w:w="1" w:h="2"/></w:sectPr>';

const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start', 'middle', 'end'] };
const corner: TextNoticeOptions = { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' };

const mark = async (bytes: Uint8Array, options: TextNoticeOptions): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), 'docx', options);
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices');
};
const find = (bytes: Uint8Array) => findTextNotice(bytesSource(bytes), 'docx');
const bodyOf = (bytes: Uint8Array): string => /body>(.*)<\/\w+:body>/s.exec(textIn(bytes, MAIN)!)![1]!;
/** What is ours as `[text]`, a raised run as `^text`. */
const short = (body: string): string =>
  body
    .replace(
      /<w:p><w:r><w:rPr><w:rFonts w:hint="eastAsia"\/><w:vanish w:val="0"\/><w:color w:val="auto"\/><w:lang [^>]*\/><\/w:rPr><w:t>([^<]*)<\/w:t><\/w:r><\/w:p>/g,
      '[$1]',
    )
    .replace(/<w:r><w:rPr>(?:(?!<\/w:rPr>).)*<w:vertAlign w:val="superscript"\/>(?:(?!<\/w:rPr>).)*<\/w:rPr><w:t>([^<]*)<\/w:t><\/w:r>/g, '^$1');

describe('a notice in a document of Word', () => {
  it.each([
    ['paragraphs', `${p('一')}${p('二')}${sect}`, `[AI生成]${p('一')}[AI生成]${p('二')}[AI生成]${sect}`],
    [
      'a table of contents, a heading and a list stay whole',
      `${p('目录', '').replace('<w:r>', '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>')}${p('一 1')}${p('二 2').replace('</w:p>', '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>')}${p('一', '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>')}${p('甲', '<w:pPr><w:numPr/></w:pPr>')}${p('乙', '<w:pPr><w:numPr/></w:pPr>')}`,
      undefined,
    ],
    [
      'not inside a table, a control or a text box',
      `<w:sdt><w:sdtContent>${p('封面')}</w:sdtContent></w:sdt>${p('一')}${p('二')}<w:tbl><w:tr><w:tc>${p('格')}</w:tc></w:tr></w:tbl>${sect}`,
      `[AI生成]<w:sdt><w:sdtContent>${p('封面')}</w:sdtContent></w:sdt>${p('一')}[AI生成]${p('二')}<w:tbl><w:tr><w:tc>${p('格')}</w:tc></w:tr></w:tbl>[AI生成]${sect}`,
    ],
    [
      'bookmarks and tracked changes',
      `<w:bookmarkStart w:id="0"/>${p('一')}<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>${p('二')}<w:bookmarkEnd w:id="0"/>`,
      undefined,
    ],
  ])('%s', async (_, body, after) => {
    const before = withBody(body, { more: [{ name: 'word/styles.xml', data: '<w:styles/>', isDeflated: true }] });
    expect(await textNotice.isPresent(bytesSource(before), 'docx', sentence)).toBe(false);
    const marked = await mark(before, sentence);
    const expected = after ?? short(bodyOf(marked));
    expect(short(bodyOf(marked))).toBe(expected);
    expect(expected.replaceAll('[AI生成]', '')).toBe(body);
    expect(expected.match(/\[AI生成\]/g)).toHaveLength(3);
    const levels = expected
      .split('[AI生成]')
      .slice(0, -1)
      .map((_piece, index, pieces) => pieces.slice(0, index + 1).join(''));
    expect(levels.every((head) => head.split('"begin"').length === head.split('"end"').length)).toBe(true);
    // Every other member is the same, packed bytes included.
    const others = (bytes: Uint8Array): unknown => membersOf(bytes).filter(({ name }) => name !== MAIN);
    expect(others(marked)).toEqual(others(before));
    expect(await textNotice.isPresent(bytesSource(marked), 'docx', sentence)).toBe(true);
    expect(await mark(marked, sentence)).toEqual(marked);
    expect(await find(before)).toEqual([]);
    expect((await find(marked)).map(({ position }) => position)).toEqual(expect.arrayContaining(['start', 'end']));
    const labelled = applySplices(marked, await docx.plan(bytesSource(marked), sampleSlotText));
    expect(await textNotice.isPresent(bytesSource(labelled), 'docx', sentence)).toBe(true);
  });

  it('stands raised behind the title and behind the last words', async () => {
    const before = withBody(`${p('标题')}${p('')}${p('正文')}${p('')}${sect}`);
    const marked = await mark(before, corner);
    const raised = (text: string): string => p(text).replace('</w:p>', '^AI</w:p>');
    expect(short(bodyOf(marked))).toBe(`${raised('标题')}${p('')}${raised('正文')}${p('')}${sect}`);
    expect(await find(marked)).toEqual(['start', 'end'].map((position) => ({ position, form: 'corner-mark', text: 'AI' })));
    expect(await textNotice.isPresent(bytesSource(marked), 'docx', corner)).toBe(true);
    expect(await mark(marked, corner)).toEqual(marked);
    const table = `<w:tbl><w:tr><w:tc>${p('格')}</w:tc></w:tr></w:tbl>`;
    expect(short(bodyOf(await mark(withBody(`${table}${p('正文')}${table}`), corner)))).toBe(
      `<w:p>^AI</w:p>${table}${p('正文')}${table}<w:p>^AI</w:p>`,
    );
    expect(short(bodyOf(await mark(withBody(p('正文')), corner)))).toBe(raised('正文'));
    expect(short(bodyOf(await mark(withBody(''), { ...corner, positions: ['start'] })))).toBe('<w:p>^AI</w:p>');
  });

  it('is written in the names of the document', async () => {
    const strict = 'http://purl.oclc.org/ooxml/wordprocessingml/main';
    const body = bodyOf(await mark(withBody('<x:p/>', { namespace: strict, prefix: 'x' }), { text: 'AI&生成', positions: ['start'], lang: 'en' }));
    expect(body).toBe(
      '<x:p><x:r><x:rPr><x:rFonts x:hint="eastAsia"/><x:vanish x:val="0"/><x:color x:val="auto"/><x:lang x:val="en" x:eastAsia="en"/></x:rPr><x:t>AI&amp;生成</x:t></x:r></x:p><x:p/>',
    );
    const real = fixtureBytes('zip/text.docx');
    expect(await find(await mark(real, { text: '本内容由人工智能生成', positions: ['start', 'end'] }))).toHaveLength(2);
  });

  it.each([
    ['a signed document', withBody(p('a'), { more: [{ name: '_xmlsignatures/origin.sigs', data: '' }] }), sentence, 'NOTICE_UNSUPPORTED'],
    ['every page', withBody(p('a')), { ...sentence, positions: ['throughout'] as const }, 'NOTICE_UNSUPPORTED'],
    ['no middle', withBody(p('a')), { ...sentence, positions: ['middle'] as const }, 'NOTICE_UNSUPPORTED'],
    ['something else than a document', withBody(p('a'), { namespace: 'urn:x' }), sentence, 'FILE_DAMAGED'],
    ['what is not well-formed', withBody('<w:p></w:q>'), sentence, 'FILE_DAMAGED'],
    [
      'an entity',
      zipOf([...officeParts().slice(0, 2), { name: MAIN, data: `<!DOCTYPE a [<!ENTITY b "c">]><w:document xmlns:w="${W}"><w:body/></w:document>` }]),
      sentence,
      'FILE_DAMAGED',
    ],
  ] as const)('is refused for %s', async (_, bytes, options, code) => {
    await expect(mark(bytes, options)).rejects.toMatchObject({ code });
    expect(await find(bytes)).toEqual([]);
  });

  it.each([
    'AI生成内容标识办法',
    '人工智能生成合成技术白皮书',
    'AI生成',
    '本报告由人工智能辅助生成，仅供参考。',
    '（以上内容由AI生成）',
    '以上内容由人工智能模型生成，请注意甄别',
    '我们讨论AI生成。',
    'AI生成，改变世界',
    '由AI生成的图片归谁',
    '人工智能的生成与合成',
    'AI如何生成内容',
  ])('a title about the matter is none: %s', async (title) => {
    const isNotice = /^(?:AI生成$|本报告|（|以上)/.test(title);
    expect(await find(withBody(`${p(title)}${p('正文')}${p('完')}`))).toHaveLength(isNotice ? 1 : 0);
  });

  it('takes a time that grows with the size alone', async () => {
    for (const piece of ['<w:p>', '<w:p/>', '<w:t>', '<w:r><w:t>x</w:t></w:r>', '<w:del>', '<!--', '&#1;']) {
      const started = performance.now();
      await find(withBody(piece.repeat(100_000)));
      await find(withBody(`<w:p>${piece.repeat(100_000)}</w:p>`));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
