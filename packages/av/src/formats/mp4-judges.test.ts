import { applySplices, bytesSource, type Format, LabelError } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  ffprobe,
  fixtureBytes,
  isobmff,
  mutations,
  packetHashes,
  sampleSlotText,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { m4a } from './m4a.ts';
import { mov } from './mov.ts';
import { mp4 } from './mp4.ts';

const { box, hdlr, item, joined, keys, text, u32 } = isobmff;
const LABEL = '{"Label":"1","ContentProducer":"p","ProduceID":"i"}';

afterAll(endJudges);

/** A real movie with boxes added to the end of `moov`, which is the last box. */
const withExtra = (name: string, ...extra: readonly Uint8Array[]): Uint8Array => {
  const file = Buffer.from(fixtureBytes(`isobmff/${name}`));
  const start = file.lastIndexOf('moov') - 4;
  const moov = file.subarray(start + 8);
  return joined(file.subarray(0, start), box('moov', moov, ...extra));
};
/** The same with `udta` out of the way. */
const withoutUserData = (name: string, ...extra: readonly Uint8Array[]): Uint8Array => {
  const file = Buffer.from(withExtra(name, ...extra));
  file.write('free', file.lastIndexOf('udta', file.length - joined(...extra).length), 'latin1');
  return file;
};
const openEnd = (bytes: Uint8Array): Uint8Array => {
  const file = Buffer.from(bytes);
  file.writeUInt32BE(0, file.lastIndexOf('moov') - 4);
  return file;
};
const appleMeta = (...more: readonly string[]): Uint8Array =>
  box(
    'meta',
    hdlr('mdta'),
    keys('com.apple.quicktime.make', 'com.apple.quicktime.model', ...more),
    box('ilst', item(1, 'Apple'), item(2, 'iPhone'), ...more.map((_, index) => item(3 + index, LABEL))),
  );

interface Judged {
  readonly name: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
  /** Tags that exiftool can only read after labelling. */
  readonly isOpened?: true;
}

const judged: readonly Judged[] = [
  ...['moov-last.mp4', 'moov-first.mp4', 'itunes.mp4', 'keys.mp4', 'fragmented.mp4', 'dash.mp4', 'phone.3gp'].map((name) => ({ name, format: mp4 })),
  { name: 'quicktime.mov', format: mov },
  { name: 'audio.m4a', format: m4a },
]
  .map(({ name, format }): Judged => ({ name, format, bytes: fixtureBytes(`isobmff/${name}`) }))
  .concat([
    { name: 'moov-of-size-0.mp4', format: mp4, bytes: openEnd(fixtureBytes('isobmff/moov-last.mp4')), isOpened: true },
    { name: 'keys-in-moov-meta.mp4', format: mp4, bytes: withoutUserData('moov-last.mp4', appleMeta()) },
    {
      name: 'keys-in-moov-meta-before-udta.mp4',
      format: mp4,
      bytes: withoutUserData('moov-last.mp4', appleMeta(), box('udta', box('name', text('x')))),
    },
    { name: 'keys-in-moov-meta-after-udta.mp4', format: mp4, bytes: withExtra('moov-last.mp4', appleMeta()) },
    { name: 'our-key-in-moov-meta.mp4', format: mp4, bytes: withoutUserData('moov-last.mp4', appleMeta('AIGC')) },
    {
      name: 'our-key-in-moov-meta-before-udta.mp4',
      format: mp4,
      bytes: withoutUserData('moov-last.mp4', appleMeta('AIGC'), box('udta', box('name', text('x')))),
    },
    { name: 'exiftool-key-in-moov-meta.mp4', format: mp4, bytes: withExtra('moov-last.mp4', appleMeta('com.apple.quicktime.AIGC')) },
    { name: 'zero-terminated-udta.mp4', format: mp4, bytes: withoutUserData('moov-last.mp4', box('udta', box('name', text('x')), u32(0))) },
  ]);

const labelled = async ({ format, bytes }: Judged): Promise<Uint8Array> => applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));

/**
 * exiftool's tags as `name: value` in any order. Three differences are ours or must be, and are left out: the label itself under whatever of our keys, one more
 * `HandlerType` (our `hdlr`), and where the media data now begins. Numbers of copies go too, for one more handler renumbers them.
 */
