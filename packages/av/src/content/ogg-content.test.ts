import { type ContentFixture, fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { comments } from '../../test/comment-files.ts';
import { bytesOf } from '../../test/mp3-files.ts';
import { opusTags, stream } from '../../test/ogg-files.ts';
import { ogg } from '../formats/ogg.ts';
import { ogv } from '../formats/ogv.ts';
import { opus } from '../formats/opus.ts';

const head = bytesOf('OpusHead', [1, 1, 0, 0], new Uint8Array(7));
const sound = (text: string): Uint8Array => bytesOf([0x08], text.padEnd(90, '.'));
const opusOf = (list: readonly string[], packets: readonly Uint8Array[], serial = 7): Uint8Array =>
  bytesOf(...stream([opusTags(list), ...packets], { head, serial }));
const tone = fixtureBytes('ogg/opus.opus');

testContent({
  format: opus,
  fixtures: [
    {
      name: 'made by ffmpeg',
      bytes: tone,
      // ffmpeg 5.1: -i opus.opus -c copy -metadata title=x opus-ffmpeg.opus; the stream gets another serial.
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/opus-ffmpeg.opus') }],
      changed: [{ how: 'bytes follow', bytes: bytesOf(tone, 'more') }],
    },
    { name: 'made by opusenc, with room in its tags', bytes: fixtureBytes('ogg/opusenc.opus') },
    {
      name: 'of two pages',
      bytes: opusOf(['TITLE=a'], [sound('one'), sound('two')]),
      edited: [
        { by: 'another title and serial', bytes: opusOf(['TITLE=another'], [sound('one'), sound('two')], 9) },
        { by: 'comments that take three pages more', bytes: opusOf(['TITLE=a', `COMMENT=${'long '.repeat(30_000)}`], [sound('one'), sound('two')]) },
      ],
      changed: [
        { how: 'a packet is another', bytes: opusOf(['TITLE=a'], [sound('one'), sound('tWo')]) },
        { how: 'a packet is missing', bytes: opusOf(['TITLE=a'], [sound('one')]) },
        { how: 'a picture comes', bytes: opusOf(['TITLE=a', 'METADATA_BLOCK_PICTURE=AAAA'], [sound('one'), sound('two')]) },
        { how: 'a comment is no text', bytes: opusOf(['TITLE=\x01'], [sound('one'), sound('two')]) },
      ],
    },
    { name: 'chained', bytes: bytesOf(opusOf(['TITLE=a'], [sound('one')]), opusOf(['TITLE=b', 'AIGC={}'], [sound('two')], 8)) },
  ],
});

testContent({
  format: ogg,
  fixtures: [
    {
      name: 'Vorbis, comments and setup on one page',
      bytes: fixtureBytes('ogg/oggenc.ogg'),
      // vorbis-tools 1.4: vorbiscomment -w -t TITLE=another -t ARTIST=somebody oggenc.ogg oggenc-vorbiscomment.ogg
      edited: [{ by: 'vorbiscomment', bytes: fixtureBytes('content/av/oggenc-vorbiscomment.ogg') }],
    },
    { name: 'Speex', bytes: fixtureBytes('ogg/speex.spx') },
    { name: 'FLAC', bytes: fixtureBytes('ogg/flac.oga') },
  ],
});

const theora = (serial: number, text: string, picture: number): readonly Uint8Array[] =>
  stream(
    [
      bytesOf([0x81], 'theora', comments([text])),
      bytesOf([0x82], 'theora', new Uint8Array(40).fill(3)),
      bytesOf([0x00, picture], new Uint8Array(40).fill(5)),
    ],
    { head: bytesOf([0x80], 'theora', new Uint8Array(35)), serial },
  );
const interleaved = (one: readonly Uint8Array[], other: readonly Uint8Array[]): Uint8Array =>
  bytesOf(...one.flatMap((page, index) => [page, other[index] ?? []]));
const voice = (serial: number): readonly Uint8Array[] => stream([opusTags(['TITLE=a']), sound('one')], { head, serial });
const film = (more: Partial<ContentFixture>, serial = 1, picture = 9): ContentFixture => ({
  name: `with serial ${serial} and picture ${picture}`,
  bytes: interleaved(theora(serial, 'TITLE=a', picture), voice(serial + 1)),
  ...more,
});

testContent({
  format: ogv,
  fixtures: [
    film({
      edited: [{ by: 'another title and serial', bytes: interleaved(theora(5, 'TITLE=another', 9), voice(6)) }],
      changed: [{ how: 'the picture is another', bytes: interleaved(theora(1, 'TITLE=a', 8), voice(2)) }],
    }),
    film({ name: 'alone', bytes: bytesOf(...theora(1, 'TITLE=a', 7)) }),
    film({ name: 'sound first', bytes: interleaved(voice(3), theora(4, 'TITLE=a', 7)) }),
  ],
});
