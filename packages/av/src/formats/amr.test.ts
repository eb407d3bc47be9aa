import { bytesSource } from '@aigc-label/core';
import { corpusFiles, type FormatFixture, frameTagsStructure, sampleSlotText, testFormat } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { ape, bytesOf, frame, id3v1, tag, txxx } from '../../test/mp3-files.ts';
import { amr } from './amr.ts';

/** Frames of 4.75 kbit/s: a header byte and twelve bytes. */
const frames = bytesOf(...Array.from({ length: 8 }, (_, index) => bytesOf(0x04, new Uint8Array(12).fill(index))));
const appended = tag(4, [frame(4, 'TXXX', txxx.latin1('AIGC', '{"Label":"1"}'))], { footer: true });
const narrow = bytesOf('#!AMR\n', frames);

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: () => undefined,
  refused: 'NO_PLACE_INSIDE',
  ...more,
});

testFormat({
  format: amr,
  hasEnd: false,
  structure: frameTagsStructure,
  fixtures: [
    fixture('narrow band', narrow),
    fixture('wide band', bytesOf('#!AMR-WB\n', frames)),
    fixture('APEv2 and ID3v1 behind', bytesOf(narrow, ape({ AIGC: '{"Label":"1"}' }), id3v1), { slots: 1 }),
    fixture('ID3v2 with a footer behind', bytesOf(narrow, appended), { slots: 1 }),
  ],
});

describe('amr', () => {
  it('holds no label inside, and says where it goes', async () => {
    expect(amr.sidecar).toBe('always');
    await expect(amr.plan(bytesSource(narrow), sampleSlotText)).rejects.toMatchObject({
      code: 'NO_PLACE_INSIDE',
      message: expect.stringContaining('sidecar'),
    });
  });

  it('reads what others append, and takes none of it for its own place', async () => {
    const { found } = await amr.read(bytesSource(bytesOf(narrow, appended)));
    expect(found).toMatchObject([{ site: 'id3v2[appended]/TXXX[AIGC]', isGuidePlace: false, value: '{"Label":"1"}' }]);
  });

  it('matches the four magic lines and nothing like them', () => {
    const lines = ['#!AMR\n', '#!AMR-WB\n', '#!AMR_MC1.0\n', '#!AMR-WB_MC1.0\n', '#!AMR', '#!AMRX\n', '#!/bin/sh\n'];
    expect(lines.map((line) => amr.matches(bytesOf(line, frames)))).toEqual([true, true, true, true, false, false, false]);
    expect(corpusFiles('.amr', '.awb').every((file) => amr.matches(file.bytes().subarray(0, 4096)))).toBe(true);
  });
});
