import { applySplices, type ByteSource, bytesSource } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  ebmlStructure,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffmpeg,
  ffprobe,
  fixtureBytes,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checked,
  cluster,
  contentOf,
  el,
  header,
  hex,
  ID,
  info,
  joined,
  open,
  type Parts,
  padding,
  segmentData,
  simple,
  size,
  tag,
  tags,
  text,
  tracks,
  trackTag,
  uint,
  wide,
} from '../../test/ebml-files.ts';
import { mkv } from './mkv.ts';

const { value } = sampleSlotText;
const foreign = tag(simple('ENCODER', 'somebody'), simple('COMMENT', 'a comment'));
const front = [info, tracks];
const clusters = [cluster(0), cluster(1000), cluster(2000)];
const file = (parts: Parts, segmentWidth = 8): Uint8Array => joined(header(), wide(ID.segment, segmentWidth, segmentData(parts)));
const live = (...content: readonly Uint8Array[]): Uint8Array => joined(header(), open(ID.segment, info, tracks, ...content));
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: contentOf,
  ...more,
});
const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await mkv.plan(bytesSource(bytes), slot));
const sites = async (bytes: Uint8Array): Promise<readonly (readonly [string, boolean])[]> =>
  (await mkv.read(bytesSource(bytes))).found.map(({ site, isGuidePlace }) => [site, isGuidePlace] as const);

afterAll(endJudges);

testFormat({
  format: mkv,
  hasEnd: true,
  structure: ebmlStructure,
  fixtures: [
    fixture('ffmpeg, Cues behind, a Void too small for a label', fixtureBytes('ebml/cues.mkv')),
    fixture('ffmpeg, chapters, attachment, a label for a track', fixtureBytes('ebml/chapters.mkv'), { slots: 1 }),
    fixture('ffmpeg into a pipe, unknown sizes', fixtureBytes('ebml/pipe.mkv')),
    fixture('a Void with room behind a checked SeekHead', file({ front: [padding(600), ...front], clusters, isChecked: true })),
    fixture('no room anywhere: everything moves', file({ front: [...front, tags(foreign)], clusters, width: 2, cuesFirst: true, isChecked: true })),
    fixture(
      'labels of every kind',
      file({
        front: [...front, checked(ID.tags, foreign, tag(simple('AIGC', value), simple('A', 'b')))],
        clusters,
        behind: [tags(tag(simple('aigc', value)))],
      }),
      {
        slots: 2,
      },
    ),
    fixture(
      'clusters of unknown size that state their position',
      live(open(ID.cluster, el('e7', uint(0)), el('a3', hex('81000080'))), cluster(1000, el('a7', uint(0, 2)))),
    ),
    fixture('tags alone, sizes as short as can be', joined(header(), wide(ID.segment, 1, tags(foreign)))),
  ],
});

