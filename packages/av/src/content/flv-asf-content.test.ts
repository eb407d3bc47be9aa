import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import {
  asfFile,
  asfObject,
  CONTENT,
  contentValue,
  data,
  extension,
  LIBRARY,
  libraryValue,
  simpleIndex,
  stream,
  list as values,
  XMP,
} from '../../test/asf-files.ts';
import { END, ecmaArray, flvTag, frames, joined, list, metadata, number, object, property, START, string } from '../../test/flv-files.ts';
import { bytesOf, le32 } from '../../test/mp3-files.ts';
import { flv } from '../formats/flv.ts';
import { wma } from '../formats/wma.ts';
import { wmv } from '../formats/wmv.ts';

const flvOf = (...properties: readonly Uint8Array[]): Uint8Array => joined(START, metadata(ecmaArray(properties.length, ...properties)), frames);
const width = property('width', number(320));
const title = property('title', string('A title'));
/** The first frame stands behind the header and the metadata, which is as long whatever the number says. */
const indexed = (text: Uint8Array, by = 0): Uint8Array => {
  const at = (position: number): Uint8Array =>
    flvOf(text, property('keyframes', object(property('times', list(number(0))), property('filepositions', list(number(position))))));
  return at(at(0).length - frames.length + by);
};

testContent({
  format: flv,
  fixtures: [
    {
      name: 'made by ffmpeg',
      bytes: fixtureBytes('flv/sound.flv'),
      // ffmpeg 5.1: -i sound.flv -c copy -metadata title=abcd sound-ffmpeg.flv
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/sound-ffmpeg.flv') }],
      changed: [{ how: 'bytes follow', bytes: joined(fixtureBytes('flv/sound.flv'), new Uint8Array(1)) }],
    },
    {
      name: 'without metadata',
      bytes: joined(START, frames),
      edited: [
        { by: 'a title', bytes: flvOf(title) },
        { by: 'a duration that is true', bytes: flvOf(property('duration', number(1.2))) },
      ],
      changed: [
        { how: 'its duration is not true', bytes: flvOf(property('duration', number(60))) },
        { how: 'it is shown in another size', bytes: flvOf(width) },
        { how: 'a text is none', bytes: flvOf(property('title', string('\x01'))) },
        { how: 'a script comes', bytes: joined(START, flvTag(18, joined(string('onCuePoint'), object())), frames) },
        { how: 'metadata holds more than it says', bytes: joined(START, metadata(ecmaArray(1, title), new Uint8Array(3)), frames) },
      ],
    },
    {
      name: 'with an index',
      bytes: indexed(title),
      edited: [{ by: 'a longer title', bytes: indexed(property('title', string('A longer title'))) }],
      changed: [{ how: 'the index leads elsewhere', bytes: indexed(title, 1) }],
    },
    { name: 'with numbers and nested values', bytes: flvOf(width, title, property('more', object(property('AIGC', string('{}')), width))) },
    { name: 'made by ffmpeg with an index', bytes: fixtureBytes('flv/index.flv') },
    { name: 'whose object has no end', bytes: joined(START, metadata(ecmaArray(1, title).slice(0, -END.length)), frames) },
  ],
});

const wide = (text: string): Uint8Array => new Uint8Array(Buffer.from(`${text}\0`, 'utf16le'));
const le16 = (value: number): number[] => [value & 255, value >> 8];
const binary = (pixels: string): Uint8Array => bytesOf(le16(wide('WM/Picture').length), wide('WM/Picture'), le16(1), le16(pixels.length), pixels);
const description = (text: string): Uint8Array =>
  asfObject('75B22633-668E-11CF-A6D9-00AA0062CE6C', bytesOf(le16(wide(text).length), le32(0), le32(0), wide(text)));
const padding = (bytes: Uint8Array): Uint8Array => asfObject('1806D474-CADF-4509-A4BA-9AABCB96AAE8', bytes);
const packet = bytesOf('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>');
const video = [extension(), stream('video')];

testContent({
  format: wmv,
  fixtures: [
    { name: 'made by ffmpeg, with a label in a list', bytes: fixtureBytes('asf/film.wmv') },
    {
      name: 'plain',
      bytes: asfFile(video),
      edited: [
        { by: 'texts', bytes: asfFile([...video, description('A title'), values(CONTENT, contentValue('WM/Genre', 'G'))]) },
        {
          by: 'texts and padding in the extension',
          bytes: asfFile([extension(values(LIBRARY, libraryValue('a', 'b')), padding(new Uint8Array(9))), stream('video')]),
        },
        { by: 'XMP', bytes: asfFile(video, [data, asfObject(XMP, packet)]) },
      ],
      changed: [
        { how: 'a picture comes', bytes: asfFile([...video, values(CONTENT, binary('PIXELS'))]) },
        { how: 'another stream comes', bytes: asfFile([...video, stream('audio')]) },
        { how: 'an index comes', bytes: asfFile(video, [data, simpleIndex]) },
        { how: 'what is called XMP is none', bytes: asfFile(video, [data, asfObject(XMP, bytesOf('<html/>'))]) },
        { how: 'padding holds something', bytes: asfFile([extension(padding(bytesOf('hidden'))), stream('video')]) },
        { how: 'a description is none', bytes: asfFile([...video, description('\u0001')]) },
        { how: 'it says that it is a broadcast', bytes: asfFile(video, [data], true) },
        { how: 'bytes follow', bytes: bytesOf(asfFile(video), 'more') },
      ],
    },
    {
      name: 'with texts, a picture, padding and an index',
      bytes: asfFile(
        [
          extension(values(LIBRARY, libraryValue('AIGC', '{}'), libraryValue('a', 'b')), padding(new Uint8Array(9))),
          stream('video'),
          values(CONTENT, binary('PIXELS')),
        ],
        [data, simpleIndex],
      ),
      changed: [
        {
          how: 'the picture is another',
          bytes: asfFile(
            [extension(values(LIBRARY, libraryValue('a', 'b'))), stream('video'), values(CONTENT, binary('PIXELZ'))],
            [data, simpleIndex],
          ),
        },
      ],
    },
  ],
});

testContent({
  format: wma,
  fixtures: [
    {
      name: 'made by ffmpeg',
      bytes: fixtureBytes('asf/sound.wma'),
      // ffmpeg 5.1: -i sound.wma -c copy -packet_size 600 -metadata title=abcd -metadata artist=x sound-ffmpeg.wma
      edited: [{ by: 'ffmpeg', bytes: fixtureBytes('content/av/sound-ffmpeg.wma') }],
    },
    { name: 'plain', bytes: asfFile([stream('audio')]) },
    { name: 'with XMP', bytes: asfFile([stream('audio'), description('A title')], [data, asfObject(XMP, packet)]) },
  ],
});
