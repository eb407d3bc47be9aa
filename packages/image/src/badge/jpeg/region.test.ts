import { readFileSync } from 'node:fs';
import { type BadgeOptions, resolveBadge } from '@aigc-label/badge';
import { applySplices, concat, equalBytes, type Splice, u16be } from '@aigc-label/core';
import { ffmpeg, withFile } from '@aigc-label/test-fixtures';
import sharp, { type JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { difference, noise, picture, rawPixels } from '../../../test/badge-pictures.ts';
import { badgePlace } from '../badge-place.ts';
import { drawBadge } from '../image-badge.ts';
import { wholeSplices } from '../jpeg-badge.ts';
import { stuffed } from './bit-cursor.ts';
import { CodeWriter } from './bit-patch.ts';
import { blendInto } from './blend-plate.ts';
import { encodingTable } from './huffman.ts';
import { type JpegFrame, parseJpeg } from './jpeg-frame.ts';
import { codingSplices, readJpeg, readJpegUnder, regionSplices } from './jpeg-picture.ts';
import { patchScan } from './patch-scan.ts';
import { forEachBlock } from './read-scan.ts';
import { writeSequentialAc, writeSized } from './write-scan.ts';

const [WIDTH, HEIGHT] = [403, 309];
const anySize = (): void => {};

/** Both ways to draw the same badge: blocks under the plate alone, and every block coded anew with tables of its own. */
const bothWays = async (
  bytes: Uint8Array,
  options: BadgeOptions = {},
): Promise<{ region: readonly Splice[]; whole: readonly Splice[]; moved: number }> => {
  const frame = parseJpeg(bytes, anySize);
  const { placed } = await badgePlace(resolveBadge(options), frame.width, frame.height);
  const under = readJpegUnder(bytes, frame, placed);
  blendInto(frame, under.stores, placed);
  const moved = under.scans.reduce((sum, scan) => sum + (patchScan(scan)?.movedTables.length ?? 0), 0);
  return { region: regionSplices(frame, under) ?? [], whole: wholeSplices(bytes, parseJpeg(bytes, anySize), placed), moved };
};

const coefficientsOf = (bytes: Uint8Array): readonly Uint8Array[] =>
  readJpeg(bytes, anySize).components.map(({ coefficients }) => new Uint8Array(coefficients.buffer));

const expectSame = async (bytes: Uint8Array, name: string, options: BadgeOptions = {}): Promise<number> => {
  const { region, whole, moved } = await bothWays(bytes, options);
  expect(region.length, name).toBeGreaterThan(0);
  const drawn = applySplices(bytes, region);
  const [ours, reference] = [coefficientsOf(drawn), coefficientsOf(applySplices(bytes, whole))];
  for (const [index, plane] of ours.entries()) {
    expect(equalBytes(plane, reference[index]!), `${name}, plane ${index}`).toBe(true);
  }
  // libjpeg is content, too: not one byte too much or too little before any marker.
  expect(difference(await rawPixels(drawn), await rawPixels(applySplices(bytes, whole))), name).toBeUndefined();
  return moved;
};

const byFfmpeg = async (pixelFormat: string, ...more: readonly string[]): Promise<Uint8Array> =>
  withFile('in.png', await picture('waves', WIDTH, HEIGHT).png().toBuffer(), async (path) => {
    await ffmpeg('-i', path, '-pix_fmt', pixelFormat, '-q:v', '3', ...more, `${path}.jpg`);
    return new Uint8Array(readFileSync(`${path}.jpg`));
  });
const bySharp = async (options: JpegOptions = {}, space = 'srgb', width = WIDTH, height = HEIGHT): Promise<Uint8Array> =>
  new Uint8Array(await picture('waves', width, height).toColourspace(space).jpeg(options).toBuffer());

/** Smooth noise, whose Huffman tables are full: codes of 16 bits, and none left; grey from row `greyFrom` of 40 on. */
const smoothNoise = (options: JpegOptions, greyFrom = 40): Promise<Buffer> =>
  sharp(
    noise(60 * 40 * 3).map((value, at, all) => (at < greyFrom * 180 ? value : all[at - (at % 3)]!)),
    { raw: { width: 60, height: 40, channels: 3 } },
  )
    .resize(960, 640, { kernel: 'cubic' })
    .jpeg({ quality: 90, ...options })
    .toBuffer();

/** The same scans with restart markers, put in by our own coder. */
const restarting = (bytes: Uint8Array, interval: number): Uint8Array => {
  const frame = readJpeg(bytes, anySize);
  const parts = frame.parts.map((part) => (part.kind === 'scan' ? { ...part, scan: { ...part.scan, restartInterval: interval } } : part));
  const sos = frame.parts[frame.parts.findIndex((part) => part.kind === 'scan') - 1]!.start;
  const dri = { at: sos, remove: 0, insert: concat(Uint8Array.of(0xff, 0xdd), u16be(4), u16be(interval)) };
  return applySplices(
    bytes,
    [dri, ...codingSplices({ ...frame, parts })].sort((a, b) => a.at - b.at),
  );
};

/** Each component in a scan of its own, all with the first component's tables, which stand before the first scan. */
const unmixed = (bytes: Uint8Array): Uint8Array => {
  const frame: JpegFrame = readJpeg(bytes, anySize);
  const at = frame.parts.findIndex((part) => part.kind === 'scan');
  const part = frame.parts[at]!;
  if (part.kind !== 'scan') {
    throw new Error('there is no scan');
  }
  const { scan } = part;
  const tables = [...Array.from({ length: 4 }, (_, id) => scan.dcTables[id]), ...Array.from({ length: 4 }, (_, id) => scan.acTables[id])].map(
    (table) => table && encodingTable(table.counts, table.symbols),
  );
  const { dcId, acId } = scan.components[0]!;
  const scans = scan.components.map((coded) => {
    const writer = new CodeWriter(tables);
    let before = 0;
    forEachBlock(
      frame,
      { ...scan, components: [coded] },
      ({ coefficients }, place) => {
        writeSized(writer, dcId, 0, coefficients[place]! - before);
        before = coefficients[place]!;
        writeSequentialAc(writer, 4 + acId, coefficients, place);
      },
      anySize,
    );
    writer.bits(0x7f, (8 - (writer.written.length & 7)) & 7);
    const header = Uint8Array.of(0xff, 0xda, 0, 8, 1, coded.component.id, (dcId << 4) | acId, 0, 63, 0);
    return concat(header, stuffed(writer.written.bytes.subarray(0, writer.written.length >>> 3)));
  });
  return concat(bytes.subarray(0, frame.parts[at - 1]!.start), ...scans, bytes.subarray(scan.entropyEnd));
};

describe('blocks under the plate alone are coded as all of them would be', () => {
  it.each<[string, () => Promise<Uint8Array>]>([
    ['4:2:0', () => bySharp()],
    ['4:4:4', () => bySharp({ chromaSubsampling: '4:4:4' })],
    ['4:2:2', () => byFfmpeg('yuvj422p')],
    ['4:4:0', () => byFfmpeg('yuvj440p')],
    ['4:1:1', () => byFfmpeg('yuvj411p')],
    ['the standard Huffman tables', () => byFfmpeg('yuvj420p', '-huffman', 'default')],
    ['tables for one grey alone', async () => new Uint8Array(await picture('white', WIDTH, HEIGHT).jpeg({ quality: 90 }).toBuffer())],
    ['quality 10', () => bySharp({ quality: 10 })],
    ['quality 100', () => bySharp({ quality: 100 })],
    ['grey', () => bySharp({}, 'b-w')],
    ['CMYK', () => bySharp({}, 'cmyk')],
    ['progressive', () => bySharp({ progressive: true })],
    ['progressive grey', () => bySharp({ progressive: true }, 'b-w')],
    ['progressive CMYK', () => bySharp({ progressive: true }, 'cmyk')],
    ['progressive, one grey', async () => new Uint8Array(await picture('white', WIDTH, HEIGHT).jpeg({ progressive: true }).toBuffer())],
    ['mozjpeg', () => bySharp({ mozjpeg: true })],
    ['a plate as wide as the picture', () => bySharp({}, 'srgb', 44, 47)],
    ['a plate as wide as the picture, progressive', () => bySharp({ progressive: true }, 'srgb', 44, 47)],
    ['a scan for each component', async () => unmixed(await bySharp({ chromaSubsampling: '4:2:0' }))],
  ])('%s', async (name, make) => {
    const bytes = await make();
    for (const position of ['bottom-right', 'top-left', 'right'] as const) {
      await expectSame(bytes, `${name}, ${position}`, { position });
    }
  });

  it.each([1, 7, 26, 200])('restart intervals of %i', async (interval) => {
    for (const bytes of [await bySharp(), await bySharp({ progressive: true })]) {
      await expectSame(restarting(bytes, interval), 'restarting');
      await expectSame(restarting(bytes, interval), 'restarting, at the top', { position: 'top' });
    }
  });

  it.each([false, true])('full Huffman tables get room by longer codes for what is rare (progressive: %s)', async (progressive) => {
    expect(await expectSame(await smoothNoise({ progressive }), 'full')).toBeGreaterThan(0);
    expect(await expectSame(await smoothNoise({ progressive }), 'full, at the top', { position: 'top-left' })).toBeGreaterThan(0);
  });

  it('tables that one scan changed for itself are put back for the next', async () => {
    // Under the badge there is no colour, so that the second scan needs no new code; elsewhere it has codes that the first scan moved.
    const bytes = unmixed(await smoothNoise({ chromaSubsampling: '4:4:4' }, 28));
    const tables = parseJpeg(bytes, anySize).parts.flatMap((part) => (part.kind === 'scan' ? [part.scan.acTables[0]] : []));
    expect(new Set(tables).size).toBe(1);
    expect(tables).toHaveLength(3);
    await sharp(bytes, { failOn: 'warning' }).stats();
    expect(await expectSame(bytes, 'shared tables')).toBeGreaterThan(0);
  });
});

describe('what lies outside the plate', () => {
  it.each<[string, JpegOptions]>([
    ['baseline', {}],
    ['progressive', { progressive: true }],
  ])('%s: bits before the plate are where they were', async (_, options) => {
    const bytes = await bySharp(options);
    const badged = await drawBadge(bytes);
    const scan = parseJpeg(bytes, anySize).parts.find((part) => part.kind === 'scan')!;
    const after = parseJpeg(badged, anySize).parts.find((part) => part.kind === 'scan')!;
    const share = Math.floor((parseJpeg(bytes, anySize).parts.at(-1)!.start - scan.start) * 0.05);
    expect(equalBytes(badged.subarray(after.start, after.start + share), bytes.subarray(scan.start, scan.start + share))).toBe(true);
  });
});

describe('damage', () => {
  it.each<[string, JpegOptions]>([
    ['baseline', {}],
    ['progressive', { progressive: true }],
  ])('%s: a scan that ends too early is damaged, wherever that is', async (_, options) => {
    const bytes = await bySharp({ quality: 95, ...options });
    const scans = parseJpeg(bytes, anySize).parts.flatMap((part) => (part.kind === 'scan' ? [part.scan] : []));
    for (const { entropyStart, entropyEnd } of scans) {
      for (const share of [0, 0.3, 0.95]) {
        const cut = entropyStart + Math.floor((entropyEnd - entropyStart) * share);
        const broken = concat(bytes.subarray(0, cut), bytes.subarray(entropyEnd));
        await expect(drawBadge(broken), `${share}`).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
      }
    }
  });

  it('a restart marker out of order is damaged', async () => {
    const bytes = restarting(await bySharp(), 26);
    const marker = Buffer.from(bytes).indexOf(Buffer.of(0xff, 0xd1));
    await expect(drawBadge(bytes.map((byte, at) => (at === marker + 1 ? 0xd3 : byte)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});
