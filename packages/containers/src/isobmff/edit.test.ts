import { applySplices, type ByteSource, bytesSource, type Splice } from '@aigc-label/core';
import { isobmff } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { type Box, boxBudget } from './box.ts';
import { planBoxEdits } from './edit.ts';
import { readBoxFile } from './file.ts';

const { box, fullMeta, ftyp, joined, moovContent, movieFirst, openBox, SAMPLES, text, u32, u64, untouched } = isobmff;

const GROWTH = 100;

/** Puts 100 bytes (or `size`) to the end of `moov`. */
const grow = async (source: ByteSource, size = GROWTH): Promise<readonly Splice[]> => {
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const moov = file.movies[0] as Box;
  return planBoxEdits(source, file, [{ at: moov.end, remove: 0, insert: box('free', new Uint8Array(size - 8).fill(7)), parents: [moov] }], budget);
};
const grown = async (bytes: Uint8Array): Promise<Buffer> => Buffer.from(applySplices(bytes, await grow(bytesSource(bytes))));

/** The content of the first box of a type. */
const content = (file: Buffer, type: string): Buffer => {
  const at = file.indexOf(type, 0, 'latin1');
  return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
};
const where = (bytes: Uint8Array, needle: string): number => Buffer.from(bytes).indexOf(needle, 0, 'latin1');

/** ftyp, `before`, moov, `after`, mdat, with a place for one offset that is filled in with where the second chunk lies. */
const pointing = (
  make: (offset: number) => { readonly before?: Uint8Array; readonly moov?: Uint8Array; readonly table?: Uint8Array; readonly after?: Uint8Array },
) => {
  const build = (offset: number): Uint8Array => {
    const { before = new Uint8Array(0), moov = new Uint8Array(0), table = new Uint8Array(0), after = new Uint8Array(0) } = make(offset);
    return joined(ftyp('isom', 'isom'), before, box('moov', moovContent({ chunks: [], table, extra: moov })), after, box('mdat', SAMPLES));
  };
  return build(where(build(0), 'second chunk'));
};