const facts = (dump: Record<string, unknown>): readonly string[] =>
  Object.entries(dump)
    .filter(([name]) => !/(?:^|:)(?:AIGC|Aigc|MediaDataOffset)$|HandlerType$/.test(name))
    .map(([name, value]) => `${name.replace(/:Copy\d+/, '')}: ${JSON.stringify(value)}`)
    .sort();
const handlers = (dump: Record<string, unknown>): readonly unknown[] =>
  Object.entries(dump)
    .filter(([name]) => name.endsWith('HandlerType'))
    .map(([, value]) => value)
    .sort();
const labels = (dump: Record<string, unknown>): readonly string[] =>
  Object.entries(dump)
    .filter(([name]) => /AIGC$/i.test(name))
    .map(([name, value]) => `${name}: ${String(value)}`);
const withoutOurs = (tags: Readonly<Record<string, string>> = {}): unknown =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !name.endsWith('AIGC')));

describe.each(judged)('$name, to others', (file) => {
  it('ffprobe reads the label, and every other tag as before; the packets are the same', async () => {
    const after = await labelled(file);
    await withFile(file.name, file.bytes, (beforePath) =>
      withFile(file.name, after, async (path) => {
        const [probe, probeBefore] = [await ffprobe(path), await ffprobe(beforePath)];
        expect(probe.format.tags?.['AIGC']).toBe(sampleSlotText.value);
        expect(withoutOurs(probe.format.tags)).toEqual(withoutOurs(probeBefore.format.tags));
        expect(probe.streams.map(({ tags }) => tags)).toEqual(probeBefore.streams.map(({ tags }) => tags));
        expect(await packetHashes(path)).toBe(await packetHashes(beforePath));
      }),
    );
  });

  it.skipIf(exiftoolMissing !== undefined)('exiftool reads the label once, and everything else as before', async () => {
    const after = await labelled(file);
    await withFile(file.name, file.bytes, (beforePath) =>
      withFile(file.name, after, async (path) => {
        const [dump, dumpBefore] = [await exiftoolDump(path), await exiftoolDump(beforePath)];
        expect(labels(dump)).toEqual([`Keys:AIGC: ${sampleSlotText.value}`]);
        if (file.isOpened === undefined) {
          expect(facts(dump)).toEqual(facts(dumpBefore));
          expect(handlers(dump).filter((handler) => handler !== 'mdta')).toEqual(handlers(dumpBefore).filter((handler) => handler !== 'mdta'));
          expect(handlers(dump).length - handlers(dumpBefore).length).toBe(/^keys\.mp4/.test(file.name) ? 0 : 1);
        } else {
          expect(facts(dump)).toEqual(expect.arrayContaining([...facts(dumpBefore)]));
        }
      }),
    );
  });
});

describe.skipIf(corpusMissing !== undefined)('files that nobody here made', () => {
  it.each(corpusFiles('.mp4', '.mov', '.m4a', '.m4v', '.3gp', '.qt').map((file) => [file.name, file] as const))('%s', async (name, file) => {
    const bytes = file.bytes();
    const [format, ...others] = [mp4, mov, m4a].filter((one) => one.matches(bytes.subarray(0, 4096)));
    expect(others).toEqual([]);
    if (format === undefined) {
      throw new Error('no format matches');
    }
    const after = await labelled({ name, format, bytes });
    expect((await format.read(bytesSource(after))).found).toMatchObject([{ isGuidePlace: true, value: sampleSlotText.value }]);
    expect(await format.plan(bytesSource(after), sampleSlotText)).toEqual([]);
    expect(isobmff.untouched(after)).toEqual(isobmff.untouched(bytes));
    await withFile('after.bin', after, async (path) => {
      expect((await ffprobe(path)).format.tags?.['AIGC']).toBe(sampleSlotText.value);
      if (!name.startsWith('exiftool/')) {
        expect(await packetHashes(path)).toBe(await packetHashes(file.path)); // exiftool's samples hold no media
      }
      if (exiftoolMissing === undefined) {
        const [dump, dumpBefore] = [await exiftoolDump(path), await exiftoolDump(file.path)];
        expect(labels(dump)).toEqual([`Keys:AIGC: ${sampleSlotText.value}`]);
        expect(facts(dump)).toEqual(facts(dumpBefore));
      }
    });
  });

  it.each(corpusFiles('.heic', '.avif', '.cr3', '.jxl', '.jp2', '.heif', '.hif').map((file) => [file.name, file] as const))(
    '%s is none of ours',
    (_, file) => {
      expect([mp4, mov, m4a].filter((format) => format.matches(file.bytes().subarray(0, 4096)))).toEqual([]);
    },
  );
});

