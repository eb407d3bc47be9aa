import { type ByteSource, bytesSource } from '@aigc-label/core';
import { isobmff, type Random, randomOf } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { boxBudget } from './box.ts';
import { trackTouches } from './chunk-overlap.ts';
import { readBoxFile } from './file.ts';
import { exchangeMedia } from './media-exchange.ts';
import { readMovie, tableBoxes } from './movie.ts';
import { sampleTableEdits } from './sample-edits.ts';
import { readSampleTable, type SampleTable } from './sample-table.ts';

const { box, ftyp, joined, openBox, text, u32, u64, wideBox } = isobmff;
const RUNS = 250;

/** A track as a test thinks of it. */
interface Track {
  readonly samples: readonly Uint8Array[];
  readonly durations: readonly number[];
  readonly shifts: readonly number[] | undefined;
  readonly sync: ReadonlySet<number> | undefined;
  readonly groups: readonly number[] | undefined;
  /** Samples of each chunk. */
  readonly chunks: readonly number[];
  readonly offsetWidth: 4 | 8;
  readonly sizes: 'stsz' | 'stz2';
}

const upTo = <Value>(count: number, make: (index: number) => Value): Value[] => Array.from({ length: count }, (_, index) => make(index));

/** Every sample says whose it is, so that it is found in the file by its bytes alone. */
const randomTrack = (random: Random, name: string): Track => {
  const count = 1 + random(30);
  const isNarrow = random(4) === 0;
  const chunks: number[] = [];
  for (let left = count; left > 0; left -= chunks.at(-1) ?? 0) {
    chunks.push(Math.min(left, 1 + random(5)));
  }
  return {
    samples: upTo(count, (index) => joined(text(`${name}${index};`), new Uint8Array(random(isNarrow ? 100 : 400)).fill(random(256)))),
    durations: upTo(count, () => 1 + random(50)),
    shifts: random(3) === 0 ? undefined : upTo(count, () => random(120) - 40),
    sync: random(3) === 0 ? undefined : new Set([0, ...upTo(3, () => random(count))]),
    groups: random(3) === 0 ? upTo(count, () => random(3)) : undefined,
    chunks,
    offsetWidth: random(3) === 0 ? 8 : 4,
    sizes: isNarrow ? 'stz2' : 'stsz',
  };
};

const tableOf = (track: Track, offsets: readonly number[]): Uint8Array => {
  const { samples, durations, shifts, sync, groups, chunks, offsetWidth, sizes } = track;
  const lengths = samples.map(({ length }) => length);
  const narrow = joined(u32(0, 16, samples.length), ...lengths.map((length) => new Uint8Array([length >> 8, length & 255])));
  return box(
    'stbl',
    box('stsd', u32(0, 0)),
    box('stts', u32(0, durations.length), ...durations.map((duration) => u32(1, duration))),
    shifts === undefined ? u32() : box('ctts', u32(0x0100_0000, shifts.length), ...shifts.map((shift) => u32(1, shift >>> 0))),
    sync === undefined ? u32() : box('stss', u32(0, sync.size, ...[...sync].sort((a, b) => a - b).map((index) => index + 1))),
    sizes === 'stz2' ? box('stz2', narrow) : box('stsz', u32(0, 0, samples.length, ...lengths)),
    box('stsc', u32(0, chunks.length), ...chunks.map((length, index) => u32(index + 1, length, 1))),
    offsetWidth === 8 ? box('co64', u32(0, offsets.length), u64(...offsets)) : box('stco', u32(0, offsets.length, ...offsets)),
    box('sdtp', u32(0), new Uint8Array(samples.length).fill(0x18)),
    groups === undefined ? u32() : box('sbgp', u32(0), text('test'), u32(groups.length), ...groups.map((group) => u32(1, group))),
  );
};

/** `writeUInt32BE` refuses what is negative; what a test wants there is the same bits. */
const trackBox = (track: Track, offsets: readonly number[]): Uint8Array =>
  box('trak', box('tkhd', new Uint8Array(84)), box('mdia', box('mdhd', u32(0, 0, 0, 1000, 0, 0)), box('minf', tableOf(track, offsets))));

/** A movie whose chunks take turns, its index before or behind the media. */
const movieOf = (tracks: readonly Track[], random: Random): Uint8Array => {
  const head = ftyp();
  const order = tracks.flatMap(({ chunks }, track) => chunks.map((_, chunk) => ({ track, chunk })));
  const turns = order.map((one) => ({ ...one, at: one.chunk + random(3) + one.track / 10 })).sort((a, b) => a.at - b.at || a.chunk - b.chunk);
  const starts = tracks.map(({ chunks }) => chunks.map((_, chunk) => chunks.slice(0, chunk).reduce((sum, length) => sum + length, 0)));
  const offsets = tracks.map((): number[] => []);
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { track, chunk } of turns) {
    const { samples, chunks } = tracks[track]!;
    const start = starts[track]![chunk]!;
    const gap = random(4) === 0 ? text('gap') : u32();
    const bytes = joined(gap, ...samples.slice(start, start + chunks[chunk]!));
    offsets[track]![chunk] = at + gap.length;
    parts.push(bytes);
    at += bytes.length;
  }
  const isFirst = random(2) === 0;
  const shape = [box, wideBox, isFirst ? openBox : box][random(3)]!;
  const moov = (base: number): Uint8Array =>
    box(
      'moov',
      box('mvhd', new Uint8Array(100)),
      ...tracks.map((track, index) =>
        trackBox(
          track,
          offsets[index]!.map((offset) => offset + base),
        ),
      ),
    );
  const mdat = shape('mdat', ...parts);
  const headerSize = mdat.length - at;
  return isFirst ? joined(head, moov(head.length + moov(0).length + headerSize), mdat) : joined(head, mdat, moov(head.length + headerSize));
};