describe('Matroska: where the label goes', () => {
  it('uses a Void in front of the clusters, and moves nothing', async () => {
    const bytes = file({ front: [padding(600), ...front], clusters });
    const labelled = await label(bytes);
    expect(labelled.length).toBe(bytes.length);
    expect(labelled.subarray(bytes.indexOf(0x2a))).toBeDefined();
    const zeroed = await label(labelled, anotherSlotText);
    expect(Buffer.from(zeroed).includes('0199f3a0c5d27c4b8f1e2a3b4c5d6e7f')).toBe(false);
  });

  it.each([0, 1, 2, 3])('leaves no hole of one byte: room for the label and %i more', async (more) => {
    const exact = 600 - 273;
    const fits = file({ front: [...front, padding(273 + more)], clusters, noSeekHead: true });
    const labelled = await label(fits);
    expect(exact).toBeGreaterThan(0);
    expect(labelled.length).toBe(fits.length);
    expect(contentOf(labelled)).toEqual(contentOf(fits));
  });

  it('goes to the end where only the SeekHead has room, which then leads there', async () => {
    const bytes = file({ front: [padding(40), ...front], clusters });
    const labelled = await label(bytes);
    expect(Buffer.from(labelled.subarray(-300)).includes('"AIGC"') || Buffer.from(labelled.subarray(-300)).includes('AIGC')).toBe(true);
    expect(labelled.subarray(-300).length).toBe(300);
    expect(contentOf(labelled)).toEqual(contentOf(bytes));
  });

  it('makes room of one KiB, once, where there is none; another label then moves nothing', async () => {
    const bytes = file({ front, clusters });
    const labelled = await label(bytes);
    expect(labelled.length).toBe(bytes.length + 1024);
    expect((await label(labelled, anotherSlotText)).length).toBe(labelled.length);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('widens the positions that outgrow %i bytes', async (width) => {
    const filler = el('ec', new Uint8Array(width === 1 ? 20 : 65_536 - 1000));
    const parts: Parts = {
      front,
      clusters: [cluster(0, ...(width === 1 ? [] : [filler])), cluster(1000), cluster(2000)],
      width: Math.max(width, width === 1 ? 1 : 2),
      cuesFirst: true,
    };
    const bytes = file(width === 1 ? { ...parts, front: [] } : parts);
    expect(contentOf(await label(bytes))).toEqual(contentOf(bytes));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('lets a size of the Segment of %i bytes grow', async (width) => {
    const bytes = joined(header(), wide(ID.segment, width, info));
    const labelled = await label(bytes);
    expect(contentOf(labelled)).toEqual(contentOf(bytes));
    expect(await label(await label(labelled, anotherSlotText))).toEqual(labelled);
  });

  it('obeys EBMLMaxSizeLength', async () => {
    const narrow = (most: number): Uint8Array => joined(header('matroska', el('42f3', uint(most))), wide(ID.segment, 1, info));
    expect((await label(narrow(2))).length).toBeGreaterThan(273);
    await expect(mkv.plan(bytesSource(narrow(1)), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    await expect(mkv.plan(bytesSource(narrow(9)), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('corrects the position that a cluster states, and refuses where it cannot', async () => {
    const first = segmentData({ front, clusters: [cluster(0)], noSeekHead: true });
    const at = first.length - cluster(0).length - 0;
    const behind = joined(info, tracks);
    const stating = (width: number, ...more: readonly Uint8Array[]): Uint8Array => live(cluster(0, ...more, el('a7', uint(behind.length, width))));
    expect(at).toBeGreaterThan(0);
    expect(contentOf(await label(stating(2)))).toEqual(contentOf(stating(2)));
    await expect(mkv.plan(bytesSource(stating(1)), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    await expect(mkv.plan(bytesSource(stating(2, el('bf', new Uint8Array(4)))), sampleSlotText)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED_FEATURE',
    });
  });

  it('labels the first of several Segments and takes what stands in the others', async () => {
    const second = joined(header(), el(ID.segment, info, tags(tag(simple('AIGC', value)))));
    const bytes = joined(header(), el(ID.segment, info, cluster(0)), second);
    expect(await sites(bytes)).toEqual([['ebml/Segment[1]/Tags/Tag/SimpleTag[AIGC]', false]]);
    expect(await sites(await label(bytes))).toEqual([['ebml/Segment/Tags/Tag/SimpleTag[AIGC]', true]]);
  });

  it.each([
    ['there is no Segment', header(), 'FILE_DAMAGED'],
    ['a checksum covers the Segment', joined(header(), checked(ID.segment, info)), 'FORMAT_UNSUPPORTED_FEATURE'],
    ['an element other than Segment and Cluster has no size', joined(header(), el(ID.segment, open(ID.info))), 'FILE_DAMAGED'],
    ['the Cues are cut', joined(header(), wide(ID.segment, 2, info, cluster(0), el(ID.cues, new Uint8Array(9)))).subarray(0, -3), 'FILE_DAMAGED'],
    ['tags are too long', joined(header(), wide(ID.segment, 8, info, el(ID.tags, el('ec', new Uint8Array(400 << 10))))), 'LIMIT_EXCEEDED'],
    ['an index leads to tags inside of a cluster', stray(), 'FILE_DAMAGED'],
  ])('refuses where %s', async (_, bytes, code) => {
    await expect(mkv.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code });
  });

  it('labels a recording that was cut inside a cluster', async () => {
    const cut = live(cluster(0), cluster(1000)).subarray(0, -4);
    expect((await mkv.read(bytesSource(cut))).anomalies).toMatchObject([{ code: 'truncated' }]);
    expect(await sites(await label(cut))).toEqual([['ebml/Segment/Tags/Tag/SimpleTag[AIGC]', true]]);
  });

  it('refuses a label that no reader would read', async () => {
    const long = { ...sampleSlotText, value: `{"Label":"${'1'.repeat(65_536)}"}` };
    await expect(mkv.plan(bytesSource(file({ front, clusters })), long)).rejects.toMatchObject({ code: 'CARRIER_FULL' });
    await expect(mkv.plan(bytesSource(file({ front, clusters })), { ...sampleSlotText, key: 'XYZ' })).rejects.toThrow(TypeError);
  });

  it('holds a label of 64,000 bytes, there and back', async () => {
    const long = { ...sampleSlotText, value: JSON.stringify({ ...sampleSlotText.fields, ReservedCode1: 'x'.repeat(64_000) }) };
    const bytes = file({ front: [...front, tags(foreign)], clusters, cuesFirst: true });
    const labelled = await label(bytes, long);
    expect(contentOf(labelled)).toEqual(contentOf(bytes));
    expect(contentOf(await label(labelled))).toEqual(contentOf(bytes));
  });
});

/** A SeekHead that leads to Tags hidden in a frame. */
function stray(): Uint8Array {
  const seekHead = el(ID.seekHead, el('4dbb', el('53ab', hex(ID.tags)), el('53ac', uint(0, 2))));
  const hidden = el(ID.cluster, el('e7', uint(0)), el('a3', hex('81000080'), tags(tag(simple('AIGC', value)))));
  const data = joined(seekHead, info, hidden);
  const at = Buffer.from(data).lastIndexOf(Buffer.from(hex(ID.tags)));
  Buffer.from(data.buffer).writeUInt16BE(at, seekHead.length - 2);
  return joined(header(), wide(ID.segment, 8, data));
}

describe('Matroska: forms that were seen', () => {
  const inTags = (...content: readonly Uint8Array[]): Uint8Array => file({ front: [...front, tags(...content)], clusters });
  it.each([
    ['of the whole file', tag(simple('AIGC', value)), 'Tag/SimpleTag[AIGC]', true],
    ['without Targets', el(ID.tag, simple('AIGC', value)), 'Tag/SimpleTag[AIGC]', true],
    ['in no certain language', tag(simple('AIGC', value, el('447a', text('und')))), 'Tag/SimpleTag[AIGC]', true],
    ['padded with zeros', tag(simple('AIGC\0\0', `${value}\0\0`)), 'Tag/SimpleTag[AIGC]', true],
    ['of all tracks', trackTag(0, simple('AIGC', value)), 'Tag/SimpleTag[AIGC]', true],
    ['of a track', trackTag(7, simple('AIGC', value)), 'Tag[track]/SimpleTag[AIGC]', false],
    ['in lower case', tag(simple('aigc', value)), 'Tag/SimpleTag[AIGC]', false],
    ['in Chinese', tag(simple('AIGC', value, el('447a', text('chi')))), 'Tag/SimpleTag[AIGC]', false],
    ['in Chinese, BCP 47', tag(simple('AIGC', value, el('447b', text('zh')))), 'Tag/SimpleTag[AIGC]', false],
    ['as binary', tag(el(ID.simpleTag, el('45a3', text('AIGC')), el('4485', text(value)))), 'Tag/SimpleTag[AIGC]/TagBinary', false],
  ] as const)('%s', async (_, content, site, isGuidePlace) => {
    const bytes = inTags(content, foreign);
    expect(await sites(bytes)).toEqual([[`ebml/Segment/Tags/${site}`, isGuidePlace]]);
    expect((await mkv.read(bytesSource(bytes))).found[0]?.value).toBe(value);
    const labelled = await label(bytes, anotherSlotText);
    expect(await sites(labelled)).toEqual([['ebml/Segment/Tags/Tag/SimpleTag[AIGC]', true]]);
    expect(contentOf(labelled)).toEqual(contentOf(bytes));
    expect(Buffer.from(labelled).includes('0199f3a0c5d27c4b8f1e2a3b4c5d6e7f')).toBe(false);
  });

  it('in another tag, which stays', async () => {
    const bytes = inTags(tag(simple('OTHER', 'its value', simple('AIGC', value))));
    expect(await sites(bytes)).toEqual([['ebml/Segment/Tags/Tag/SimpleTag/SimpleTag[AIGC]', false]]);
    const labelled = await label(bytes, anotherSlotText);
    expect(await sites(labelled)).toEqual([['ebml/Segment/Tags/Tag/SimpleTag[AIGC]', true]]);
    expect(Buffer.from(labelled).includes('its value')).toBe(true);
    expect(Buffer.from(labelled).includes('0199f3a0c5d27c4b8f1e2a3b4c5d6e7f')).toBe(false);
  });

  it('what is no text is told, and replaced', async () => {
    const bytes = inTags(tag(el(ID.simpleTag, el('45a3', text('AIGC')), el('4487', hex('ff00ff')))));
    expect(await mkv.read(bytesSource(bytes))).toMatchObject({ found: [], anomalies: [{ code: 'undecodable' }] });
    expect(await sites(await label(bytes))).toHaveLength(1);
  });

  it('a label that stands where it should stays, wherever its Tags are', async () => {
    for (const bytes of [inTags(tag(simple('AIGC', value)), foreign), file({ front, clusters, behind: [tags(tag(simple('AIGC', value)))] })]) {
      expect(await mkv.plan(bytesSource(bytes), sampleSlotText)).toEqual([]);
    }
  });

  it('Tags that only an index leads to are found behind what cannot be followed', async () => {
    const bytes = file({ front, clusters, behind: [tags(tag(simple('AIGC', value)))] });
    const second = Buffer.from(bytes).indexOf(Buffer.from(cluster(1000)));
    bytes.fill(0, second, second + 4);
    expect(await mkv.read(bytesSource(bytes))).toMatchObject({ found: [{ value }], anomalies: [{ code: 'damaged' }] });
    await expect(mkv.plan(bytesSource(bytes), anotherSlotText)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});

describe('Matroska: bounds', () => {
  it('reads less than 1 MiB of 4 GiB, and finds what no index names', async () => {
    const body = 1 << 20;
    const count = 4096;
    const head = joined(header(), hex(ID.segment), size(count * (body + 12) + joined(info, tags(tag(simple('AIGC', value)))).length, 8), info);
    const clusterHead = joined(hex(ID.cluster), size(body, 8));
    const end = tags(tag(simple('AIGC', value)));
    let total = 0;
    let reads = 0;
    const sparse: ByteSource = {
      size: head.length + count * (body + 12) + end.length,
      read(offset, length) {
        total += length;
        reads += 1;
        const bytes = new Uint8Array(length);
        for (let index = 0; index < length; index += 1) {
          const at = offset + index - head.length;
          const inside = at % (body + 12);
          bytes[index] =
            (at < 0 ? head[offset + index] : at >= count * (body + 12) ? end[at - count * (body + 12)] : inside < 12 ? clusterHead[inside] : 0) ?? 0;
        }
        return bytes;
      },
    };
    const { found, anomalies } = await mkv.read(sparse);
    expect([found.length, anomalies]).toEqual([1, []]);
    expect(total).toBeLessThan(1 << 20);
    expect(reads).toBeLessThan(5000);
  });

  it('stops in a flood of Voids and of frames', async () => {
    const flood = new Uint8Array(4 << 20);
    flood.fill(0x80);
    for (let at = 0; at < flood.length; at += 2) {
      flood[at] = 0xec;
    }
    for (const bytes of [joined(header(), open(ID.segment, flood)), joined(header(), open(ID.segment, open(ID.cluster, flood)))]) {
      const { anomalies } = await mkv.read(bytesSource(bytes));
      expect(anomalies.map(({ code }) => code)).toContain('limit');
    }
  });
});

describe('Matroska: other tools', () => {
  const names = ['cues.mkv', 'chapters.mkv', 'pipe.mkv', 'reserved.mkv', 'merged.mkv'];
  it.each(names)('ffprobe reads the label of %s; packets, streams and seeking stay', async (name) => {
    const bytes = fixtureBytes(`ebml/${name}`);
    const labelled = await label(bytes);
    const look = async (path: string) => {
      const { format, streams } = await ffprobe(path);
      const seek = async (second: number): Promise<string> =>
        await ffmpeg('-ss', String(second), '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'framemd5', '-');
      const { AIGC: aigc, ...others } = format.tags ?? {};
      const ours = streams.map(({ tags: { AIGC: _, ...rest } = {}, ...stream }) => ({ ...stream, tags: rest }));
      return { aigc, rest: [others, ours, await packetHashes(path), await seek(0), await seek(0.4), await seek(1.4)] };
    };
    const before = await withFile(name, bytes, look);
    const after = await withFile(name, labelled, look);
    expect(after.aigc).toBe(value);
    expect(after.rest).toEqual(before.rest);
  });

  it.skipIf(exiftoolMissing).each(names)('exiftool reads the label of %s, and everything else as before', async (name) => {
    const bytes = fixtureBytes(`ebml/${name}`);
    const ours = /:(AIGC|Aigc|Void|TagName|TagString|Tag(Track|Target).*|SeekID|SeekPosition|Position|CRC-32)/i;
    const dump = async (path: string) => Object.entries(await exiftoolDump(path));
    const before = await withFile(name, bytes, dump);
    const after = await withFile(name, await label(bytes), dump);
    expect(after.filter(([key]) => /aigc/i.test(key)).map(([, text]) => text)).toContain(value);
    expect(after.filter(([key]) => !ours.test(key))).toEqual(before.filter(([key]) => !ours.test(key)));
  });

  it.skipIf(corpusMissing).each(corpusFiles('.mkv'))('labels $name, which was cut before its first Cluster, at its new end', async ({ bytes }) => {
    expect((await mkv.read(bytesSource(bytes()))).anomalies.map(({ code }) => code)).toEqual(['truncated']);
    const after = await label(bytes());
    const { found, anomalies } = await mkv.read(bytesSource(after));
    expect(found.map(({ isGuidePlace }) => isGuidePlace)).toEqual([true]);
    expect(anomalies.map(({ code }) => code)).toEqual(['truncated']);
    // All but the size of the Segment, of eight bytes.
    expect(Buffer.compare(after.subarray(36, bytes().length), bytes().subarray(36))).toBe(0);
    expect(await mkv.plan(bytesSource(await label(after)), sampleSlotText)).toEqual([]);
  });
});
