import { applySplices, bytesSource } from '@aigc-label/core';
import { fixtureBytes, mutations, zipHostile } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { findTextNotice } from './find-notice.ts';
import { type TextNoticeOptions, textNotice } from './notice.ts';

/** Marked documents of each kind, to be broken. */
const seeds: readonly (readonly [string, Uint8Array])[] = [
  ['docx', fixtureBytes('zip/text.docx')],
  ['odt', fixtureBytes('zip/text.odt')],
  ['epub', fixtureBytes('zip/book.epub')],
  ['pdf', fixtureBytes('pdf/object-streams.pdf')],
  ['pdf', fixtureBytes('pdf/aes128.pdf')],
  ['pptx', fixtureBytes('zip/slides.pptx')],
  ['rtf', new TextEncoder().encode('{\\rtf1 one\\par\\pard two\\par}')],
  ['html', new TextEncoder().encode('<title>é</title><main><h1>a</h1><p>b</p></main>')],
];
const options: readonly TextNoticeOptions[] = [
  { text: 'AI生成', positions: ['start', 'end'] },
  { text: 'AI', positions: ['start', 'end'], form: 'corner-mark' },
];

describe('finding notices in broken documents', () => {
  it.each(seeds)('%s: findings, and nothing else', async (id, seed) => {
    for (const option of options) {
      const marked = await textNotice.apply(bytesSource(seed), id, option);
      const bytes = marked.kind === 'splices' ? applySplices(seed, marked.splices) : expect.fail('splices');
      expect((await findTextNotice(bytesSource(bytes), id)).length).toBeGreaterThan(0);
      expect(await textNotice.isPresent(bytesSource(bytes), id, option)).toBe(true);
      for (const mutated of mutations(bytes, 250)) {
        expect(Array.isArray(await findTextNotice(bytesSource(mutated), id))).toBe(true);
      }
    }
  });

  it('hostile archives: findings, and nothing else', async () => {
    for (const { format, bytes } of zipHostile) {
      for (const id of format === null ? ['docx', 'pptx'] : [format]) {
        expect(Array.isArray(await findTextNotice(bytesSource(bytes()), id))).toBe(true);
      }
    }
  });
});
