import { describe, expect, it } from 'vitest';
import * as fixtures from '../index.ts';

/** The rows of spec/provenance.md §4.4 that are a reader's, and beginnings of the names of the files that stand for each, by list. */
const ROWS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'deflate bomb': {
    pngHostile: ['zTXt deflate bomb under our key', 'iTXt deflate bomb of XMP', 'a hundred deflate bombs'],
    jxlHostile: ['brob bomb'],
  },
  '40k x 40k PNG': { pngHostile: ['40,000 by 40,000 pixels of one bit, with a label', '40,000 by 40,000 pixels of one bit'] },
  'XMP entities': {
    xmpHostile: ['XMP: billion laughs', 'XMP: quadratic blow-up', 'XMP: an external entity', 'XMP: a parameter entity', 'XMP: numeric references'],
  },
  'XMP depth bomb': { xmpHostile: ['XMP: depth bomb of 70 KB', 'XMP: depth bomb of 1 MB', 'XMP: depth bomb with a namespace each'] },
  'XMP forms': {
    xmpHostile: [
      'XMP: 300 KB',
      'XMP: more than 1 MiB',
      'XMP: two packets that differ',
      'XMP: UTF-16, little endian',
      'XMP: UTF-16, big endian',
      'XMP: UTF-32',
      'XMP: bytes that are not UTF-8',
      'XMP: a NUL inside the label',
      'XMP: CDATA',
      'XMP: an attribute',
      'XMP: attribute and element that differ',
      'XMP: our prefix, bound to something else',
      'XMP: our prefix, bound anew around the label',
    ],
  },
  'JPEG segments': {
    jpegHostile: [
      'APP1 of length 0',
      'APP1 of length 1',
      'APP1 that reaches into the next segment',
      'extended XMP of another GUID',
      'extended XMP whose MD5 is wrong',
      'extended XMP with a gap',
      'extended XMP with an overlap',
      'extended XMP of 4 GB',
      'extended XMP with an offset twice',
    ],
  },
  'JPEG around the picture': {
    jpegHostile: [
      'no EOI',
      'fill bytes',
      'APP1 behind the first SOS',
      'a second picture (MPF)',
      'a thumbnail with its own label',
      'a ZIP behind its end',
      'a page behind its end',
    ],
  },
  PNG: {
    pngHostile: [
      'a chunk of length 0x7FFFFFFF',
      'a chunk of length 0x80000000',
      'a label with a wrong CRC',
      'a label behind IEND',
      'two IHDR',
      'a keyword of 80 bytes',
      'APNG',
    ],
  },
  MP4: {
    isobmffHostile: [
      'MP4: size 0',
      'MP4: size 1',
      'MP4: a moov of size 7',
      'MP4: 64 bits',
      'MP4: a child larger than its parent',
      'MP4: 10,000 nested boxes',
      'MP4: two moov that differ',
      'MP4: mdat first',
      'MP4: fragmented',
      'MP4: meta as a plain box',
      'MP4: ilst of size 0',
      'MP4: stsd of size 0',
    ],
    cmafHostile: ['a moof 10,000 deep'],
  },
  RIFF: {
    wavHostile: [
      'WAV: an odd chunk',
      'WAV: a RIFF of size 0xFFFFFFFF',
      'WAV: RF64',
      'WAV: 1,000 lists inside one another',
      'WAV: a list of size 0',
      'WAV: facts of size 0',
    ],
    webpHostile: ['WebP: an odd chunk', 'WebP: a RIFF of size 0xFFFFFFFF'],
    aviHostile: ['a list of facts of size 0', 'a RIFF of size 0xFFFFFFFF'],
  },
  ID3: {
    frameTagsHostile: [
      'ID3 all unsynchronised',
      'ID3 of version 2.2',
      'ID3 extended header of 4 GB',
      'ID3 extended header that is fine',
      'ID3 at the end',
      'ID3 plain sizes in 2.4',
      'ID3 frame of 256 MB',
      'ID3 compressed frame',
      'ID3 encrypted frame',
      'ID3 twice, and they disagree',
    ],
  },
  'Ogg, FLAC, Matroska': {
    oggHostile: ['Ogg lacing that leads beyond the file', 'Ogg wrong checksum', 'Ogg label over many pages', 'Ogg chained labels that disagree'],
    flacHostile: ['FLAC block larger than the file'],
    ebmlHostile: ['EBML unknown size of the Segment, a flood of Voids'],
  },
  ASF: { asfHostile: ['an object of size 0 in the header', 'an object of size -1 in the header', 'data of -24 bytes'] },
  'GIF, TIFF, HEIF': {
    gifHostile: ['a sub-block that never ends'],
    tiffHostile: ['IFD loop', '4 GB of XMP announced', 'BigTIFF: 2^64 entries'],
    heifHostile: ['iloc overflow', 'iref loop'],
  },
  PDF: {
    pdfHostile: [
      'cross-reference table whose /Prev is itself',
      'object stream bomb',
      'encrypted',
      'Info shadowed by an update that has no label',
      'Info shadowed by an update with another label',
      '/AIGC twice',
    ],
  },
  DOCX: {
    zipHostile: [
      'bomb: 200 MB',
      'bomb whose directory says 0',
      'bomb of members that overlap',
      'an archive in an archive',
      'a name that climbs',
      'an absolute name',
      'a symbolic link',
      'two members of one name',
      '100,000 members',
      'a descriptor that contradicts',
    ],
  },
  JSON: {
    labelHostile: [
      'label: 1,000,000 levels',
      'label: 7,000 levels in less than 16 KiB',
      'label: a name twice',
      'label: __proto__',
      'label: a lone surrogate',
      'label: 1e400',
      'label: a byte order mark',
      'label: junk behind',
      'label: wrong types',
      'label: an eighth field',
      'label: more than 16 KiB',
    ],
    jsonHostile: ['a million levels', '__proto__'],
  },
  Text: {
    textHostile: [
      'plain: letters that turn the direction',
      'plain: signs without width',
      'plain: one line of 20 MB',
      'markdown: front matter bomb',
      'markdown: an alias bomb',
      'markdown: an anchor that holds itself',
    ],
  },
};

/** Rows that are not a reader's: the tests of files and of the command line stand for the first two, later releases for the others. */
const OTHERS: readonly string[] = ['Names', 'FS', 'HTTP', 'Store'];

const lists = fixtures as unknown as Readonly<Record<string, readonly fixtures.HostileFile[] | undefined>>;

describe('the catalogue of hostile input (spec/provenance.md §4.4)', () => {
  it('has 22 rows', () => {
    expect(Object.keys(ROWS).length + OTHERS.length).toBe(22);
  });
  for (const [row, files] of Object.entries(ROWS)) {
    it(`${row} is covered`, () => {
      for (const [list, names] of Object.entries(files)) {
        for (const name of names) {
          expect(
            lists[list]?.some((file) => file.name.startsWith(name)),
            `${list}: ${name}`,
          ).toBe(true);
        }
      }
    });
  }
  it('gives every file a name of its own in its list', () => {
    for (const [list, files] of Object.entries(lists).filter(([name]) => name.endsWith('Hostile'))) {
      const names = files?.map(({ name, format }) => `${format}: ${name}`) ?? [];
      expect(new Set(names).size, list).toBe(names.length);
    }
  });
});
