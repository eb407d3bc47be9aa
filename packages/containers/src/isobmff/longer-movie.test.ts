import { applySplices, ascii, type ByteSource, bytesSource, concat, latin1, u32be, viewOf } from '@aigc-label/core';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import {
  type BoxFile,
  boxBudget,
  contentOf,
  type InsertedTime,
  insertionEdits,
  longerMovieEdits,
  type Movie,
  planBoxEdits,
  readBoxFile,
  readMovie,
  readSampleTable,
} from './index.ts';
import { descend, readEditList } from './movie-times.ts';
import { boxBytes } from './write.ts';

const open = async (source: ByteSource): Promise<{ file: BoxFile; movie: Movie }> => {
  const file = await readBoxFile(source, boxBudget());
  return { file, movie: await readMovie(source, file, boxBudget()) };
};

/** The sound of a song, with what iTunes says of its length. */
const song = async (): Promise<Uint8Array> => {
  const bytes = fixtureBytes('isobmff/audio.m4a');
  const source = bytesSource(bytes);
  const { file, movie } = await open(source);
  const udta = await descend(source, { box: movie.box, parents: [] }, ['udta'], boxBudget());
  const text = ' 00000000 00000840 000001CA 0000000000001000 00000000 00000000';
  const item = boxBytes(
    '----',
    boxBytes('mean', u32be(0), ascii('com.apple.iTunes')),
    boxBytes('name', u32be(0), ascii('iTunSMPB')),
    boxBytes('data', u32be(1), u32be(0), ascii(text)),
  );
  const chapters = boxBytes(
    'chpl',
    Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2),
    new Uint8Array(8),
    Uint8Array.of(1, 0x41),
    u32be(0),
    u32be(500_000),
    Uint8Array.of(1, 0x42),
  );
  const meta = boxBytes('meta', u32be(0), boxBytes('hdlr', new Uint8Array(8), ascii('mdirappl'), new Uint8Array(9)), boxBytes('ilst', item));
  const inside = concat(meta, chapters);
  const edit =
    udta === undefined
      ? { at: movie.box.end, remove: 0, insert: boxBytes('udta', inside), parents: [movie.box] }
      : { at: contentOf(udta.box), remove: udta.box.end - contentOf(udta.box), insert: inside, parents: [movie.box, udta.box] };
  return applySplices(bytes, await planBoxEdits(source, file, [edit], boxBudget()));
};

const longer = async (bytes: Uint8Array, times: readonly InsertedTime[]): Promise<Uint8Array> => {
  const source = bytesSource(bytes);
  const { file, movie } = await open(source);
  return applySplices(
    bytes,
    await planBoxEdits(source, file, await longerMovieEdits(source, movie, movie.tracks[0]!, times, boxBudget()), boxBudget()),
  );
};

const told = async (bytes: Uint8Array): Promise<Record<string, unknown>> => {
  const source = bytesSource(bytes);
  const { movie } = await open(source);
  const [track] = movie.tracks;
  const number = async (path: readonly string[], at: number, place = { box: movie.box, parents: [] as never[] }): Promise<number> => {
    const found = await descend(source, path[0] === 'mvhd' ? place : track!, path, boxBudget());
    return viewOf(await source.read(contentOf(found!.box) + at, 4)).getUint32(0);
  };
  const text = latin1(bytes);
  const chapter = text.indexOf('chpl') + 4 + 9 + 10;
  return {
    scale: [await number(['mvhd'], 12), track!.timescale],
    movie: await number(['mvhd'], 16),
    track: await number(['tkhd'], 20),
    media: await number(['mdia', 'mdhd'], 16),
    edits: await readEditList(source, await descend(source, track!, ['edts', 'elst'], boxBudget())),
    gapless: /[0-9A-F]{16}/.exec(text)?.[0],
    chapter: viewOf(bytes).getUint32(chapter + 4),
  };
};

describe('longerMovieEdits', () => {
  it.each([
    ['start', 0],
    ['inside', 2048],
    ['end', 4096],
  ] as const)('lets every clock run longer by what came in at the %s', async (side, at) => {
    const bytes = await song();
    const before = await told(bytes);
    const [movieScale = 0, mediaScale = 0] = before['scale'] as number[];
    // Half a second.
    const after = await told(await longer(bytes, [{ at, ticks: mediaScale / 2, side }]));
    const [edit] = before['edits'] as { duration: number; mediaTime: number }[];
    expect(after).toMatchObject({
      movie: (before['movie'] as number) + movieScale / 2,
      track: (before['track'] as number) + movieScale / 2,
      media: (before['media'] as number) + mediaScale / 2,
      edits: [{ duration: edit!.duration + movieScale / 2, mediaTime: edit!.mediaTime }],
      gapless: (0x1000 + mediaScale / 2).toString(16).toUpperCase().padStart(16, '0'),
      // 50 ms: behind the start only.
      chapter: side === 'start' ? 500_000 + 5_000_000 : 500_000,
    });
  });

  it('shares what rounding leaves over', async () => {
    const bytes = await song();
    const [movieScale = 0, mediaScale = 0] = (await told(bytes))['scale'] as number[];
    const times = (['start', 'inside', 'end'] as const).map((side, index): InsertedTime => ({ at: index * 2048, ticks: 1000, side }));
    const [before, after] = [await told(bytes), await told(await longer(bytes, times))];
    const more = Math.round((3000 * movieScale) / mediaScale);
    expect([after['movie'], after['track']]).toEqual([(before['movie'] as number) + more, (before['track'] as number) + more]);
    expect((after['edits'] as { duration: number }[])[0]!.duration).toBe((before['edits'] as { duration: number }[])[0]!.duration + more);
  });
});

describe('insertionEdits', () => {
  it('puts sizes, durations and chunks where they belong', async () => {
    const bytes = fixtureBytes('isobmff/audio.m4a');
    const source = bytesSource(bytes);
    const { file, movie } = await open(source);
    const [track] = movie.tracks;
    const table = await readSampleTable(source, track!);
    const insertions = [
      { index: 0, sizes: [1, 2], durations: [10, 20] },
      { index: 2, sizes: [3], durations: [30] },
      { index: table.count, sizes: [4], durations: [40], lastDuration: 50 },
    ];
    const edits = await insertionEdits(source, track!, table, insertions, boxBudget());
    const after = bytesSource(applySplices(bytes, await planBoxEdits(source, file, edits, boxBudget())));
    const opened = await open(after);
    const grown = await readSampleTable(after, opened.movie.tracks[0]!);
    const sizes = [...table.sizes];
    expect([...grown.sizes]).toEqual([1, 2, sizes[0], sizes[1], 3, ...sizes.slice(2), 4]);
    const steps = [...grown.decodedAt].map((time, index) => (grown.decodedAt[index + 1] ?? Number.NaN) - time);
    expect(steps.slice(0, 5)).toEqual([10, 20, table.decodedAt[1], table.decodedAt[1], 30]);
    expect(steps.at(-2)).toBe(50);
    expect(grown.count).toBe(table.count + 4);
  });

  it('refuses tables that tie samples together', async () => {
    const bytes = fixtureBytes('isobmff/moov-last.mp4');
    const source = bytesSource(bytes);
    const { movie } = await open(source);
    const table = new Map(movie.tracks[0]!.table).set('subs', movie.tracks[0]!.table.get('stsz')!);
    const read = await readSampleTable(source, movie.tracks[0]!);
    await expect(insertionEdits(source, { ...movie.tracks[0]!, table }, read, [], boxBudget())).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED_FEATURE',
    });
  });
});
