import { AAC_BLOCK_SAMPLES, ADTS_HEADER_BYTES, type AdtsFrame, parseAdtsFrame, silentAacBlock, walkFrames } from '@aigc-label/containers';
import { bytesSource } from '@aigc-label/core';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import type { Pcm } from '../pcm.ts';
import { encodeNotice } from './encode-notice.ts';
import { type Programme, unsupported } from './programme.ts';

/** What of a stream of AAC-LC the notice must share. */
export interface AacShape {
  readonly sampleRate: number;
  readonly channelConfiguration: number;
  /** Average, in bits a second. */
  readonly bitRate: number;
}

/** Bits a second and channel: outside of these, speech is no longer heard well, or nothing is won. */
const LOWEST_RATE = 24_000;
const HIGHEST_RATE = 160_000;

/**
 * The raw blocks of a notice, 1024 samples each: the first holds what the encoder puts in front, the last two are silence that leaves a decoder as it is when it starts.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where the encoder gives another kind of stream.
 */
export const encodeAacBlocks = async (programme: Programme, format: string, pcm: Pcm, shape: AacShape): Promise<readonly Uint8Array[]> => {
  const channels = pcm.channels.length;
  const bitRate = Math.round(Math.max(LOWEST_RATE, Math.min(HIGHEST_RATE, shape.bitRate / channels)) * channels);
  const encoded = await encodeNotice(programme, pcm, 'aac', [
    '-b:a',
    String(bitRate),
    '-ar',
    String(shape.sampleRate),
    '-aac_pns',
    '0',
    '-f',
    'adts',
  ]);
  const { offsets } = await walkFrames<AdtsFrame>(bytesSource(encoded), {
    start: 0,
    end: encoded.length,
    headerBytes: ADTS_HEADER_BYTES,
    parse: parseAdtsFrame,
    isSame: () => true,
  });
  const blocks = Array.from(offsets, (at) => {
    const frame = parseAdtsFrame(encoded, at);
    const isLike = frame?.objectType === 2 && frame.sampleRate === shape.sampleRate && frame.channelConfiguration === shape.channelConfiguration;
    if (frame === undefined || !isLike || frame.samples !== AAC_BLOCK_SAMPLES) {
      throw unsupported(format, 'the encoder gave another kind of AAC', 'Encode it as AAC-LC in mono or stereo.');
    }
    return encoded.slice(at + frame.headerBytes, at + frame.frameBytes);
  });
  const silence = silentAacBlock(shape.channelConfiguration) ?? new Uint8Array();
  return [...blocks, silence, silence];
};

/** Decoded to find out what no header says, in seconds. */
const SAMPLE_SECONDS = 2;

/**
 * Whether the stream says more than its headers do: HE-AAC doubles the rate, and its parametric stereo the channels, by data that stand inside of the blocks.
 *
 * @throws LabelError as `runFfmpeg` does.
 */
export const isPlainAac = async (
  { program, path, call }: Programme,
  { sampleRate }: Pick<AacShape, 'sampleRate'>,
  channels: number,
): Promise<boolean> => {
  const { log } = await runFfmpeg({
    program,
    input: path,
    inputOptions: [],
    outputOptions: ['-map', '0:a:0', '-t', String(SAMPLE_SECONDS), '-f', 's16le'],
    maximumBytes: 64 << 20,
    signal: call.signal,
  });
  const line = log.find((one) => /Stream #0:\d+.*Audio: aac/.test(one)) ?? '';
  const [, rate] = /, (\d+) Hz,/.exec(line) ?? [];
  const words: Readonly<Record<number, string>> = { 1: 'mono', 2: 'stereo' };
  return !/HE-AAC/.test(line) && Number(rate) === sampleRate && (words[channels] === undefined || line.includes(`, ${words[channels]}`));
};
