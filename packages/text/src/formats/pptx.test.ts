import { bytesSource } from '@aigc-label/core';
import { testFormat, zip, zipStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { OFFICE_OURS, officeParts, untouched } from '../../test/zip-documents.ts';
import { docx, pptx, xlsx } from './index.ts';

const plain = zip.zipOf(officeParts('ppt/presentation.xml'));

// What all Office documents share is tested with docx.
testFormat({
  format: pptx,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [{ name: 'the least that it has', bytes: plain, untouched: untouched(OFFICE_OURS) }],
});

describe('pptx', () => {
  it('is recognised, and as nothing else', async () => {
    const recognising: string[] = [];
    for (const format of [docx, pptx, xlsx]) {
      recognising.push(...((await format.recognises?.(bytesSource(plain))) ? [format.id] : []));
    }
    expect(recognising).toEqual(['pptx']);
  });
});