describe('offsets that move', () => {
  it('stay on their bytes in stco and co64, and sizes follow', async () => {
    for (const width of [4, 8] as const) {
      const before = movieFirst({ width });
      const after = await grown(before);
      expect((untouched(after) as string[]).filter((line) => !line.includes('/moov/free'))).toEqual(untouched(before));
      expect(content(after, 'moov').length - content(Buffer.from(before), 'moov').length).toBe(GROWTH);
    }
  });

  it('of iloc in the file and in moov, through the base or each extent; not those of idat or other files', async () => {
    const second = 'second chunk of samples'.length;
    const iloc = (base: number, extent: number, method = 0, reference = 0): Uint8Array =>
      // offset_size, length_size, base_offset_size 4; one item, one extent (ISO/IEC 14496-12 §8.11.3, version 1)
      box(
        'iloc',
        u32(0x0100_0000),
        new Uint8Array([0x44, 0x40, 0, 1]),
        new Uint8Array([0, 7, 0, method, 0, reference]),
        u32(base),
        new Uint8Array([0, 1]),
        u32(extent, second),
      );
    const read = (file: Buffer): readonly number[] => [content(file, 'iloc').readUInt32BE(14), content(file, 'iloc').readUInt32BE(20)];
    for (const place of ['before', 'after', 'moov'] as const) {
      const inBase = pointing((offset) => ({ [place]: fullMeta(iloc(offset, 0)) }));
      const inExtent = pointing((offset) => ({ [place]: fullMeta(iloc(0, offset)) }));
      for (const bytes of [inBase, inExtent]) {
        const after = await grown(bytes);
        const [base = 0, extent = 0] = read(after);
        expect(after.toString('latin1', base + extent, base + extent + second)).toBe('second chunk of samples');
      }
      for (const bytes of [
        pointing((offset) => ({ [place]: fullMeta(iloc(offset, 0, 1)) })),
        pointing((offset) => ({ [place]: fullMeta(iloc(offset, 0, 0, 1)) })),
      ]) {
        expect(read(await grown(bytes))).toEqual(read(Buffer.from(bytes)));
      }
    }
  });

  it('of saio in a sample table, which is absolute, and not in a fragment, where it is not', async () => {
    const absolute = await grown(pointing((offset) => ({ table: box('saio', u32(0, 1, offset)) })));
    expect(absolute.toString('latin1', content(absolute, 'saio').readUInt32BE(8)).startsWith('second chunk')).toBe(true);
    const typed = await grown(pointing((offset) => ({ table: box('saio', u32(0x0100_0001), text('cenc'), u32(0, 1), u64(offset)) })));
    expect(typed.toString('latin1', Number(content(typed, 'saio').readBigUInt64BE(16))).startsWith('second chunk')).toBe(true);
    const relative = pointing((offset) => ({ after: box('moof', box('traf', box('tfhd', u32(0x2_0000, 1)), box('saio', u32(0, 1, offset)))) }));
    expect(content(await grown(relative), 'saio')).toEqual(content(Buffer.from(relative), 'saio'));
  });

  it('of tfhd with a base, and of tfra in both widths', async () => {
    const base = await grown(pointing((offset) => ({ after: box('moof', box('traf', box('tfhd', u32(1, 1), u64(offset)))) })));
    expect(base.toString('latin1', Number(content(base, 'tfhd').readBigUInt64BE(8))).startsWith('second chunk')).toBe(true);
    const tfra = (version: 0 | 1, offset: number): Uint8Array =>
      box(
        'mfra',
        box('tfra', u32(version << 24, 1, 0, 2), ...[1, 2].flatMap((time) => [version === 1 ? u64(time, offset) : u32(time, offset), text('abc')])),
      );
    for (const version of [0, 1] as const) {
      const after = await grown(pointing((offset) => ({ after: tfra(version, offset) })));
      const table = content(after, 'tfra');
      const at = version === 1 ? [24, 24 + 19] : [20, 20 + 11];
      expect(at.map((place) => (version === 1 ? Number(table.readBigUInt64BE(place)) : table.readUInt32BE(place)))).toEqual([
        where(after, 'second chunk'),
        where(after, 'second chunk'),
      ]);
      expect(table.subarray(-3).toString()).toBe('abc');
    }
  });

  it('of sidx, where what is inserted lies between it and its segments, or inside one', async () => {
    const sidx = (first: number, size: number): Uint8Array => box('sidx', u32(0, 1, 1000, 0, first, 1), u32(size, 5, 0x9000_0000));
    const size = 'second chunk of samples'.length;
    const between = pointing(() => ({ before: sidx(0, size) }));
    const start = where(between, 'sidx') - 4;
    const end = start + 44;
    const right = joined(between.subarray(0, start), sidx(where(between, 'second chunk') - end, size), between.subarray(end));
    const after = await grown(right);
    expect(content(after, 'sidx').readUInt32BE(16)).toBe(where(after, 'second chunk') - end);
    expect(content(after, 'sidx').readUInt32BE(24)).toBe(size);
    const inside = joined(between.subarray(0, start), sidx(0, between.length - end), between.subarray(end));
    expect(content(await grown(inside), 'sidx').readUInt32BE(24)).toBe(between.length - end + GROWTH);
    const behind = pointing(() => ({ after: sidx(0, 80) }));
    expect(content(await grown(behind), 'sidx')).toEqual(content(Buffer.from(behind), 'sidx'));
  });

  it('of tables in a damaged nesting, where players still find them', async () => {
    for (const parents of [['mdia', 'stbl'], ['trak', 'stbl'], ['stbl'], []]) {
      const nested = (offset: number): Uint8Array =>
        parents.reduceRight<Uint8Array>((inner, type) => box(type, inner), box('stco', u32(0, 1, offset)));
      const after = await grown(pointing((offset) => ({ moov: nested(offset) })));
      const table = after.subarray(after.lastIndexOf('stco') + 4);
      expect(after.toString('latin1', table.readUInt32BE(8)).startsWith('second chunk')).toBe(true);
    }
  });

  it("of C2PA's auxiliary boxes", async () => {
    const user = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
    const manifest = (offset: number): Uint8Array => box('uuid', user, u32(0), text('manifest\0'), u64(offset), text('jumb'));
    const after = await grown(pointing((offset) => ({ before: manifest(offset) })));
    expect(Number(content(after, 'uuid').readBigUInt64BE(16 + 4 + 9))).toBe(where(after, 'second chunk'));
    const unset = pointing(() => ({ before: manifest(0) }));
    expect(content(await grown(unset), 'uuid')).toEqual(content(Buffer.from(unset), 'uuid'));
  });
});

