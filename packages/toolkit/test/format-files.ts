import { utf8 } from '@aigc-label/core';
import { fixtureBytes, zip } from '@aigc-label/test-fixtures';
import { asfFile, stream } from '../../av/test/asf-files.ts';
import { bmpFile, icoFile } from '../../image/test/bitmaps.ts';
import { packetBytes } from '../../image/test/packets.ts';
import { bytesOf, pictureOf } from '../../image/test/pictures.ts';
import { psdFile } from '../../image/test/psds.ts';
import { dngFile, nef } from '../../image/test/raws.ts';
import { odfParts, officeParts } from '../../text/test/zip-documents.ts';

const fixture = (path: string) => async (): Promise<Uint8Array> => fixtureBytes(path);
const text = (content: string) => async (): Promise<Uint8Array> => utf8(content);
/** Bytes, one after the other. */
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** One file of each format; real ones where there are. */
export const FILES: Readonly<Record<string, readonly [extension: string, bytes: () => Promise<Uint8Array>]>> = {
  png: ['png', () => bytesOf(pictureOf(3).png())],
  jpeg: ['jpg', () => bytesOf(pictureOf(3).jpeg())],
  gif: ['gif', () => bytesOf(pictureOf(3).gif())],
  webp: ['webp', () => bytesOf(pictureOf(3).webp())],
  heic: ['heic', fixture('heif/alpha.heic')],
  avif: ['avif', fixture('heif/alpha.avif')],
  jxl: ['jxl', fixture('jxl/container.jxl')],
  'jpeg-2000': ['jp2', fixture('jp2/plain.jp2')],
  tiff: ['tif', () => bytesOf(pictureOf(3).tiff())],
  dng: ['dng', async () => dngFile(false)],
  raw: ['nef', async () => nef],
  psd: ['psd', async () => psdFile([])],
  svg: ['svg', text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n')],
  bmp: ['bmp', async () => bmpFile()],
  ico: ['ico', async () => icoFile()],
  xmp: ['xmp', async () => packetBytes()],
  mp4: ['mp4', fixture('isobmff/moov-first.mp4')],
  mov: ['mov', fixture('isobmff/quicktime.mov')],
  m4a: ['m4a', fixture('isobmff/audio.m4a')],
  cmaf: ['mp4', async () => fixtureBytes('cmaf/1.m4s')],
  mkv: ['mkv', fixture('ebml/cues.mkv')],
  webm: ['webm', fixture('ebml/sound.webm')],
  flv: ['flv', fixture('flv/index.flv')],
  avi: ['avi', fixture('avi/film.avi')],
  wmv: ['wmv', async () => asfFile([stream('video')])],
  wma: ['wma', fixture('asf/sound.wma')],
  ts: ['ts', fixture('ts/film.ts')],
  mp3: ['mp3', fixture('mp3/tone.mp3')],
  wav: ['wav', fixture('wav/tone.wav')],
  flac: ['flac', fixture('flac/tone.flac')],
  ogg: ['ogg', fixture('ogg/vorbis.ogg')],
  opus: ['opus', fixture('ogg/opus.opus')],
  ogv: ['ogv', fixture('ogg/theora.ogv')],
  aac: ['aac', fixture('aac/tone.aac')],
  aiff: ['aiff', fixture('aiff/tone.aiff')],
  amr: ['amr', async () => joined(utf8('#!AMR\n'), ...Array.from({ length: 20 }, () => Uint8Array.of(0x04, ...new Uint8Array(12))))],
  html: ['html', text('<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>t</title>\n</head>\n<body><p>Words.</p></body>\n</html>\n')],
  markdown: ['md', text('# Title\n\nWords.\n')],
  plain: ['txt', text('Words.\n')],
  json: ['json', text('{ "words": [1, 2] }\n')],
  jsonl: ['jsonl', text('{"a":1}\n{"a":2}\n')],
  csv: ['csv', text('a,b\n1,2\n3,4\n')],
  xml: ['xml', text('<?xml version="1.0"?>\n<words><a/></words>\n')],
  rtf: ['rtf', text('{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 Words.\\par}\n')],
  pdf: ['pdf', fixture('pdf/ghostscript.pdf')],
  docx: ['docx', fixture('zip/text.docx')],
  xlsx: ['xlsx', fixture('zip/sheet.xlsx')],
  pptx: ['pptx', async () => zip.zipOf(officeParts('ppt/presentation.xml'))],
  odt: ['odt', fixture('zip/text.odt')],
  ods: ['ods', fixture('zip/sheet.ods')],
  odp: ['odp', async () => zip.zipOf(odfParts(undefined, { type: 'presentation' }))],
  epub: ['epub', fixture('zip/book.epub')],
  xmind: [
    'xmind',
    async () =>
      zip.zipOf([
        { name: 'content.json', data: '[]' },
        { name: 'metadata.json', data: '{}' },
      ]),
  ],
  ofd: [
    'ofd',
    async () =>
      zip.zipOf([
        {
          name: 'OFD.xml',
          data: '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        },
      ]),
  ],
};
