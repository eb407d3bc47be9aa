import { bytesSource, type Remark } from '@aigc-label/core';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import { withInputFile } from '../../ffmpeg/with-input-file.ts';
import { loudnessMeter, matchedGain } from '../loudness/index.ts';
import { noticePcm } from '../notice-pcm.ts';
import { type Pcm, type PcmShape, scaledPcm } from '../pcm.ts';
import { quietSpot } from '../quiet-spot.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { type Programme, refuseAborted } from './programme.ts';

/** Up to this long a programme is measured whole, in seconds; a longer one in stretches that are spread over it. */
const WHOLE_SECONDS = 600;
const PIECE_SECONDS = 60;
const STRETCHES = 40;
const STRETCH_SECONDS = 15;

/** What ffmpeg may give for one piece, in bytes: a minute of eight channels at 96 kHz has 184 MB. */
const MAXIMUM_PIECE_BYTES = 256 << 20;

/** A notice as loud as the programme, and how loud both are. */
export interface MatchedNotice {
  readonly pcm: Pcm;
  /** Where the middle of the programme is, if the notice is to stand there: in a pause if there is one; in seconds. */
  readonly middle: number;
  readonly remark: Remark;
}

/** How a programme is to be decoded. */
export interface DecodedShape extends PcmShape {
  /** Of the whole programme. */
  readonly seconds: number;
  /** What the player makes louder on its own, in decibels: an Opus header may say so. */
  readonly playerGain?: number;
  /** The frames of a stretch, in seconds, where that is faster than letting ffmpeg look for it: in streams without an index. */
  readonly cut?: (start: number, length: number) => Promise<Uint8Array>;
}

/**
 * The notice for a programme, made as loud as that is (EBU R 128). What is decoded is held piece by piece.
 *
 * @throws LabelError as `runFfmpeg` does.
 */
export const matchedNotice = async (programme: Programme, options: ResolvedSoundNotice, shape: DecodedShape): Promise<MatchedNotice> => {
  const notice = await noticePcm(options, shape);
  const { playerGain = 0 } = shape;
  const loudness = await programmeLoudness(programme, shape);
  const gain = matchedGain(loudness, notice);
  return {
    pcm: scaledPcm(notice, gain.factor * 10 ** (-playerGain / 20)),
    middle: options.positions.includes('middle') ? await quietMiddle(programme, shape) : shape.seconds / 2,
    remark: { code: 'loudness', data: { programme: rounded(loudness), notice: rounded(gain.loudness) } },
  };
};

/** JSON has no −∞; −70 is where the gate of the measure lies. */
const rounded = (loudness: number): number => Math.round(Math.max(-70, loudness) * 10) / 10;

/** In LUFS; −∞ for silence. */
export const programmeLoudness = async (programme: Programme, shape: DecodedShape): Promise<number> => {
  const { sampleRate, channels, seconds } = shape;
  const meter = loudnessMeter({ sampleRate, channels });
  for (const { start, length } of piecesOf(seconds)) {
    meter.add(await decodedPiece(programme, shape, start, length));
    programme.call.onProgress?.((0.4 * (start + length)) / Math.max(start + length, seconds));
  }
  return meter.integrated();
};

const decodedPiece = async (programme: Programme, shape: DecodedShape, start: number, length: number): Promise<readonly Float32Array[]> => {
  const { program, path, call } = programme;
  const { sampleRate, channels, cut } = shape;
  refuseAborted(call);
  const decode = async (input: string, inputOptions: readonly string[]): Promise<readonly Float32Array[]> => {
    const { bytes } = await runFfmpeg({
      program,
      input,
      inputOptions,
      outputOptions: ['-map', '0:a:0', '-vn', '-ac', String(channels), '-ar', String(sampleRate), '-f', 'f32le'],
      maximumBytes: MAXIMUM_PIECE_BYTES,
      signal: call.signal,
    });
    return planesOf(bytes, channels);
  };
  return cut === undefined || start === 0
    ? decode(path, ['-ss', start.toFixed(3), '-t', length.toFixed(3)])
    : withInputFile(bytesSource(await cut(start, length)), (input) => decode(input, []));
};

/** What `quietSpot` looks through reaches a tenth of a programme, and of a longer one a tenth of this, to both sides of the middle; in seconds. */
const QUIET_SECONDS = 300;

/** Where in the middle of the programme it can be interrupted, in seconds. */
export const quietMiddle = async (programme: Programme, shape: DecodedShape): Promise<number> => {
  const { sampleRate, channels, seconds } = shape;
  const looked = Math.min(seconds, QUIET_SECONDS);
  const spot = quietSpot({ sampleRate, channels }, Math.floor(looked * sampleRate));
  const start = (seconds - looked) / 2;
  const before = 0.4 * looked;
  // Nothing is looked at in front of it.
  spot.add([new Float32Array(Math.floor(before * sampleRate))]);
  spot.add(await decodedPiece(programme, shape, start + before, 0.2 * looked));
  return start + spot.frame() / sampleRate;
};

const piecesOf = (seconds: number): readonly { readonly start: number; readonly length: number }[] =>
  seconds <= WHOLE_SECONDS
    ? Array.from({ length: Math.max(1, Math.ceil(seconds / PIECE_SECONDS)) }, (_, index) => ({ start: index * PIECE_SECONDS, length: PIECE_SECONDS }))
    : Array.from({ length: STRETCHES }, (_, index) => ({
        start: ((index + 0.5) * seconds) / STRETCHES - STRETCH_SECONDS / 2,
        length: STRETCH_SECONDS,
      }));

const planesOf = (bytes: Uint8Array, channels: number): readonly Float32Array[] => {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const samples = new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  const planes = Array.from({ length: channels }, () => new Float32Array(Math.floor(samples.length / channels)));
  for (const [channel, plane] of planes.entries()) {
    for (let index = 0; index < plane.length; index += 1) {
      plane[index] = samples[index * channels + channel] as number;
    }
  }
  return planes;
};