describe('edits that cannot be proved are refused', () => {
  const stbl = (...boxes: readonly Uint8Array[]): Uint8Array => box('trak', box('mdia', box('minf', box('stbl', ...boxes))));
  it.each([
    ['a count above the table', { moov: stbl(box('stco', u32(0, 9, 1))) }, 'FILE_DAMAGED'],
    ['an index of no entries at all', { moov: stbl(box('stco')) }, 'FILE_DAMAGED'],
    ['a child that is larger than its parent', { moov: stbl(joined(u32(99), text('stco'))) }, 'FILE_DAMAGED'],
    ['a box of size 4', { moov: stbl(joined(u32(4), text('stco'))) }, 'FILE_DAMAGED'],
    ['a box of size 0 that could be a table', { moov: stbl(joined(u32(0), text('stco'), u32(0, 0))) }, 'FILE_DAMAGED'],
    ['an iloc of an unknown version', { before: fullMeta(box('iloc', u32(0x0900_0000, 0))) }, 'FILE_DAMAGED'],
    ['an offset beyond 2^53', { moov: stbl(box('co64', u32(0, 1, 0xffffffff, 1))) }, 'FILE_DAMAGED'],
    [
      'a tfra whose offset no longer fits',
      { after: box('mfra', box('tfra', u32(0, 1, 0, 1, 1, 0xffffffff), text('abc'))) },
      'FORMAT_UNSUPPORTED_FEATURE',
    ],
    [
      'boxes that nest deeper than any standard',
      { moov: Array.from({ length: 10_000 }).reduce<Uint8Array>((inner) => box('trak', inner), new Uint8Array(0)) },
      'LIMIT_EXCEEDED',
    ],
    ['a compressed index', { moov: box('cmov') }, 'FORMAT_UNSUPPORTED_FEATURE'],
    [
      'samples in another file',
      { moov: box('trak', box('mdia', box('minf', box('dinf', box('dref', u32(0, 1), box('alis', u32(0), text('alias'))))))) },
      'FORMAT_UNSUPPORTED_FEATURE',
    ],
  ])('%s', async (_, parts, code) => {
    await expect(grow(bytesSource(pointing(() => parts)))).rejects.toMatchObject({ name: 'LabelError', code });
  });

  it('more than 64 MiB of tables, without reading them', async () => {
    const head = joined(
      ftyp('isom'),
      u32(90_000_000 + 40),
      text('moov'),
      u32(90_000_000 + 32),
      text('trak'),
      u32(90_000_000 + 24),
      text('mdia'),
      u32(90_000_000 + 16),
      text('minf'),
      u32(90_000_000 + 8),
      text('stbl'),
      u32(90_000_000),
      text('stco'),
    );
    let largest = 0;
    const source: ByteSource = {
      size: 20 + 90_000_040,
      read(offset, length) {
        largest = Math.max(largest, length);
        const bytes = new Uint8Array(length);
        bytes.set(head.subarray(offset, offset + length));
        return bytes;
      },
    };
    await expect(grow(source)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    expect(largest).toBeLessThan(100);
  });
});

/** Two tracks whose only chunks lie at `offsets`, then a sparse mdat that reaches beyond 4 GiB. */
const sparse = (...offsets: readonly number[]): ByteSource & { bytesRead(): number } => {
  const track = (offset: number): Uint8Array => box('trak', box('mdia', box('minf', box('stbl', box('stco', u32(0, 1, offset))))));
  const head = joined(ftyp('isom'), box('moov', ...offsets.map(track)), u32(1), text('mdat'), u64(2 ** 32 + 1000));
  let read = 0;
  return {
    size: head.length - 16 + 2 ** 32 + 1000,
    read(offset, length) {
      read += length;
      const bytes = new Uint8Array(length);
      bytes.set(head.subarray(offset, offset + length));
      return bytes;
    },
    bytesRead: () => read,
  };
};

describe('a stco that passes 2^32 - 1', () => {
  const replaced = (splices: readonly Splice[]): readonly number[] =>
    splices.filter(({ remove, insert }) => remove === 4 && insert.length === 8).map(({ insert }) => Number(Buffer.from(insert).readBigUInt64BE(0)));
  const renamed = (splices: readonly Splice[]): number => splices.filter(({ insert }) => Buffer.from(insert).toString('latin1') === 'co64').length;

  it('becomes co64, at a cost of its headers', async () => {
    const source = sparse(2 ** 32 - 50, 1000);
    const splices = await grow(source);
    expect(renamed(splices)).toBe(1);
    expect(replaced(splices)).toEqual([2 ** 32 - 50 + GROWTH + 4]);
    expect(source.bytesRead()).toBeLessThan(1000);
  });

  it('stays where it just fits', async () => {
    expect(renamed(await grow(sparse(2 ** 32 - 1 - GROWTH)))).toBe(0);
    expect(renamed(await grow(sparse(2 ** 32 - GROWTH)))).toBe(1);
  });

  it('can be pushed over by the growth of another', async () => {
    // The first passes through the 100 bytes; the second only through the 4 by which the first one's table grows.
    const splices = await grow(sparse(2 ** 32 - 1, 2 ** 32 - GROWTH - 4));
    expect(renamed(splices)).toBe(2);
    expect(replaced(splices)).toEqual([2 ** 32 - 1 + GROWTH + 8, 2 ** 32 - GROWTH - 4 + GROWTH + 8]);
    expect(renamed(await grow(sparse(2 ** 32 - 1, 2 ** 32 - GROWTH - 5)))).toBe(1);
  });
});

describe('a moov of size 0', () => {
  it('gets a size, so that exiftool reads on', async () => {
    const bytes = joined(ftyp('isom'), openBox('moov', moovContent({ chunks: [] })));
    const after = await grown(bytes);
    expect(after.readUInt32BE(16)).toBe(after.length - 16);
  });
});
