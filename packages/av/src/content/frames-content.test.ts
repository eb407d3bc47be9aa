import { bytesSource } from '@aigc-label/core';
import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { ape, audio, bytesOf, frame, id3v1, le32, lyrics3, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { aac } from '../formats/aac.ts';
import { amr } from '../formats/amr.ts';
import { flac } from '../formats/flac.ts';
import { mp3 } from '../formats/mp3.ts';

const sound = audio.subarray(0, 834);
const picture = (pixels: string): Uint8Array => frame(3, 'APIC', bytesOf(1, 'image/png\0', 3, [255, 254, 65, 0, 0, 0], pixels));
const priv = frame(3, 'PRIV', bytesOf('somebody\0', [255, 0, 255, 224]));
const title = textFrame(3, 'TIT2', 'A title');
const tagged = (frames: readonly Uint8Array[], padding = 0): Uint8Array => tag(3, frames, { padding });
/** An APE tag with an item of bytes, which its flags say it is. */
const cover = (pixels: string): Uint8Array => {
  const bytes = ape({ 'Cover Art (Front)': pixels, Title: 'A title' });
  bytes[32 + 4] = 2;
  return bytes;
};

testContent({
  format: mp3,
  fixtures: [
    {
      name: 'made by ffmpeg',
      bytes: fixtureBytes('mp3/tone.mp3'),
      // ffmpeg 5.1: -i tone.mp3 -c copy -metadata title=x tone-ffmpeg.mp3
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/tone-ffmpeg.mp3') }],
    },
    {
      name: 'without any tag',
      bytes: sound,
      edited: [
        {
          by: 'tags of all kinds',
          bytes: bytesOf(tagged([title], 30), tag(4, [textFrame(4, 'TIT2', 'x')]), sound, ape({ Title: 'x' }), lyrics3, id3v1),
        },
        { by: 'a label as text', bytes: bytesOf(tagged([frame(3, 'TXXX', txxx.utf16('AIGC', '{}'))]), sound) },
      ],
      changed: [
        { how: 'bytes follow', bytes: bytesOf(sound, 'more') },
        { how: 'bytes stand in the padding of a tag', bytes: bytesOf(tagged([title, bytesOf(new Uint8Array(20), 'hidden')]), sound) },
        {
          how: 'the lyrics are none',
          bytes: bytesOf(
            sound,
            lyrics3.map((byte) => (byte === 0x35 ? 0 : byte)),
            id3v1,
          ),
        },
        { how: 'the volume is adjusted', bytes: bytesOf(tagged([frame(3, 'RVAD', bytesOf(1, 16, 2, 3))]), sound) },
        { how: 'a text is none', bytes: bytesOf(tagged([frame(3, 'TIT2', bytesOf(0, '\x01\x02'))]), sound) },
        { how: 'a frame is compressed', bytes: bytesOf(tagged([frame(3, 'TIT2', bytesOf(0, 'abc'), { flags: 0x80 })]), sound) },
        { how: 'iTunes cuts it', bytes: bytesOf(tagged([frame(3, 'COMM', bytesOf(0, 'engiTunSMPB\0 00000000 00000210'))]), sound) },
        {
          how: 'an APE tag is a pretence',
          bytes: bytesOf(
            sound,
            ape({ Title: 'x' }).map((byte, index) => (index === 30 ? 7 : byte)),
          ),
        },
      ],
    },
    {
      name: 'with pictures and what programs put there',
      bytes: bytesOf(tagged([title, picture('PIXELS'), priv], 11), sound, cover('pixels'), id3v1),
      edited: [
        {
          by: 'a tag of another order and version',
          bytes: bytesOf(
            tag(4, [frame(4, 'PRIV', priv.subarray(10)), frame(4, 'APIC', bytesOf(0, 'image/png\0', 4, 'another name\0', 'PIXELS'))]),
            sound,
            cover('pixels'),
          ),
        },
        { by: 'unsynchronisation', bytes: bytesOf(tag(3, [title, picture('PIXELS'), priv], { unsynchronise: true }), sound, cover('pixels')) },
      ],
      changed: [
        { how: 'the picture is another', bytes: bytesOf(tagged([title, picture('PIXELZ'), priv]), sound, cover('pixels')) },
        { how: 'the picture of the APE tag is another', bytes: bytesOf(tagged([title, picture('PIXELS'), priv]), sound, cover('pixelz')) },
      ],
    },
    { name: 'unsynchronised', bytes: bytesOf(tag(3, [title, picture('PIXELS'), priv], { unsynchronise: true }), sound) },
    { name: 'with a FLAC behind the tag', bytes: bytesOf(tagged([title]), fixtureBytes('flac/tone.flac')) },
  ],
});

testContent({
  format: aac,
  fixtures: [
    { name: 'bare', bytes: fixtureBytes('aac/tone.aac'), changed: [{ how: 'bytes follow', bytes: bytesOf(fixtureBytes('aac/tone.aac'), 0) }] },
    { name: 'tagged', bytes: fixtureBytes('aac/tagged.aac') },
    {
      name: 'with a picture and ID3v1',
      bytes: bytesOf(tagged([picture('PIXELS')]), fixtureBytes('aac/tone.aac'), id3v1),
      edited: [{ by: 'a title', bytes: bytesOf(tagged([title, picture('PIXELS')]), fixtureBytes('aac/tone.aac')) }],
    },
  ],
});

const reference = fixtureBytes('flac/reference.flac');
const changedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
// Marker, STREAMINFO, SEEKTABLE, comments, then the picture, whose last byte this is; then 64 bytes of padding.
const pictureEnd = 4 + 38 + 184 + 58 + 321;

testContent({
  format: flac,
  fixtures: [
    {
      name: 'made by ffmpeg',
      bytes: fixtureBytes('flac/tone.flac'),
      // ffmpeg 5.1: -c copy -metadata title=x; metaflac --remove --block-type=PADDING, --set-tag=COMMENT=abc
      edited: [{ by: 'ffmpeg and metaflac', bytes: fixtureBytes('content/av/tone-ffmpeg.flac') }],
      changed: [{ how: 'bytes follow', bytes: bytesOf(fixtureBytes('flac/tone.flac'), 0) }],
    },
    {
      name: 'made by flac, with a table, a picture and padding',
      bytes: reference,
      // ffmpeg 5.1: -c copy -metadata title=x -bitexact; metaflac --remove --block-type=PADDING
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/reference-ffmpeg.flac') }],
      changed: [
        { how: 'the picture is another', bytes: changedAt(reference, pictureEnd - 1) },
        { how: 'padding is none', bytes: changedAt(reference, pictureEnd + 20) },
        { how: 'the table leads elsewhere', bytes: changedAt(reference, 4 + 38 + 4 + 15) },
      ],
    },
    {
      name: 'with tags of other kinds, and a comment that is no text',
      bytes: bytesOf(tagged([title]), withComment(fixtureBytes('flac/tone.flac'), 'X=\x01\x02'), id3v1),
      edited: [{ by: 'what takes the tags away', bytes: withComment(fixtureBytes('flac/tone.flac'), 'X=\x01\x02') }],
      changed: [{ how: 'the comment is another', bytes: withComment(fixtureBytes('flac/tone.flac'), 'X=\x01\x03') }],
    },
  ],
});

/** The file with one comment more, in a list of its own behind STREAMINFO. */
function withComment(bytes: Uint8Array, text: string): Uint8Array {
  const list = bytesOf(le32(0), le32(1), le32(text.length), text);
  return bytesOf(bytes.subarray(0, 42), [4, 0, 0, list.length], list, bytes.subarray(42));
}

describe('a label that is no text', () => {
  it('is left out, since labelling takes it away, but told', async () => {
    const plan = await mp3.content(bytesSource(bytesOf(tagged([frame(3, 'TXXX', bytesOf(0, 'AIGC\0\x01'))]), sound)));
    expect(plan?.anomalies).toMatchObject([{ site: 'id3/TXXX', offset: 20 }]);
    expect(plan?.carriers).toEqual([{ start: 0, end: 27 }]);
  });
});

describe('AMR', () => {
  it('is covered as a whole', async () => {
    expect(await amr.content(bytesSource(bytesOf('#!AMR\n', 4)))).toMatchObject({ method: 'file-1', carriers: [] });
  });
});
