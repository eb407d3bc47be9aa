import { type ByteSource, LabelError } from '@aigc-label/core';
import { findFfmpeg } from '../../ffmpeg/find-ffmpeg.ts';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import { withPath } from '../../ffmpeg/work-folder.ts';
import { ROUGH_CROSSINGS, resample } from '../resample.ts';
import { decodeFrames, frameBytes, readAiffLayout, readWaveLayout, type SampleFile } from '../uncompressed/index.ts';
import { LISTENING_HERTZ } from './spectra.ts';

/** A recording up to this long is listened to whole, in seconds; a longer one at its beginning, around its middle, and at its end. */
const WHOLE_SECONDS = 150;
const EDGE_SECONDS = 30;
/** A notice in the middle lies within 30 s of it, and others before it move that. */
const MIDDLE_SECONDS = 90;

/** How long ffmpeg may take for one stretch. */
const TIMEOUT_SECONDS = 30;

/** What a WAV or AIFF may have a second: sixteen channels of 24 bit at 48 kHz have 2.3 MB. What has more is not listened to. */
const MAXIMUM_BYTES_PER_SECOND = 4 << 20;
const RATES = { least: 4_000, most: 384_000 } as const;
/** Bytes that are read at a time. */
const PIECE_BYTES = 1 << 20;

/** A part of a recording as one channel at 16 kHz. */
export interface HeardStretch {
  /** Where it begins, in seconds. */
  readonly start: number;
  readonly samples: Float32Array;
}

/** A recording as it is listened to. */
export interface Heard {
  readonly stretches: readonly HeardStretch[];
  /** Of the whole recording, in seconds. */
  readonly seconds: number;
}

/**
 * Listens to a recording, bounded in time and memory; nothing where it cannot be decoded.
 *
 * @throws LabelError `TOOL_MISSING`, `ABORTED`, and what reading the source throws.
 */
export const listen = async (source: ByteSource, formatId: string, signal: AbortSignal | undefined): Promise<Heard> => {
  if (formatId === 'wav' || formatId === 'aiff') {
    const file = await (formatId === 'wav' ? readWaveLayout(source) : readAiffLayout(source)).catch(undefinedWhereUnreadable);
    if (file !== undefined) {
      return listenToSamples(source, file, signal);
    }
  }
  return listenThroughFfmpeg(source, signal);
};

const undefinedWhereUnreadable = (error: unknown): undefined => {
  if (error instanceof LabelError && UNREADABLE.includes(error.code)) {
    return undefined;
  }
  throw error;
};

const UNREADABLE: readonly string[] = ['FILE_DAMAGED', 'NOTICE_UNSUPPORTED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'];

interface Span {
  readonly start: number;
  readonly length: number;
}

const spansOf = (seconds: number): readonly Span[] =>
  seconds <= WHOLE_SECONDS
    ? [{ start: 0, length: WHOLE_SECONDS }]
    : [
        { start: 0, length: EDGE_SECONDS },
        { start: (seconds - MIDDLE_SECONDS) / 2, length: MIDDLE_SECONDS },
        { start: seconds - EDGE_SECONDS, length: EDGE_SECONDS },
      ];

const NOTHING: Heard = { stretches: [], seconds: 0 };

const listenToSamples = async (source: ByteSource, file: SampleFile, signal: AbortSignal | undefined): Promise<Heard> => {
  const { coding, start, frames } = file;
  const size = frameBytes(coding);
  const seconds = frames / coding.sampleRate;
  if (coding.sampleRate < RATES.least || coding.sampleRate > RATES.most || coding.sampleRate * size > MAXIMUM_BYTES_PER_SECOND) {
    return NOTHING;
  }
  const stretches: HeardStretch[] = [];
  const piece = Math.max(1, Math.floor(PIECE_BYTES / size));
  for (const span of spansOf(seconds)) {
    const [from, to] = [Math.floor(span.start * coding.sampleRate), Math.min(frames, Math.floor((span.start + span.length) * coding.sampleRate))];
    const mono = new Float32Array(to - from);
    for (let frame = from; frame < to; frame += piece) {
      refuseAborted(signal);
      const planes = decodeFrames(await source.read(start + frame * size, Math.min(piece, to - frame) * size), coding);
      for (const plane of planes) {
        for (let index = 0; index < plane.length; index += 1) {
          mono[frame - from + index] = (mono[frame - from + index] as number) + finite(plane[index] as number) / planes.length;
        }
      }
    }
    stretches.push({ start: from / coding.sampleRate, samples: resample(mono, coding.sampleRate, LISTENING_HERTZ, ROUGH_CROSSINGS) });
  }
  return { stretches, seconds };
};

const finite = (sample: number): number => (Number.isFinite(sample) ? Math.max(-8, Math.min(8, sample)) : 0);

const refuseAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Listening to the recording was stopped.', { cause: signal.reason });
  }
};

const listenThroughFfmpeg = async (source: ByteSource, signal: AbortSignal | undefined): Promise<Heard> => {
  const program = await findFfmpeg();
  refuseAborted(signal);
  return withPath(source, async (path) => {
    const decode = async ({ start, length }: Span): Promise<Awaited<ReturnType<typeof runFfmpeg>> | undefined> =>
      runFfmpeg({
        program,
        input: path,
        inputOptions: ['-ss', start.toFixed(3), '-t', length.toFixed(3)],
        outputOptions: ['-map', '0:a:0', '-vn', '-sn', '-dn', '-ac', '1', '-ar', String(LISTENING_HERTZ), '-f', 'f32le'],
        maximumBytes: 4 * LISTENING_HERTZ * (length + 1),
        timeoutSeconds: TIMEOUT_SECONDS,
        signal,
      }).catch(undefinedWhereUnreadable);
    const first = await decode({ start: 0, length: WHOLE_SECONDS });
    if (first === undefined) {
      return NOTHING;
    }
    const opening = floats(first.bytes);
    const heardSeconds = opening.length / LISTENING_HERTZ;
    // What is shorter than was asked for is the whole, whatever the container says.
    const seconds = heardSeconds < WHOLE_SECONDS - 1 ? heardSeconds : (first.duration ?? heardSeconds);
    if (seconds <= WHOLE_SECONDS) {
      return { stretches: [{ start: 0, samples: opening }], seconds };
    }
    const [opened, ...others] = spansOf(seconds);
    const stretches: HeardStretch[] = [{ start: 0, samples: opening.subarray(0, (opened?.length ?? 0) * LISTENING_HERTZ) }];
    for (const span of others) {
      const part = await decode(span);
      stretches.push(...(part === undefined ? [] : [{ start: span.start, samples: floats(part.bytes) }]));
    }
    return { stretches, seconds };
  });
};

const floats = (bytes: Uint8Array): Float32Array =>
  Float32Array.from(new Float32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer), finite);
