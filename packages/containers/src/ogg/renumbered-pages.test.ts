import { bytesSource, concat, equalBytes } from '@aigc-label/core';
import { fixtureBytes, randomOf } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { leadingOggPackets, oggPages, type PageChange, packetsOfPage, renumberedPages, walkOggPages } from './index.ts';
import { oggGranule } from './ogg-granule.ts';
import { isOggPageIntact, type OggPage } from './page.ts';

/** Around where packets end with a segment, and where they fill a page. */
const LENGTHS = [0, 1, 254, 255, 256, 510, 70_000];

const random = randomOf(7);

const pagesOf = async (bytes: Uint8Array): Promise<readonly OggPage[]> => {
  const pages: OggPage[] = [];
  await walkOggPages(bytesSource(bytes), 0, (page) => {
    pages.push(page);
  });
  return pages;
};

const renumbered = async (bytes: Uint8Array, change: PageChange): Promise<Uint8Array> => {
  const source = bytesSource(bytes);
  const starts = await walkOggPages(source, 0, () => {});
  return renumberedPages(source, { starts, end: bytes.length, change: () => change }).read(0, bytes.length);
};

describe('renumberedPages', () => {
  const bytes = fixtureBytes('ogg/theora.ogv');

  it('moves numbers and times; checksums are right without a body being read', async () => {
    const before = await pagesOf(bytes);
    const after = await renumbered(bytes, { granule: 5n, sequence: 7 });
    const pages = await pagesOf(after);
    expect(pages).toHaveLength(before.length);
    for (const [index, page] of pages.entries()) {
      expect(await isOggPageIntact(bytesSource(after), page)).toBe(true);
      expect(page.sequence).toBe(before[index]!.sequence + 7);
      expect(oggGranule(page)).toBe(oggGranule(before[index]!) === -1n ? -1n : oggGranule(before[index]!) + 5n);
    }
    expect(await renumbered(after, { granule: -5n, sequence: -7 })).toEqual(bytes);
  });

  it('leaves a wrong checksum wrong', async () => {
    const [, , page] = await pagesOf(bytes);
    const broken = bytes.slice();
    broken[page!.bodyAt] = broken[page!.bodyAt]! ^ 1;
    const after = await renumbered(broken, { granule: 1n, sequence: 1 });
    const flags = await Promise.all((await pagesOf(after)).map((one) => isOggPageIntact(bytesSource(after), one)));
    expect(flags.filter((flag) => !flag)).toHaveLength(1);
  });

  it('reads pieces as the whole', async () => {
    const source = bytesSource(bytes);
    const starts = await walkOggPages(source, 0, () => {});
    const pages = renumberedPages(source, {
      starts: starts.subarray(1),
      end: bytes.length,
      change: (index) => ({ granule: BigInt(index), sequence: index }),
    });
    const whole = await pages.read(0, pages.size);
    for (let round = 0; round < 200; round += 1) {
      const at = random(pages.size);
      const end = Math.min(pages.size, at + random(300));
      expect(equalBytes(await pages.read(at, end - at), whole.subarray(at, end))).toBe(true);
    }
  });
});

describe('pages that are written', () => {
  it('hold the packets, however long', async () => {
    for (let round = 0; round < 60; round += 1) {
      const packets = Array.from({ length: 1 + random(8) }, (_, index) => new Uint8Array(LENGTHS[random(LENGTHS.length)]!).fill(index + 1));
      const written = oggPages(
        packets.map((packet, index) => ({ bytes: packet, granule: BigInt(index) })),
        { serial: 9, sequence: 3, isFirst: true, isLast: true, packetsPerPage: 1 + random(4) },
      );
      const bytes = concat(...written);
      const pages = await pagesOf(bytes);
      expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => 3 + index));
      expect(await Promise.all(pages.map((page) => isOggPageIntact(bytesSource(bytes), page)))).toEqual(pages.map(() => true));
      const read = await leadingOggPackets(bytesSource(bytes), (so) => so.length < packets.length, 1 << 20);
      expect(read.packets.map((packet, index) => equalBytes(packet, packets[index]!))).toEqual(packets.map(() => true));
      expect(read.end).toBe(bytes.length);
      expect(oggGranule(pages.at(-1)!)).toBe(BigInt(packets.length - 1));
    }
  });

  it('are read packet by packet', async () => {
    const bytes = concat(
      ...oggPages(
        [
          { bytes: Uint8Array.of(1, 2), granule: 4n },
          { bytes: new Uint8Array(), granule: 5n },
        ],
        { serial: 1, sequence: 0, isLast: false, packetsPerPage: 9 },
      ),
    );
    const [page] = await pagesOf(bytes);
    expect(await packetsOfPage(bytesSource(bytes), page!)).toEqual([Uint8Array.of(1, 2), new Uint8Array()]);
  });

  it('a file that is cut or goes astray is damaged', async () => {
    const bytes = fixtureBytes('ogg/opusenc.opus');
    await expect(pagesOf(bytes.subarray(0, bytes.length - 1))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(pagesOf(concat(bytes, Uint8Array.of(1, 2, 3)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(leadingOggPackets(bytesSource(bytes), () => true, 1 << 20)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});
