import { ascii, bytesSource, concat, LabelError, u32le } from '@aigc-label/core';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import { withInputFile } from '../../ffmpeg/with-input-file.ts';
import { type Pcm, pcmLength } from '../pcm.ts';
import type { Programme } from './programme.ts';

/** A notice of a minute at the highest rates is shorter, in bytes. */
const MAXIMUM_NOTICE_BYTES = 64 << 20;

/**
 * A notice as ffmpeg encodes it: `options` name encoder, rates and container.
 *
 * @throws LabelError `TOOL_MISSING` where ffmpeg has no such encoder, `NOTICE_UNSUPPORTED` where it takes no such sound, and as `runFfmpeg` does.
 */
export const encodeNotice = async ({ program, call }: Programme, pcm: Pcm, encoder: string, options: readonly string[]): Promise<Uint8Array> => {
  try {
    const { bytes } = await withInputFile(bytesSource(waveOf(pcm)), (input) =>
      runFfmpeg({
        program,
        input,
        inputOptions: [],
        outputOptions: ['-map_metadata', '-1', '-c:a', encoder, ...options, '-flags', '+bitexact', '-fflags', '+bitexact'],
        maximumBytes: MAXIMUM_NOTICE_BYTES,
        signal: call.signal,
      }),
    );
    return bytes;
  } catch (error) {
    const why = error instanceof LabelError && error.cause instanceof Error ? error.cause.message : '';
    if (/Unknown encoder|Encoder .*not found/i.test(why)) {
      throw new LabelError('TOOL_MISSING', `This ffmpeg has no encoder ${encoder}. Install a fuller build, or name it in AIGC_LABEL_FFMPEG.`, {
        data: { tool: 'ffmpeg', encoder },
        cause: error,
      });
    }
    if (error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE') {
      const shape = `${pcm.channels.length} channels at ${pcm.sampleRate} Hz`;
      throw new LabelError(
        'NOTICE_UNSUPPORTED',
        `ffmpeg cannot encode a notice of ${shape} with ${encoder}. Convert the recording to stereo at 44.1 or 48 kHz.`,
        {
          data: { encoder, channels: pcm.channels.length, sampleRate: pcm.sampleRate },
          cause: error,
        },
      );
    }
    throw error;
  }
};

const FLOAT = 3;

/** 32-bit float in a WAV file. */
export const waveOf = (pcm: Pcm): Uint8Array => {
  const channels = pcm.channels.length;
  const length = pcmLength(pcm);
  const samples = new Float32Array(length * channels);
  for (const [channel, plane] of pcm.channels.entries()) {
    for (let index = 0; index < length; index += 1) {
      samples[index * channels + channel] = plane[index] as number;
    }
  }
  const data = new Uint8Array(samples.buffer);
  const format = concat(
    Uint8Array.of(FLOAT, 0, channels, 0),
    u32le(pcm.sampleRate),
    u32le(pcm.sampleRate * channels * 4),
    Uint8Array.of(channels * 4, 0, 32, 0),
  );
  return concat(ascii('RIFF'), u32le(4 + 24 + 8 + data.length), ascii('WAVEfmt '), u32le(16), format, ascii('data'), u32le(data.length), data);
};
