import { createHash } from 'node:crypto';
import { bytesSource, digestContent, type Format, type Hashing, LabelError, utf8 } from '@aigc-label/core';
import {
  bitmapHostile,
  gifHostile,
  type HostileFile,
  jpegHostile,
  mutations,
  pngHostile,
  psdHostile,
  svgHostile,
  truncations,
  webpHostile,
  xmpHostile,
} from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { gifXmp } from '../../test/gifs.ts';
import { exifSegment, insertSegments, multiPicture, segment, xmpSegment } from '../../test/jpegs.ts';
import { manifestStore } from '../../test/manifest-stores.ts';
import { labelledDescription, packetBytes, RDF } from '../../test/packets.ts';
import { bytesOf, chunk, insertBefore, pictureOf } from '../../test/pictures.ts';
import { psdFile, resource } from '../../test/psds.ts';
import { webpChunk, webpFile } from '../../test/webps.ts';
import { gif, imageFormats, jpeg, png, psd, svg, webp, xmp } from '../formats/index.ts';

/** Hostile files are large, and pure JavaScript takes its time. */
const hashing: Hashing = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};

/** The plan holds inside the file, or there is none and a LabelError says why; either in little time. */
const answers = async (format: Format, bytes: Uint8Array): Promise<void> => {
  try {
    const plan = await format.content!(bytesSource(bytes));
    let end = 0;
    for (const carrier of plan.carriers) {
      expect(carrier.start >= end && carrier.end > carrier.start && carrier.end <= bytes.length).toBe(true);
      end = carrier.end;
    }
    await digestContent(bytesSource(bytes), plan, hashing);
  } catch (error) {
    if (!(error instanceof LabelError)) {
      throw error;
    }
  }
};

const HOSTILE: readonly HostileFile[] = [pngHostile, jpegHostile, gifHostile, webpHostile, psdHostile, svgHostile, xmpHostile, bitmapHostile].flat();

describe('hostile files have a digest, or a LabelError', () => {
  for (const { name, format: id, bytes } of HOSTILE) {
    const format = imageFormats.find((one) => one.id === id);
    if (format?.content !== undefined) {
      it(`${id}: ${name}`, async () => {
        const file = bytes();
        const started = performance.now();
        await answers(format, file);
        expect(performance.now() - started).toBeLessThan(10_000);
      });
    }
  }
});

const tiny = await bytesOf(pictureOf(1, 8, 8).toColourspace('b-w').jpeg());
const lossy = await bytesOf(pictureOf(3, 4, 4).webp());
const packet = packetBytes(labelledDescription());
const files: readonly (readonly [Format, Uint8Array])[] = [
  [
    png,
    insertBefore(
      await bytesOf(pictureOf(3, 4, 4).png()),
      'IDAT',
      chunk('eXIf', exifSegment('x').subarray(10)),
      chunk('caBX', manifestStore()),
      chunk('tEXt', 'a\0b'),
    ),
  ],
  [jpeg, insertSegments(multiPicture(true, tiny, tiny, [exifSegment('x')], [segment(0xfe, 'x')]), 0xdb, xmpSegment(packet))],
  [
    gif,
    Uint8Array.from([
      ...Buffer.from('474946383961020002008000000000000000ffffff', 'hex').subarray(0, 19),
      ...gifXmp(packet),
      0x2c,
      0,
      0,
      0,
      0,
      2,
      0,
      2,
      0,
      0,
      2,
      2,
      0x44,
      0x0a,
      0,
      0x3b,
    ]),
  ],
  [webp, webpFile(webpChunk('VP8X', Uint8Array.of(4, 0, 0, 0, 3, 0, 0, 3, 0, 0)), lossy.subarray(12), webpChunk('XMP ', packet))],
  [psd, psdFile([resource(1060, packet), resource(1058, exifSegment('x').subarray(10))])],
  [svg, utf8(`<svg xmlns="http://www.w3.org/2000/svg"><metadata><rdf:RDF xmlns:rdf="${RDF}">${labelledDescription()}</rdf:RDF></metadata></svg>`)],
  [xmp, packet],
];

describe('damaged files have a digest, or a LabelError', () => {
  for (const [format, bytes] of files) {
    it(format.id, async () => {
      await expect(format.content!(bytesSource(bytes))).resolves.toMatchObject({ method: `${format.id}-1` });
      for (const damagedFile of [...mutations(bytes, 250), ...truncations(bytes)]) {
        await answers(format, damagedFile);
      }
    });
  }
});
