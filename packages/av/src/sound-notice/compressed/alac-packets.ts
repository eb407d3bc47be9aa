// Apple Lossless: github.com/macosforge/alac, ALACMagicCookieDescription.txt.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boxBudget, readBoxFile, readMovie, readSampleTable, sampleDurations } from '@aigc-label/containers';
import { equalBytes, viewOf } from '@aigc-label/core';
import { runFfmpegToFile } from '../../ffmpeg/run-ffmpeg.ts';
import { makeWorkFolder } from '../../ffmpeg/work-folder.ts';
import type { Pcm } from '../pcm.ts';
import { waveOf } from './encode-notice.ts';
import { soundConfiguration, soundEntries } from './m4a-track.ts';
import { type Programme, unsupported } from './programme.ts';

/** What a decoder of Apple Lossless is told. */
export interface AlacCookie {
  readonly frameSamples: number;
  readonly bits: number;
  readonly channels: number;
  readonly sampleRate: number;
  /** Lengths of frames and the three numbers by which residues are coded: what two streams must share so that packets of one can stand in the other. */
  readonly coding: Uint8Array;
}

/** The content of an `alac` box; `undefined` where it is cut. */
export const parseAlacCookie = (content: Uint8Array): AlacCookie | undefined => {
  if (content.length < 28) {
    return undefined;
  }
  const view = viewOf(content);
  return {
    frameSamples: view.getUint32(4),
    bits: view.getUint8(9),
    channels: view.getUint8(13),
    sampleRate: view.getUint32(24),
    // Up to and with the number of channels; then come the longest run and frame, and rates, which are statistics.
    coding: content.slice(4, 14),
  };
};

/** Packets, and how many samples each holds. */
export interface AlacPackets {
  readonly packets: readonly Uint8Array[];
  readonly samples: readonly number[];
}

/**
 * A notice in Apple Lossless.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where the encoder codes otherwise than the recording's, and as `runFfmpegToFile` does.
 */
export const encodeAlacPackets = async ({ program, call }: Programme, pcm: Pcm, cookie: AlacCookie): Promise<AlacPackets> => {
  const folder = await makeWorkFolder();
  try {
    const wave = join(folder.path, 'notice.wav');
    await writeFile(wave, waveOf(pcm), { mode: 0o600 });
    await runFfmpegToFile({
      program,
      inputs: [{ path: wave, options: [] }],
      outputOptions: ['-map_metadata', '-1', '-c:a', 'alac', '-sample_fmt', cookie.bits > 16 ? 's32p' : 's16p', '-f', 'ipod', '-fflags', '+bitexact'],
      output: join(folder.path, 'notice.m4a'),
      signal: call.signal,
    });
    const source = await folder.open('notice.m4a');
    const budget = boxBudget();
    const { tracks } = await readMovie(source, await readBoxFile(source, budget), budget);
    const [track] = tracks;
    const [entry] = track === undefined ? [] : await soundEntries(source, track, budget);
    const own = entry === undefined ? undefined : parseAlacCookie(await soundConfiguration(source, entry, budget));
    if (track === undefined || own === undefined || !equalBytes(own.coding, cookie.coding)) {
      throw unsupported('m4a', 'its Apple Lossless is coded in a way of its own', 'Encode it anew with ffmpeg or iTunes.');
    }
    const table = await readSampleTable(source, track);
    const packets: Uint8Array[] = [];
    for (let index = 0; index < table.count; index += 1) {
      packets.push(Uint8Array.from(await source.read(table.offsets[index] ?? 0, table.sizes[index] ?? 0)));
    }
    return { packets, samples: [...(await sampleDurations(source, track, table.count, { left: 1 << 20 }))] };
  } finally {
    await folder.remove();
  }
};
