import { applySplices, bytesSource, type Format } from '@aigc-label/core';
import { digestOf, fixtureBytes, sampleSlotText } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { gif, jpeg, png, psd, webp } from '../formats/index.ts';

const fileOf = (name: string): Uint8Array => fixtureBytes(`content/image/${name}`);
const files: readonly (readonly [Format, string])[] = [
  [png, 'plain.png'],
  [jpeg, 'plain.jpg'],
  [webp, 'plain.webp'],
  [gif, 'plain.gif'],
  [psd, 'plain.psd'],
];

// How the files were made: test-fixtures/files/content/image/README.md
describe('edits by exiftool leave the content as it is', () => {
  for (const [format, name] of files) {
    it(name, async () => {
      const before = await digestOf(format, fileOf(name));
      for (const edited of [fileOf(`edited-${name}`), fileOf(`relabelled-${name}`)]) {
        expect(await digestOf(format, edited)).toEqual(before);
        expect(await digestOf(format, applySplices(edited, await format.plan(bytesSource(edited), sampleSlotText)))).toEqual(before);
      }
    });
  }
  it('but for one that takes the transparency away', async () => {
    const [before, after] = [await digestOf(webp, fileOf('transparent.webp')), await digestOf(webp, fileOf('opaque.webp'))];
    expect(after.parts.filter(({ hash }, index) => before.parts[index]?.hash !== hash)).toMatchObject([{ name: 'VP8X' }]);
  });
});