describe('which file is which', () => {
  const head = (...brands: readonly string[]): Uint8Array => isobmff.ftyp(brands[0], ...brands.slice(1));
  const ids = (bytes: Uint8Array): readonly string[] => [mp4, mov, m4a].filter((format) => format.matches(bytes)).map(({ id }) => id);

  it.each([
    ...['isom', 'iso5', 'mp41', 'mp42', 'avc1', 'M4V ', '3gp4', '3g2a', '3gs7', 'dash', 'cmfc', 'XAVC', 'MSNV', 'F4V ', 'piff', 'mmp4'].map(
      (major) => ['mp4', major],
    ),
    ['mp4', 'MADE', 'up  ', 'isom'],
    ['mp4', 'mp42', 'M4A '],
    ['mov', 'qt  '],
    ['mov', 'MADE', 'qt  '],
    ...['M4A ', 'M4B ', 'M4P ', 'F4A '].map((major) => ['m4a', major, 'isom', 'mp42']),
  ])('%s: %s', (id = '', ...brands) => {
    expect(ids(head(...brands))).toEqual([id]);
  });

  it.each(['heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif', 'avis', 'crx ', 'jp2 ', 'jpx ', 'jxl ', 'jxs '])(
    'none: %s, whatever it is compatible with',
    (major) => {
      expect(ids(head(major, 'isom', 'mp42', 'qt  '))).toEqual([]);
      expect(ids(head('MADE', 'isom', major))).toEqual([]);
    },
  );

  it('none: text and other beginnings', () => {
    for (const other of ['The free software\n', 'The skip', '\0\0\0\u0008free', '', 'ftyp', '\0\0\0\u000cftypMADE', '\0\0\0\u0018stypmsdh']) {
      expect(ids(text(other))).toEqual([]);
    }
  });
});

describe('wild forms (labels.md §5.1, 15 to 17) are named by where they stand', () => {
  const { fullMeta, movieFirst } = isobmff;
  const list = (...items: readonly Uint8Array[]): Uint8Array => box('ilst', ...items);
  const inUserData = (...content: readonly Uint8Array[]): Uint8Array => movieFirst({ extra: box('udta', ...content) });
  const name = (value: string): Uint8Array =>
    box('----', box('mean', u32(0), text('org.x')), box('name', u32(0), text(value)), box('data', u32(1, 0), text(LABEL)));
  it.each([
    ['moov.udta.meta/keys[mdta:AIGC]', true, inUserData(fullMeta(hdlr('mdta'), keys('AIGC'), list(item(1, LABEL))))],
    ['moov.udta.meta/keys[mdta:AIGC]', false, inUserData(box('meta', hdlr('mdta'), keys('AIGC'), list(item(1, LABEL))))],
    ['moov.udta.meta/keys[mdta:AIGC]', false, inUserData(fullMeta(hdlr('mdta'), keys('AIGC'), list(item(1, LABEL, 0))))],
    ['moov.udta.meta/keys[mdta:AIGC]', false, inUserData(fullMeta(hdlr('mdta'), keys('AIGC'), list(item(1, LABEL, 1, 9))))],
    ['moov.udta.meta/keys[mdta:AIGC]', false, inUserData(fullMeta(hdlr('mdir'), keys('AIGC'), list(item(1, LABEL))))],
    [
      'moov.udta.meta/keys[mdta:com.apple.quicktime.AIGC]',
      false,
      inUserData(fullMeta(hdlr('mdta'), keys('com.apple.quicktime.AIGC'), list(item(1, LABEL)))),
    ],
    ['moov.meta/keys[mdta:AIGC]', false, movieFirst({ extra: box('meta', hdlr('mdta'), keys('AIGC'), list(item(1, LABEL))) })],
    ['moov.meta/keys[mdta:AIGC]', false, movieFirst({ extra: fullMeta(hdlr('mdta'), keys('AIGC'), list(item(1, LABEL))) })],
    ['moov.udta.meta/ilst[\u00a9cmt]', false, inUserData(fullMeta(hdlr('mdir'), list(item('\u00a9cmt', LABEL))))],
    ['moov.udta.meta/keys[mdta:AIGC\0]', false, inUserData(fullMeta(hdlr('mdta'), keys('AIGC\0'), list(item(1, LABEL))))],
    [
      'moov.udta.meta/keys[mdta:AIGC]',
      false,
      inUserData(fullMeta(hdlr('mdta'), keys('AIGC'), list(box('\0\0\0\u0001', box('data', u32(2, 0), Buffer.from(LABEL, 'utf16le').swap16()))))),
    ],
    ['moov.udta.meta/ilst[----:AIGC]', false, inUserData(fullMeta(hdlr('mdir'), list(name('AIGC'))))],
    ['moov.meta/ilst[desc]', false, movieFirst({ extra: box('meta', hdlr('mdir'), list(item('desc', LABEL))) })],
    ['moov.udta/AIGC', false, inUserData(box('AIGC', text(LABEL)))],
    ['moov.udta/AIGC', false, inUserData(box('AIGC', new Uint8Array([0, LABEL.length, 0x15, 0xc7]), text(LABEL)))],
  ])('%s, in the guide’s place: %s', async (site, isGuidePlace, bytes) => {
    expect(await mp4.read(bytesSource(bytes))).toEqual({
      found: [{ key: 'AIGC', site: `isobmff/${site}`, isGuidePlace, value: LABEL }],
      anomalies: [],
    });
  });

  it('and what is somebody else’s is not taken', async () => {
    for (const value of ['{"Label":"1"}', '{"AIGC":1,"x":2}', '{"AIGC":', 'AIGC', '["AIGC"]']) {
      expect((await mp4.read(bytesSource(inUserData(fullMeta(hdlr('mdir'), list(item('\u00a9cmt', value), name('AIGCX'))))))).found).toEqual([]);
    }
  });
});