const open = async (source: ByteSource) => {
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const movie = await readMovie(source, file, budget);
  const tables: SampleTable[] = [];
  for (const track of movie.tracks) {
    tables.push(await readSampleTable(source, track));
  }
  return { budget, file, movie, tables };
};

const samplesOf = async (source: ByteSource, { count, offsets, sizes }: SampleTable): Promise<string[]> => {
  const samples: string[] = [];
  for (let index = 0; index < count; index += 1) {
    samples.push(Buffer.from(await source.read(offsets[index]!, sizes[index]!)).toString('latin1'));
  }
  return samples;
};

describe('samples that are exchanged', () => {
  it(`stand in ${RUNS} random movies, and all others with their times stay`, async () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const random = randomOf(seed);
      const tracks = upTo(1 + random(3), (index) => randomTrack(random, `track ${index} sample `));
      const bytes = movieOf(tracks, random);
      const source = bytesSource(bytes);
      const { budget, file, movie, tables } = await open(source);
      const [model, table, track] = [tracks[0]!, tables[0]!, movie.tracks[0]!];
      expect(await samplesOf(source, table)).toEqual(model.samples.map((sample) => Buffer.from(sample).toString('latin1')));

      const from = random(table.count);
      const length = 1 + random(table.count - from);
      const fresh = upTo(length, (index) => joined(text(`new ${index};`), new Uint8Array(random(600))));
      const isSync = Uint8Array.from({ length }, (_, index) => (index === 0 || random(3) === 0 ? 1 : 0));
      const groups = await tableBoxes(source, track, 'sbgp', budget);
      const edits = await sampleTableEdits(source, track, table, [{ from, sizes: Uint32Array.from(fresh, (one) => one.length), isSync }], groups);
      const changes = fresh.map((one, index) => ({ at: table.offsets[from + index]!, remove: table.sizes[from + index]!, pieces: [one] }));
      const after = await exchangeMedia(source, file, { edits, changes }, budget);
      const out = await open(after);

      const expected = tracks.map(({ samples }) => samples.map((sample) => Buffer.from(sample).toString('latin1')));
      expected[0]!.splice(from, length, ...fresh.map((one) => Buffer.from(one).toString('latin1')));
      for (const [index, one] of out.tables.entries()) {
        expect(await samplesOf(after, one), `seed ${seed}`).toEqual(expected[index]);
        expect(one.decodedAt).toEqual(tables[index]!.decodedAt);
        if (index > 0) {
          expect({ ...one, offsets: undefined }).toEqual({ ...tables[index], offsets: undefined });
        }
      }
      const shown = (one: SampleTable): number[] => [...one.decodedAt].map((time, index) => time + (one.shifts?.[index] ?? 0));
      const [before, now] = [shown(table), shown(out.tables[0]!)];
      expect(now.slice(from, from + length)).toEqual(before.slice(from, from + length).sort((a, b) => a - b));
      expect([...now.slice(0, from), ...now.slice(from + length)]).toEqual([...before.slice(0, from), ...before.slice(from + length)]);
      if (table.shifts !== undefined) {
        expect(Math.min(...out.tables[0]!.shifts!)).toBeGreaterThanOrEqual(Math.min(...table.shifts));
        expect(Math.max(...out.tables[0]!.shifts!)).toBeLessThanOrEqual(Math.max(...table.shifts));
      }
      const sync = upTo(table.count, (index) => (index >= from && index < from + length ? isSync[index - from]! : (table.isSync?.[index] ?? 1)));
      expect([...(out.tables[0]!.isSync ?? new Uint8Array(table.count).fill(1))]).toEqual(sync);
      const sdtp = out.movie.tracks[0]!.table.get('sdtp')!.box;
      const flags = await after.read(sdtp.offset + 12, table.count);
      expect([...flags]).toEqual(upTo(table.count, (index) => (index >= from && index < from + length ? 0 : 0x18)));
      expect(after.size).toBe(out.file.end);
    }
  });

  it('are told apart from bytes that another track uses', async () => {
    const random = randomOf(7);
    const tracks = upTo(2, (index) => randomTrack(random, `track ${index} sample `));
    const source = bytesSource(movieOf(tracks, random));
    const { movie, tables } = await open(source);
    const extentsOf = (table: SampleTable) => [{ at: table.offsets[0]!, remove: table.sizes[0]! }];
    expect(await trackTouches(source, movie.tracks[1]!, extentsOf(tables[0]!))).toBe(false);
    expect(await trackTouches(source, movie.tracks[1]!, extentsOf(tables[1]!))).toBe(true);
  });
});
