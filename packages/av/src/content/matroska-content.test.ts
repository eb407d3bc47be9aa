import { bytesSource } from '@aigc-label/core';
import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { el, header, ID, joined } from '../../test/ebml-files.ts';
import { mkv } from '../formats/mkv.ts';
import { webm } from '../formats/webm.ts';

const changedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
/** Where these bytes stand. */
const find = (bytes: Uint8Array, digits: string): number => Buffer.from(bytes).indexOf(Buffer.from(digits, 'hex'));

const cues = fixtureBytes('ebml/cues.mkv');
const sound = fixtureBytes('ebml/sound.webm');
const chapters = fixtureBytes('ebml/chapters.mkv');

testContent({
  format: mkv,
  fixtures: [
    {
      name: 'with Cues behind the clusters',
      bytes: cues,
      // mkvtoolnix 74: mkvpropedit --edit info --set "title=Another title" --edit track:v1 --set name=xyz
      edited: [{ by: 'mkvpropedit', bytes: fixtureBytes('content/av/cues-mkvpropedit.mkv') }],
      changed: [
        { how: 'bytes follow', bytes: new Uint8Array([...cues, 0]) },
        { how: 'its time scale is another', bytes: changedAt(cues, find(cues, '2ad7b1') + 5) },
        { how: 'it says that it is much longer', bytes: changedAt(cues, find(cues, '4489') + 4) },
        { how: 'a track is shown in another size', bytes: changedAt(cues, find(cues, 'b08120') + 2) },
      ],
    },
    {
      name: 'with chapters, an attachment and tags of a track',
      bytes: chapters,
      edited: [
        // ffmpeg 5.1: -i chapters.mkv -map 0 -c copy -metadata title=x
        { by: 'ffmpeg', bytes: fixtureBytes('content/av/chapters-ffmpeg.mkv') },
        // mkvtoolnix 74: mkvpropedit --tags global:t.xml, with an ARTIST
        { by: 'mkvpropedit', bytes: fixtureBytes('content/av/chapters-mkvpropedit.mkv') },
      ],
      changed: [{ how: 'the attachment is another', bytes: changedAt(chapters, find(chapters, '465c') + 5) }],
    },
    { name: 'with Cues in front of the clusters', bytes: fixtureBytes('ebml/reserved.mkv') },
    { name: 'of unknown size', bytes: fixtureBytes('ebml/pipe.mkv') },
  ],
});

testContent({
  format: webm,
  fixtures: [
    {
      name: 'with sound',
      bytes: sound,
      changed: [
        { how: 'an entry of the SeekHead leads elsewhere', bytes: changedAt(sound, find(sound, '53ac81') + 3) },
        { how: 'a point of the Cues leads elsewhere', bytes: changedAt(sound, Buffer.from(sound).lastIndexOf(Buffer.from('f182', 'hex')) + 3) },
      ],
    },
    { name: 'live', bytes: fixtureBytes('ebml/live.webm') },
    { name: 'cut', bytes: fixtureBytes('ebml/live.webm').subarray(0, 1500) },
  ],
});

describe('an index whose checksum is wrong', () => {
  it('is refused, since labelling would mend it', async () => {
    await expect(mkv.content(bytesSource(changedAt(cues, 73)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});

describe('an index of 150,000 entries that are none', () => {
  it('is covered, entry by entry', async () => {
    const entries = new Uint8Array(Buffer.alloc(450_000, Buffer.from('53ab80', 'hex')));
    const bytes = joined(header(), el(ID.segment, el(ID.seekHead, el('4dbb', entries))));
    const plan = await mkv.content(bytesSource(bytes));
    expect(plan?.parts.map(({ name }) => name)).toEqual(['EBML', 'Segment', 'SeekHead', 'Clusters']);
  });
});

describe('a Void that holds something', () => {
  it('is not covered, since a label may be written over it, but told', async () => {
    const plan = await mkv.content(bytesSource(changedAt(cues, 150)));
    expect(plan?.anomalies).toEqual([{ site: 'ebml/Void', offset: 121, detail: 'a Void holds something' }]);
    expect(plan?.carriers.some(({ start, end }) => start <= 121 && end >= 213)).toBe(true);
  });
});
