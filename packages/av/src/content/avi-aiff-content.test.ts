import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { common, form, iffChunk, sound } from '../../test/aiff-files.ts';
import { aviFile, aviLabel, aviPart, headers, index, info, movie, title, zeros } from '../../test/avi-files.ts';
import { be32, bytesOf, frame, tag, textFrame } from '../../test/mp3-files.ts';
import { chunk, riff } from '../../test/wav-files.ts';
import { aiff } from '../formats/aiff.ts';
import { avi } from '../formats/avi.ts';

const film = fixtureBytes('avi/film.avi');
const xmp = (text: string): Uint8Array =>
  bytesOf(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${text}"/></rdf:RDF></x:xmpmeta>`);
const changedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, position) => (position === at ? byte ^ 1 : byte));

testContent({
  format: avi,
  fixtures: [
    { name: 'made by ffmpeg', bytes: film, changed: [{ how: 'its index is another', bytes: changedAt(film, film.length - 3) }] },
    {
      name: 'without room in its head',
      bytes: aviFile(),
      edited: [
        { by: 'texts in its head', bytes: aviFile({ head: [info(title, aviLabel('{}')), zeros(1000)] }) },
        { by: 'XMP at its end', bytes: aviFile({ tail: [chunk('_PMX', xmp('Somebody'))] }) },
      ],
      changed: [
        { how: 'a frame is another', bytes: riff([headers, changedAt(movie, 30), index], { form: 'AVI ' }) },
        { how: 'a header is another', bytes: riff([changedAt(headers, 30), movie, index], { form: 'AVI ' }) },
        { how: 'another part follows', bytes: aviFile({ parts: [aviPart] }) },
        { how: 'its padding holds something', bytes: aviFile({ head: [changedAt(zeros(40), 20)] }) },
        { how: 'a text is none', bytes: aviFile({ head: [info(chunk('INAM', bytesOf('a\0b')))] }) },
      ],
    },
    { name: 'of two parts, with texts and room', bytes: aviFile({ head: [info(title), zeros(3000)], parts: [aviPart] }) },
    { name: 'with labels in several places', bytes: aviFile({ head: [info(title, aviLabel('{}')), zeros(2000)], tail: [aviLabel('{"a":1}')] }) },
  ],
});

const tone = fixtureBytes('aiff/tone.aiff');
const comments = (text: string): Uint8Array =>
  iffChunk('COMT', bytesOf([0, 1], be32(7), [0, 0, 0, text.length], text, text.length % 2 === 1 ? 0 : []));

testContent({
  format: aiff,
  fixtures: [
    { name: 'made by ffmpeg', bytes: tone, edited: [{ by: 'ffmpeg with tags', bytes: fixtureBytes('aiff/tagged.aiff') }] },
    {
      name: 'with texts and XMP',
      bytes: form([common, comments('text'), sound, iffChunk('NAME', bytesOf('odd')), iffChunk('APPL', bytesOf('XMP ', xmp('Somebody')))]),
      edited: [
        { by: 'other texts', bytes: form([common, sound, comments('another'), iffChunk('APPL', bytesOf('XMP ', xmp('Nobody')))]) },
        { by: 'a tag', bytes: form([common, sound, iffChunk('ID3 ', tag(3, [textFrame(3, 'TIT2', 'x')]))]) },
      ],
      changed: [
        { how: 'the sampling rate is another', bytes: form([changedAt(common, 19), sound]) },
        { how: 'a loop comes', bytes: form([common, sound, iffChunk('INST', new Uint8Array(20))]) },
        { how: 'what is called XMP is none', bytes: form([common, sound, iffChunk('APPL', bytesOf('XMP binary'))]) },
        { how: 'another program puts something there', bytes: form([common, sound, iffChunk('APPL', bytesOf('abcd'))]) },
        { how: 'comments are none', bytes: form([common, sound, iffChunk('COMT', bytesOf([0, 9], 'text'))]) },
        {
          how: 'a picture comes',
          bytes: form([common, sound, iffChunk('ID3 ', tag(3, [frame(3, 'APIC', bytesOf(0, 'image/png\0', 3, '\0', 'P'))]))]),
        },
        { how: 'bytes follow', bytes: bytesOf(form([common, sound]), 0) },
      ],
    },
    { name: 'AIFF-C', bytes: fixtureBytes('aiff/sox.aifc') },
  ],
});
