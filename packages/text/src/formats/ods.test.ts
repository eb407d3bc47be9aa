import { bytesSource } from '@aigc-label/core';
import { fixtureBytes, testFormat, zip, zipStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { ODF_OURS, odfMeta, odfParts, untouched } from '../../test/zip-documents.ts';
import { odp, ods, odt } from './index.ts';

const plain = zip.zipOf(odfParts(odfMeta('<dc:title>T</dc:title>'), { type: 'spreadsheet' }));

// What all OpenDocuments share is tested with odt.
testFormat({
  format: ods,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    { name: 'the least that it has', bytes: plain, untouched: untouched(ODF_OURS) },
    { name: 'made by LibreOffice', bytes: fixtureBytes('zip/sheet.ods'), untouched: untouched(ODF_OURS) },
  ],
});

describe('ods', () => {
  it('is recognised, and as nothing else', async () => {
    const recognising: string[] = [];
    for (const format of [odp, ods, odt]) {
      recognising.push(...((await format.recognises?.(bytesSource(plain))) ? [format.id] : []));
    }
    expect(recognising).toEqual(['ods']);
  });
});