describe('hostile files', () => {
  const refusal = async (bytes: Uint8Array): Promise<unknown> => {
    try {
      await mp4.plan(bytesSource(bytes), sampleSlotText);
      return 'planned';
    } catch (error) {
      return error instanceof LabelError ? error.code : error;
    }
  };
  const { ftyp, fullMeta, moovContent, movieFirst } = isobmff;

  it('an item or a moov cut off, a meta inside itself, lists of nothing', async () => {
    expect(await refusal(joined(ftyp('isom'), u32(1000), text('moov')))).toBe('FILE_DAMAGED');
    expect(await refusal(joined(movieFirst(), u32(1000), text('moof')))).toBe('FILE_DAMAGED');
    expect(await refusal(joined(movieFirst(), u32(1000), text('mdat')))).toBe('planned');
    expect(await refusal(movieFirst({ extra: box('udta', fullMeta(hdlr('mdta'), hdlr('mdir'))) }))).toBe('FILE_DAMAGED');
    expect(await refusal(movieFirst({ extra: box('udta', fullMeta(hdlr('mdta'), keys('a'), box('ilst', item(2, 'dangling')))) }))).toBe(
      'FILE_DAMAGED',
    );
    expect(await refusal(movieFirst({ extra: joined(u32(99), text('trak')) }))).toBe('FILE_DAMAGED');
    expect(await refusal(movieFirst({ extra: joined(u32(4), text('trak')) }))).toBe('FILE_DAMAGED');
  });

  it('whatever is damaged: what is planned moves no offset off its bytes, and is planned once', async () => {
    let planned = 0;
    for (const fixture of ['moov-first.mp4', 'keys.mp4', 'fragmented.mp4', 'dash.mp4']) {
      for (const bytes of mutations(fixtureBytes(`isobmff/${fixture}`), 500, 7)) {
        const splices = mp4.matches(bytes) ? await mp4.plan(bytesSource(bytes), sampleSlotText).catch(() => undefined) : undefined;
        if (splices !== undefined) {
          planned += 1;
          const after = applySplices(bytes, splices);
          const facts = (file: Uint8Array): readonly string[] =>
            (isobmff.untouched(file) as string[]).filter((line) => !line.includes('meta/(rest)'));
          expect(facts(after)).toEqual(facts(bytes));
          expect(await mp4.plan(bytesSource(after), sampleSlotText)).toEqual([]);
        }
      }
    }
    expect(planned).toBeGreaterThan(500);
  });

  it('a label that could not be read back is refused, the largest that can is not', async () => {
    const slot = (length: number) => ({ ...sampleSlotText, value: JSON.stringify('x'.repeat(length - 2)) });
    await expect(mp4.plan(bytesSource(movieFirst()), slot((1 << 16) + 1))).rejects.toMatchObject({ code: 'CARRIER_FULL' });
    const after = applySplices(movieFirst(), await mp4.plan(bytesSource(movieFirst()), slot(1 << 16)));
    expect((await mp4.read(bytesSource(after))).found).toMatchObject([{ isGuidePlace: true, value: slot(1 << 16).value }]);
  });

  it('are read with what can be read', async () => {
    const movie = joined(ftyp('isom'), box('moov', moovContent({ chunks: [], extra: box('udta', box('AIGC', text(LABEL))) })));
    const cut = Buffer.from(joined(movie));
    cut.writeUInt32BE(cut.readUInt32BE(16) + 50, 16);
    expect(await mp4.read(bytesSource(cut))).toMatchObject({
      found: [{ value: LABEL }],
      anomalies: [{ code: 'truncated', site: 'moov' }, { code: 'damaged' }],
    });
    const binary = movieFirst({ extra: box('udta', box('AIGC', new Uint8Array([0xff, 0xfe, 0xfd]))) });
    expect(await mp4.read(bytesSource(binary))).toMatchObject({ found: [], anomalies: [{ code: 'undecodable', site: 'isobmff/moov.udta/AIGC' }] });
    const huge = movieFirst({ extra: box('udta', fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(1, 'x'.repeat(100_000))))) });
    expect(await mp4.read(bytesSource(huge))).toMatchObject({ found: [], anomalies: [{ code: 'undecodable' }] });
    const replaced = applySplices(huge, await mp4.plan(bytesSource(huge), sampleSlotText));
    expect((await mp4.read(bytesSource(replaced))).found).toMatchObject([{ isGuidePlace: true, value: sampleSlotText.value }]);
  });

  it('labels beyond number are refused; hundreds among thousands of keys are not', async () => {
    const items = movieFirst({
      extra: box('udta', fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', Buffer.concat(Array.from({ length: 100_000 }, () => item(1, LABEL)))))),
    });
    expect(await refusal(items)).toBe('LIMIT_EXCEEDED');
    expect(await mp4.read(bytesSource(items))).toMatchObject({ anomalies: [{ code: 'limit' }] });
    const names = Array.from({ length: 4_000 }, (_, index) => (index % 5 === 0 ? 'AIGC' : 'k'));
    const tables = movieFirst({
      extra: box(
        'udta',
        fullMeta(hdlr('mdta'), keys(...names), box('ilst', ...names.map((name, index) => item(index + 1, name === 'AIGC' ? LABEL : `${index}`)))),
      ),
    });
    const after = applySplices(tables, await mp4.plan(bytesSource(tables), sampleSlotText));
    expect((await mp4.read(bytesSource(after))).found).toMatchObject([{ isGuidePlace: true, value: sampleSlotText.value }]);
    expect(isobmff.untouched(after)).toEqual(isobmff.untouched(tables));
  });

  it('four gigabytes in fragments cost their headers', async () => {
    const head = movieFirst();
    const moof = box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', u32(1, 1), isobmff.u64(head.length))));
    const fragment = joined(moof, u32((1 << 20) - moof.length), text('mdat'));
    const count = 4096;
    let fetched = 0;
    const source = {
      size: head.length + count * (1 << 20),
      read(offset: number, length: number) {
        fetched += length;
        const bytes = new Uint8Array(length);
        for (let index = 0; index < length; index += 1) {
          const at = offset + index;
          bytes[index] = (at < head.length ? head[at] : fragment[(at - head.length) % (1 << 20)]) ?? 0;
        }
        return bytes;
      },
    };
    expect((await mp4.read(source)).anomalies).toEqual([]);
    expect(fetched).toBeLessThan(1 << 18);
    fetched = 0;
    const splices = await mp4.plan(source, sampleSlotText);
    expect(splices.filter(({ at }) => at > head.length)).toHaveLength(count);
    expect(fetched).toBeLessThan(5 << 20);
  });
});
