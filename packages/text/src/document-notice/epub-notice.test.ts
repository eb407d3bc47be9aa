import { applySplices, bytesSource } from '@aigc-label/core';
import { fixtureBytes, sampleSlotText, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { findTextNotice } from '../find-notice.ts';
import { epub } from '../formats/epub.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';

const { membersOf, textIn, zipOf } = zip;
const page = (body: string): string =>
  `<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/></head><body>${body}</body></html>`;

const book = (pages: Readonly<Record<string, string>>, { version = '3.0', spine = '', more = [] as readonly zip.ZipMember[] } = {}): Uint8Array =>
  zipOf([
    { name: 'mimetype', data: 'application/epub+zip' },
    {
      name: 'META-INF/container.xml',
      data: '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OPS/b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    },
    {
      name: 'OPS/b.opf',
      data: `<package xmlns="http://www.idpf.org/2007/opf" version="${version}"><metadata/><manifest>${Object.keys(pages)
        .map((name) => `<item id="${name}" href="${name}.xhtml" media-type="application/xhtml+xml"/>`)
        .join('')}</manifest><spine>${spine}${Object.keys(pages)
        .map((name) => `<itemref idref="${name}"/>`)
        .join('')}</spine></package>`,
    },
    ...Object.entries(pages).map(([name, body]) => ({ name: `OPS/${name}.xhtml`, data: page(body), isDeflated: true })),
    ...more,
  ]);

const cover = '<svg xmlns="http://www.w3.org/2000/svg"><image href="c.jpg"/></svg>';
const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start', 'middle', 'end'] };
const corner: TextNoticeOptions = { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' };
const mark = async (bytes: Uint8Array, options: TextNoticeOptions): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), 'epub', options);
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices');
};
const find = (bytes: Uint8Array) => findTextNotice(bytesSource(bytes), 'epub');
const bodyOf = (bytes: Uint8Array, name: string): string => /<body>(.*)<\/body>/s.exec(textIn(bytes, `OPS/${name}.xhtml`)!)![1]!;
const p = (position: string): string => `<p xml:lang="zh-CN" class="aigc-notice" role="note" lang="zh-CN" data-aigc-notice="${position}">AI生成</p>`;
const sup = (position: string): string =>
  `<sup xml:lang="zh-CN" class="aigc-corner-mark" role="note" lang="zh-CN" data-aigc-notice="${position}" aria-label="人工智能生成">AI</sup>`;

describe('a notice in a book', () => {
  const before = book({ cover, a: '<h1>甲</h1><p>a</p>', b: '<p>b</p>', c: '<p>c</p>', end: '<img src="x.png"/>' });

  it('stands where the text begins and ends, not on the cover', async () => {
    expect(await textNotice.isPresent(bytesSource(before), 'epub', sentence)).toBe(false);
    expect(await find(before)).toEqual([]);
    const marked = await mark(before, sentence);
    expect(['cover', 'a', 'b', 'c', 'end'].map((name) => bodyOf(marked, name))).toEqual([
      cover,
      `${p('start')}<h1>甲</h1><p>a</p>`,
      `${p('middle')}<p>b</p>`,
      `<p>c</p>${p('end')}`,
      '<img src="x.png"/>',
    ]);
    expect(await textNotice.isPresent(bytesSource(marked), 'epub', sentence)).toBe(true);
    expect(await mark(marked, sentence)).toEqual(marked);
    expect(await find(marked)).toEqual(['start', 'end'].map((position) => ({ position, form: 'text', text: 'AI生成' })));
    const others = (bytes: Uint8Array): unknown => membersOf(bytes).filter(({ name }) => !/[abc]\.xhtml/.test(name));
    expect(others(marked)).toEqual(others(before));
    const labelled = applySplices(marked, await epub.plan(bytesSource(marked), sampleSlotText));
    expect(await textNotice.isPresent(bytesSource(labelled), 'epub', sentence)).toBe(true);
  });

  it('stands beside the first heading as a corner mark', async () => {
    const marked = await mark(before, corner);
    expect(bodyOf(marked, 'a')).toBe(`<h1>甲${sup('start')}</h1><p>a</p>`);
    expect(bodyOf(marked, 'c')).toBe(`<p>c</p><p>${sup('end')}</p>`);
    expect(await find(marked)).toEqual(['start', 'end'].map((position) => ({ position, form: 'corner-mark', text: 'AI' })));
    expect(await textNotice.isPresent(bytesSource(marked), 'epub', corner)).toBe(true);
  });

  it('says nothing that EPUB 2 does not know', async () => {
    const old = await mark(book({ a: '<p>a</p>' }, { version: '2.0' }), { ...sentence, positions: ['start', 'end'] });
    const plain = '<p xml:lang="zh-CN" class="aigc-notice">AI生成</p>';
    expect(bodyOf(old, 'a')).toBe(`${plain}<p>a</p>${plain}`);
    expect(await find(old)).toHaveLength(2);
    expect(await find(await mark(fixtureBytes('zip/book.epub'), { ...sentence, positions: ['start', 'end'] }))).toHaveLength(2);
  });

  it.each([
    ['every page', before, { ...sentence, positions: ['throughout'] as const }, 'NOTICE_UNSUPPORTED'],
    ['one chapter', book({ a: '<p>a</p>' }), { ...sentence, positions: ['middle'] as const }, 'NOTICE_UNSUPPORTED'],
    ['a signed book', book({ a: 'a' }, { more: [{ name: 'META-INF/signatures.xml', data: '<a/>' }] }), sentence, 'NOTICE_UNSUPPORTED'],
    [
      'an encrypted text',
      book({ a: 'a', b: 'b' }, { more: [{ name: 'META-INF/encryption.xml', data: '<e><c URI="OPS/a.xhtml"/></e>' }] }),
      sentence,
      'NOTICE_UNSUPPORTED',
    ],
    ['no text', book({}), { ...sentence, positions: ['start'] as const }, 'FILE_DAMAGED'],
    ['text that is not well-formed', book({ a: '<p>' }), { ...sentence, positions: ['start'] as const }, 'FILE_DAMAGED'],
  ] as const)('is refused for %s', async (_, bytes, options, code) => {
    await expect(mark(bytes, options)).rejects.toMatchObject({ code });
    expect(await find(bytes)).toEqual([]);
  });

  it('is none where a book is about the matter', async () => {
    expect(await find(book({ a: '<h1>AI生成内容标识办法</h1><p>人工智能生成合成的内容越来越多。</p><p>x</p>' }))).toEqual([]);
    expect(await find(book({ a: '<p>E=mc<sup>AI</sup></p><p>x</p>' }))).toEqual([]);
  });
});
