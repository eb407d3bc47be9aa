import { applySplices, bytesSource } from '@aigc-label/core';
import {
  ebmlStructure,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf, el, header, hex, ID, info, joined, open, simple, tag, tags, text, tracks } from '../../test/ebml-files.ts';
import { mkv } from './mkv.ts';
import { webm } from './webm.ts';

const { value } = sampleSlotText;
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: contentOf,
  ...more,
});

/** As browsers record: no SeekHead, no Cues, no sizes. */
const recorded = joined(
  header('webm'),
  open(
    ID.segment,
    info,
    tracks,
    open(ID.cluster, el('e7', hex('00')), el('a3', hex('81000080'))),
    open(ID.cluster, el('e7', hex('64')), el('a3', hex('81000080'))),
  ),
);

afterAll(endJudges);

testFormat({
  format: webm,
  hasEnd: true,
  structure: ebmlStructure,
  fixtures: [
    fixture('ffmpeg, live', fixtureBytes('ebml/live.webm')),
    fixture('ffmpeg, picture and sound', fixtureBytes('ebml/sound.webm')),
    fixture('a browser’s recording', recorded),
    fixture('a browser’s recording with tags behind it', joined(recorded, tags(tag(simple('aigc', value), simple('A', 'b')))), { slots: 1 }),
  ],
});

describe('WebM', () => {
  it.each([
    ['webm', header('webm'), [webm]],
    ['webm\\0', header('webm\0\0'), [webm]],
    ['matroska', header('matroska'), [mkv]],
    ['none', el(ID.ebml, el('4286', hex('01'))), [mkv]],
    ['another', header('else'), []],
    ['cut', header('webm').subarray(0, 10), []],
    ['another magic', text('RIFF0000WEBP'), []],
  ])('is told from Matroska by its DocType: %s', (_, head, formats) => {
    expect([mkv, webm].filter((format) => format.matches(head))).toEqual(formats);
  });

  it.each(['live.webm', 'sound.webm'])('ffprobe and exiftool read the label of %s; packets and streams stay', async (name) => {
    const bytes = fixtureBytes(`ebml/${name}`);
    const labelled = applySplices(bytes, await webm.plan(bytesSource(bytes), sampleSlotText));
    const look = async (path: string) => {
      const { format, streams } = await ffprobe(path);
      const { AIGC: aigc, ...others } = format.tags ?? {};
      return { aigc, rest: [others, streams, await packetHashes(path)] };
    };
    const before = await withFile(name, bytes, look);
    const after = await withFile(name, labelled, look);
    expect(after.aigc).toBe(value);
    expect(after.rest).toEqual(before.rest);
    if (exiftoolMissing === undefined) {
      const values = Object.values(await withFile(name, labelled, exiftoolDump));
      expect(values).toContain(value);
    }
  });
});
