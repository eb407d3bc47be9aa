import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { bytesOf, frame, le32, tag, textFrame } from '../../test/mp3-files.ts';
import { chunk, ds64, format, info, riff, samples } from '../../test/wav-files.ts';
import { wav } from '../formats/wav.ts';

const data = chunk('data', samples);
const oddData = chunk('data', samples.subarray(1));
const picture = frame(3, 'APIC', bytesOf(0, 'image/png\0', 3, 'cover\0', 'PIXELS'));
const id3 = (size: number, cover = picture): Uint8Array =>
  chunk('id3 ', tag(3, [textFrame(3, 'TIT2', 'A title'.padEnd(size)), cover, frame(3, 'RVAD', bytesOf(1, 16, 2))], { padding: 9 }));
const xmp = (text: string): Uint8Array =>
  chunk(
    '_PMX',
    bytesOf(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${text}"/></rdf:RDF></x:xmpmeta>`),
  );
const texts = info(chunk('INAM', bytesOf('odd')), chunk('AIGC', bytesOf('{"Label":"1"}')));

testContent({
  format: wav,
  fixtures: [
    {
      name: 'plain',
      bytes: riff([format(), data]),
      edited: [
        { by: 'a list of texts', bytes: riff([format(), texts, data]) },
        { by: 'an ID3 tag without pictures', bytes: riff([format(), data, chunk('ID3 ', tag(4, [textFrame(4, 'TIT2', 'x')]))]) },
        { by: 'empty padding', bytes: riff([format(), chunk('JUNK', new Uint8Array(30)), data]) },
      ],
      changed: [
        { how: 'the sampling rate is another', bytes: riff([chunk('fmt ', bytesOf([1, 0, 1, 0], le32(9000), le32(9000), [1, 0, 8, 0])), data]) },
        { how: 'bytes follow the end', bytes: bytesOf(riff([format(), data]), 'more') },
        { how: 'another chunk follows', bytes: riff([format(), data, chunk('smpl', bytesOf('loop'))]) },
        { how: 'a list of texts holds something else', bytes: riff([format(), info(chunk('INAM', bytesOf('a\0b\x01'))), data]) },
        { how: 'the size of the whole lies', bytes: riff([format(), data], { off: 2 }) },
        { how: 'padding holds something', bytes: riff([format(), chunk('JUNK', bytesOf('\0\0\0!')), data]) },
        { how: 'what is called XMP is none', bytes: riff([format(), data, chunk('_PMX', bytesOf('<html/>'))]) },
      ],
    },
    {
      name: 'with texts, a tag, XMP and samples of odd length',
      bytes: riff([format(), oddData, texts, id3(9), xmp('Somebody')]),
      edited: [
        { by: 'other texts', bytes: riff([format(), oddData, id3(20), xmp('Somebody else'), info(chunk('ICMT', bytesOf('a text')))]) },
        { by: 'padding that is forgotten', bytes: riff([format(), chunk('data', samples.subarray(1), { pad: false }), texts, id3(9)]) },
      ],
      changed: [
        {
          how: 'the cover is another',
          bytes: riff([format(), oddData, id3(9, frame(3, 'APIC', bytesOf(0, 'image/png\0', 3, 'cover\0', 'OTHERS'))), texts]),
        },
      ],
    },
    {
      name: 'made by ffmpeg',
      bytes: fixtureBytes('wav/tone.wav'),
      // ffmpeg 5.1: -i tone.wav -c copy -metadata title=x tone-ffmpeg.wav
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/tone-ffmpeg.wav') }],
    },
    { name: 'BWF', bytes: fixtureBytes('wav/tone-bext.wav') },
    { name: 'RF64', bytes: riff([ds64(476, 400), format(), chunk('data', samples, { size: 0xffffffff })], { magic: 'RF64', size: 0xffffffff }) },
    { name: 'RIFX', bytes: riff([format(true), chunk('data', samples, { big: true })], { magic: 'RIFX' }) },
    { name: 'written into a pipe', bytes: riff([format(), chunk('data', samples, { size: 0xffffffff })], { size: 0xffffffff }) },
    { name: 'odd, its padding outside the size', bytes: riff([format(), oddData], { off: -1 }) },
  ],
});
