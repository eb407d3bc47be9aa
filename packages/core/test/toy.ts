import type { Format, Slot } from '../src/index.ts';
import { LabelError, noPlaceInside, wholeFile } from '../src/index.ts';

/** A kind of file that exists for these tests only: `TOY\n`, then one slot a line. */
export const toy: Format = {
  id: 'toy',
  modality: 'text',
  mediaTypes: ['text/toy'],
  extensions: ['.toy'],
  place: { description: 'a line', source: 'this test', certainty: 'decision' },
  matches: (head) => new TextDecoder().decode(head.subarray(0, 4)) === 'TOY\n',
  async read(source) {
    const lines = new TextDecoder()
      .decode(await source.read(4, source.size - 4))
      .split('\n')
      .filter((line) => line !== '');
    if (lines.includes('!trap')) {
      throw new RangeError('a defect of the reader');
    }
    if (lines.includes('!gone')) {
      throw new LabelError('IO_FAILED', 'the disk is gone');
    }
    if (lines.includes('!new')) {
      throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'encrypted');
    }
    return { found: lines.map((value, index): Slot => ({ key: 'AIGC', site: `toy/${index}`, isGuidePlace: index === 0, value })), anomalies: [] };
  },
  async plan(source, slot) {
    const { found } = await toy.read(source);
    return found.length === 1 && found[0]?.value === slot.value
      ? []
      : [{ at: 4, remove: source.size - 4, insert: new TextEncoder().encode(`${slot.value}\n`) }];
  },
  content: wholeFile,
};

/** A kind of file that cannot hold a label: `BARE\n`, then content; a line `AIGC …` in it is somebody's own way. */
export const bare: Format = {
  ...toy,
  id: 'bare',
  extensions: ['.bare'],
  sidecar: 'always',
  matches: (head) => new TextDecoder().decode(head.subarray(0, 5)) === 'BARE\n',
  async read(source) {
    const text = new TextDecoder().decode(await source.read(0, source.size));
    const found = [...text.matchAll(/^AIGC (.*)$/gm)].map(([, value = '']): Slot => ({ key: 'AIGC', site: 'bare/line', isGuidePlace: false, value }));
    return { found, anomalies: [] };
  },
  async plan() {
    throw noPlaceInside('bare', 'it is bare');
  },
};
