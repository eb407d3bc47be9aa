import { corpusFiles, corpusMissing, endJudges, exiftoolDump, exiftoolMissing, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { drawBadge } from './image-badge.ts';

afterAll(endJudges);

/** What must change in the one file with a palette (libpng-test.png), which becomes RGBA, and in the one with a bit a pixel (PNG.png), which becomes grey. */
const CODING = /^PNG:(ColorType|Palette|Transparency|BitDepth|BackgroundColor)$/;

describe.skipIf(corpusMissing !== undefined || exiftoolMissing !== undefined)('exiftool sees the same metadata before and after', () => {
  it.each(corpusFiles('.png', '.jpg', '.webp', '.gif'))('$name', async ({ name, bytes }) => {
    const file = name.replace(/.*\//, '');
    let badged: Uint8Array;
    try {
      badged = await drawBadge(bytes());
    } catch {
      // Too small for a badge: said and tested in is-present.test.ts.
      return;
    }
    const [before, after] = await Promise.all([bytes(), badged].map((content) => withFile(file, content, exiftoolDump)));
    const kept = (dump: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(Object.entries(dump).filter(([tag]) => !CODING.test(tag)));
    expect(kept(after!)).toEqual(kept(before!));
    expect(Object.keys(before!).length).toBeGreaterThan(5);
  });
});
