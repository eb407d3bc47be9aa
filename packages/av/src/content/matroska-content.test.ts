import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { mkv } from '../formats/mkv.ts';
import { webm } from '../formats/webm.ts';

const changedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
/** Where these bytes stand. */
const find = (bytes: Uint8Array, digits: string): number => Buffer.from(bytes).indexOf(Buffer.from(digits, 'hex'));

const cues = fixtureBytes('ebml/cues.mkv');
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
        { how: 'its padding is none', bytes: changedAt(cues, 150) },
        { how: 'its time scale is another', bytes: changedAt(cues, find(cues, '2ad7b1') + 5) },
        { how: 'it says that it is much longer', bytes: changedAt(cues, find(cues, '4489') + 4) },
        { how: 'a track is shown in another size', bytes: changedAt(cues, find(cues, 'b08120') + 2) },
        { how: 'an entry of the SeekHead leads elsewhere', bytes: changedAt(cues, 73) },
        { how: 'a point of the Cues leads elsewhere', bytes: changedAt(cues, find(cues, 'f1820302') + 3) },
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
    { name: 'with sound', bytes: fixtureBytes('ebml/sound.webm') },
    { name: 'live', bytes: fixtureBytes('ebml/live.webm') },
    { name: 'cut', bytes: fixtureBytes('ebml/live.webm').subarray(0, 1500) },
  ],
});
