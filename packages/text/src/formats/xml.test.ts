import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { countingSource, type FormatFixture, sampleSlotText, strangeSlotText, testFormat, xmlHostile, xmlStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf, unitsOf } from '../encoding.ts';
import { xml } from './xml.ts';

const LABEL = '{"Label":"1"}';
const utf16 = (text: string, mark: readonly number[]): Uint8Array => Uint8Array.of(...mark, ...encodeUnits(text, encodingOf(Uint8Array.from(mark))));

/** Everything but labels in their wild forms and the line that ours begins, cut out by patterns. */
const untouched = (bytes: Uint8Array): string => {
  const encoding = encodingOf(bytes);
  return unitsOf(bytes.subarray(encoding.markBytes), encoding)
    .replace(/\n?<\?AIGC .*?\?>\n?|<!-- ?AIGC.*?-->|<AIGC>\s*(?:\{|<!\[CDATA\[)[^<]*<\/AIGC>| AIGC='\{[^']*'/g, '')
    .replace(/[\r\n]/g, '');
};
const fixture = (name: string, text: string | Uint8Array, slots = 0): FormatFixture => ({
  name,
  bytes: typeof text === 'string' ? utf8(text) : text,
  untouched,
  slots,
});

testFormat({
  format: xml,
  hasEnd: false,
  structure: xmlStructure,
  fixtures: [
    fixture(
      'declaration, DOCTYPE, stylesheet',
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n<?xml-stylesheet href="a"?>\r\n<!DOCTYPE note [<!ENTITY a "<b/>">]>\r\n<note>&a; 山</note>\r\n',
    ),
    fixture('declaration and root on one line', '<?xml version="1.0" encoding="GBK"?><note AIGC="no"><AIGC>prose</AIGC></note>'),
    fixture('no declaration', '<a:note xmlns:a="urn:a"/>'),
    fixture('UTF-16', utf16('<?xml version="1.0" encoding="UTF-16"?>\n<注>😀</注>', [0xfe, 0xff])),
    fixture('an instruction of somebody else', `<?xml version="1.0"?>\n<!-- c --><?AIGC ${LABEL} ?><note/>`, 1),
    fixture(
      'attribute, child, comments',
      `<?xml version="1.0"?>\n<note AIGC='{&quot;Label&quot;:&quot;1&quot;}'><!-- AIGC: ${LABEL} --><AIGC>${LABEL}</AIGC><AIGC><![CDATA[{"AIGC":${LABEL}}]]></AIGC><b/></note>\n<!--AIGC=${LABEL}-->`,
      5,
    ),
    { ...fixture('two roots', '<?xml version="1.0"?><a/><b/>'), refused: 'FILE_DAMAGED' },
    { ...fixture('ISO-2022-JP', '<?xml version="1.0" encoding="ISO-2022-JP"?><a/>'), refused: 'FORMAT_UNSUPPORTED_FEATURE' },
  ],
});

const label = async (text: string, slot = sampleSlotText): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(applySplices(utf8(text), await xml.plan(bytesSource(utf8(text)), slot)));

describe('xml', () => {
  it('writes the instruction behind the declaration and touches no other byte', async () => {
    const instruction = `<?AIGC ${sampleSlotText.value}?>`;
    expect(await label('<?xml version="1.0"?>\r\n<a/>')).toBe(`<?xml version="1.0"?>\r\n${instruction}\r\n<a/>`);
    expect(await label('<?xml version="1.0"?><a/>')).toBe(`<?xml version="1.0"?>${instruction}<a/>`);
    expect(await label('<!DOCTYPE a><a/>')).toBe(`${instruction}\n<!DOCTYPE a><a/>`);
  });

  it('never lets a value end the instruction', async () => {
    const text = await label('<a/>', strangeSlotText);
    expect(text.indexOf('?>')).toBe(text.indexOf('\n<a/>') - 2);
    const slot = { key: 'AIGC', value: '{"a":"\\\\u003e ?> \\\\?>"}', fields: { a: '\\u003e ?> \\?>' } };
    const [only] = (await xml.read(bytesSource(utf8(await label('<a/>', slot))))).found;
    expect(only?.value).toBe(slot.value);
  });

  it('finds the comment at the end of a long document, and reads little of it', async () => {
    const long = utf8(`<a>${'<b>x</b>'.repeat(200_000)}</a>\n<!-- AIGC: ${LABEL} -->\n`);
    const counted = countingSource(long);
    expect((await xml.read(counted)).found).toMatchObject([{ site: 'xml/comment[AIGC]', value: `AIGC: ${LABEL}` }]);
    expect(counted.bytesRead()).toBeLessThan(256 << 10);
    const labelled = applySplices(long, await xml.plan(bytesSource(long), sampleSlotText));
    expect((await xml.read(bytesSource(labelled))).found).toMatchObject([{ isGuidePlace: true }]);
  });

  it.each(xmlHostile.map((file) => [file.name, file] as const))('answers %s', async (_, { bytes }) => {
    const hostile = bytes();
    expect(xml.matches(hostile.subarray(0, 4096))).toBe(true);
    expect((await xml.read(bytesSource(hostile))).found.length).toBeLessThan(17);
    await xml.plan(bytesSource(hostile), sampleSlotText).catch((error: unknown) => expect(error).toMatchObject({ name: 'LabelError' }));
  });
});
