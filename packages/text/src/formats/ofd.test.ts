import { applySplices, bytesSource } from '@aigc-label/core';
import { type FormatFixture, sampleSlotText, testFormat, zip, zipStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { untouched } from '../../test/zip-documents.ts';
import { ofd } from './ofd.ts';

const { membersOf, textIn, zipOf } = zip;
const escaped = sampleSlotText.value.replaceAll('"', '&quot;');

const entry = (info: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>${info}</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>${more}</ofd:DocBody></ofd:OFD>`;
const document = (xml: string): readonly zip.ZipMember[] => [
  { name: 'OFD.xml', data: xml },
  { name: 'Doc_0/Document.xml', data: '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>', isDeflated: true },
];
const list = (...data: readonly string[]): string => `<ofd:CustomDatas>${data.join('')}</ofd:CustomDatas>`;
const datum = (name: string, text: string): string => `<ofd:CustomData Name="${name}">${text}</ofd:CustomData>`;

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: untouched({
    'OFD.xml':
      /<ofd:CustomDatas><ofd:CustomData Name="AIGC">[^<]*<\/ofd:CustomData><\/ofd:CustomDatas>|<ofd:CustomData Name="AIGC">[^<]*<\/ofd:CustomData>/,
  }),
  ...more,
});

testFormat({
  format: ofd,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('a document', zipOf(document(entry('<ofd:Creator>x</ofd:Creator>')))),
    fixture('with data of somebody else', zipOf(document(entry(list(datum('Client', 'A &amp; B')))))),
    fixture(
      'labels in other forms',
      zipOf(document(entry(`<ofd:Abstract>{"AIGC":{}}</ofd:Abstract>${list(datum('aigc', '{}'), datum('X', 'y'))}`))),
      {
        slots: 2,
        untouched: (bytes) => [membersOf(bytes).slice(1), textIn(bytes, 'OFD.xml')?.includes(datum('X', 'y'))],
      },
    ),
    fixture('signed', zipOf(document(entry('', '<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>'))), {
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    }),
    fixture('without DocInfo', zipOf(document('<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>')), { refused: 'FILE_DAMAGED' }),
  ],
});

describe('ofd', () => {
  it('adds the custom data at the end of DocInfo, where the schema has them', async () => {
    const before = zipOf(document(entry('<ofd:Creator>x</ofd:Creator>')));
    const after = applySplices(before, await ofd.plan(bytesSource(before), sampleSlotText));
    expect(after).toEqual(zipOf(document(entry(`<ofd:Creator>x</ofd:Creator>${list(datum('AIGC', escaped))}`))));
  });

  it('is recognised by OFD.xml', async () => {
    expect(await ofd.recognises?.(bytesSource(zipOf(document(entry('')).toReversed())))).toBe(true);
  });
});
