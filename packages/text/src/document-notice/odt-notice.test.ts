import { applySplices, bytesSource } from '@aigc-label/core';
import { fixtureBytes, sampleSlotText, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { odfParts } from '../../test/zip-documents.ts';
import { findTextNotice } from '../find-notice.ts';
import { odt } from '../formats/odt.ts';
import { type TextNoticeOptions, textNotice } from '../notice.ts';

const { membersOf, textIn, zipOf } = zip;
const NAMES = ['office', 'text', 'style'].map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`).join(' ');

const withText = (text: string, { styles = '<office:automatic-styles/>', manifest = '', more = [] as readonly zip.ZipMember[] } = {}): Uint8Array =>
  zipOf([
    ...odfParts(undefined, { manifest }).map((member) =>
      member.name === 'content.xml'
        ? {
            ...member,
            isDeflated: true,
            data: `<?xml version="1.0"?><office:document-content ${NAMES}>${styles}<office:body><office:text>${text}</office:text></office:body></office:document-content>`,
          }
        : member,
    ),
    ...more,
  ]);
const sentence: TextNoticeOptions = { text: 'AI生成', positions: ['start', 'middle', 'end'] };
const corner: TextNoticeOptions = { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' };
const mark = async (bytes: Uint8Array, options: TextNoticeOptions): Promise<Uint8Array> => {
  const marked = await textNotice.apply(bytesSource(bytes), 'odt', options);
  return marked.kind === 'splices' ? applySplices(bytes, marked.splices) : expect.fail('splices');
};
const find = (bytes: Uint8Array) => findTextNotice(bytesSource(bytes), 'odt');
const contentOf = (bytes: Uint8Array): string => textIn(bytes, 'content.xml')!;
const textOf = (bytes: Uint8Array): string => /<office:text>(.*)<\/office:text>/s.exec(contentOf(bytes))![1]!;

const DECLARATIONS = '<text:sequence-decls><text:sequence-decl text:name="a"/></text:sequence-decls>';
const body = `${DECLARATIONS}<text:h>题</text:h><text:p>一</text:p><text:p>二<text:note><text:p>注</text:p></text:note></text:p><text:list><text:list-item><text:p>项</text:p></text:list-item></text:list><text:p/>`;
const P = '<text:p><text:span text:style-name="AIGCNotice">AI生成</text:span></text:p>';
const S = '<text:span text:style-name="AIGCCornerMark">AI</text:span>';

describe('a notice in an OpenDocument text', () => {
  it('is a paragraph behind the declarations, between paragraphs, and last', async () => {
    const before = withText(body);
    expect(await textNotice.isPresent(bytesSource(before), 'odt', sentence)).toBe(false);
    expect(await find(before)).toEqual([]);
    const marked = await mark(before, sentence);
    expect(textOf(marked)).toBe(body.replace('<text:h>', `${P}<text:h>`).replace('<text:p>二', `${P}<text:p>二`).concat(P));
    expect(contentOf(marked)).toMatch(
      /<office:automatic-styles><style:style xmlns:fo="[^"]+" style:name="AIGCNotice" [^>]*><style:text-properties [^>]*\/><\/style:style><\/office:automatic-styles>/,
    );
    const others = (bytes: Uint8Array): unknown => membersOf(bytes).filter(({ name }) => name !== 'content.xml');
    expect(others(marked)).toEqual(others(before));
    expect(await textNotice.isPresent(bytesSource(marked), 'odt', sentence)).toBe(true);
    expect(await mark(marked, sentence)).toEqual(marked);
    expect((await find(marked)).map(({ position }) => position)).toEqual(['start', 'end', 'end']);
    const labelled = applySplices(marked, await odt.plan(bytesSource(marked), sampleSlotText));
    expect(await textNotice.isPresent(bytesSource(labelled), 'odt', sentence)).toBe(true);
  });

  it('is raised behind the title and the last words', async () => {
    for (const styles of ['<office:automatic-styles/>', '', '<office:automatic-styles><style:style style:name="a"/></office:automatic-styles>']) {
      const marked = await mark(withText(body, { styles }), corner);
      // The list has the last words, so that the mark has a paragraph of its own behind it.
      expect(textOf(marked)).toBe(`${body.replace('</text:h>', `${S}</text:h>`)}<text:p>${S}</text:p>`);
      expect(contentOf(marked)).toContain('style:text-position="super 58%"');
      expect(await find(marked)).toEqual(['start', 'end'].map((position) => ({ position, form: 'corner-mark', text: 'AI' })));
      expect(await textNotice.isPresent(bytesSource(marked), 'odt', corner)).toBe(true);
      expect(await mark(marked, corner)).toEqual(marked);
      const short = await mark(withText('<text:p>二<text:note><text:p>注</text:p></text:note></text:p>', { styles }), corner);
      expect(textOf(short)).toBe(`<text:p>二<text:note><text:p>注</text:p></text:note>${S}</text:p>`);
      // Office programs give styles names of their own.
      const renamed = withText(textOf(marked).replaceAll('AIGCCornerMark', 'T1'), {
        styles:
          '<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles>',
      });
      expect(await textNotice.isPresent(bytesSource(renamed), 'odt', corner)).toBe(true);
    }
  });

  it('is put into a real one', async () => {
    const marked = await mark(fixtureBytes('zip/text.odt'), { ...sentence, positions: ['start', 'end'] });
    expect(await find(marked)).toHaveLength(2);
  });

  it.each([
    ['a signed document', withText(body, { more: [{ name: 'META-INF/documentsignatures.xml', data: '<a/>' }] }), sentence, 'NOTICE_UNSUPPORTED'],
    [
      'an encrypted document',
      withText(body, {
        manifest:
          '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-data/></manifest:file-entry>',
      }),
      sentence,
      'NOTICE_UNSUPPORTED',
    ],
    ['every page', withText(body), { ...sentence, positions: ['throughout'] as const }, 'NOTICE_UNSUPPORTED'],
    ['one paragraph', withText('<text:p>a</text:p>'), { ...sentence, positions: ['middle'] as const }, 'NOTICE_UNSUPPORTED'],
    ['no text', zipOf(odfParts(undefined)), sentence, 'FILE_DAMAGED'],
  ] as const)('is refused for %s', async (_, bytes, options, code) => {
    await expect(mark(bytes, options)).rejects.toMatchObject({ code });
    expect(await find(bytes)).toEqual([]);
  });

  it('takes a time that grows with the size alone', async () => {
    for (const piece of ['<text:p>', '<text:span>', '<style:style a', '<style:style a="b"> ', '<text:p>x</text:p>', '<', '&#1;']) {
      const started = performance.now();
      await find(withText(piece.repeat(60_000)));
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});
