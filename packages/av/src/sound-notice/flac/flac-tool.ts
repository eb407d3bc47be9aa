import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { readFlacBlocks } from '@aigc-label/containers';
import { type ByteSource, damaged, LabelError } from '@aigc-label/core';
import { runFfmpeg, runFfmpegToFile } from '../../ffmpeg/run-ffmpeg.ts';
import type { WorkFolder } from '../../ffmpeg/work-folder.ts';
import { frameBytes, type SampleCoding } from '../uncompressed/sample-coding.ts';
import { parseStreamInfo, type StreamInfo } from './stream-info.ts';

/** Samples one behind the other, as FLAC's MD5 wants them: interleaved, little endian. */
export interface RawSamples {
  readonly source: ByteSource;
  readonly coding: SampleCoding;
  readonly frames: number;
}

/** What was encoded. */
export interface EncodedFlac {
  readonly source: ByteSource;
  readonly info: StreamInfo;
  readonly streamInfo: Uint8Array;
  /** Where the first frame lies. */
  readonly framesAt: number;
}

/** Bytes that are copied at a time. */
const PIECE_BYTES = 1 << 20;

/** MD5 is what FLAC checks itself with; it secures nothing. */
export const md5Of = (): Hash => createHash('md5');

/** ffmpeg's decoder and encoder for a stream of one kind. */
export class FlacTool {
  readonly #program: string;
  readonly #info: StreamInfo;
  readonly #signal: AbortSignal | undefined;

  /** @throws LabelError `NOTICE_UNSUPPORTED` for a width that ffmpeg's encoder cannot keep. */
  constructor(program: string, info: StreamInfo, signal: AbortSignal | undefined) {
    if (info.bits !== 16 && info.bits !== 24) {
      throw new LabelError(
        'NOTICE_UNSUPPORTED',
        `The samples of this FLAC have ${info.bits} bit, which would not stay as they are. Save it with 16 or 24 bit and label that.`,
        {
          data: { format: 'flac', reason: 'bits', bits: info.bits },
        },
      );
    }
    this.#program = program;
    this.#info = info;
    this.#signal = signal;
  }

  /** All samples of a file. @throws LabelError as `runFfmpegToFile` does. */
  async decode(path: string, folder: WorkFolder): Promise<RawSamples> {
    await runFfmpegToFile({
      program: this.#program,
      inputs: [{ path, options: ['-f', 'flac'] }],
      outputOptions: ['-map', '0:a:0', '-vn', '-c:a', this.#codec, '-f', this.#rawFormat],
      output: join(folder.path, 'samples'),
      signal: this.#signal,
    });
    const source = await folder.open('samples');
    const coding = rawCoding(this.#info);
    return { source, coding, frames: Math.floor(source.size / frameBytes(coding)) };
  }

  /** Samples as FLAC, checked: what the encoder was given, and what a decoder makes of it, have one MD5 with them. */
  async encode(samples: ByteSource, folder: WorkFolder, onProgress: (share: number) => void): Promise<EncodedFlac> {
    const [raw, output] = [join(folder.path, 'marked'), join(folder.path, 'marked.flac')];
    const md5 = await written(samples, raw);
    const { sampleRate, channels, bits } = this.#info;
    const bytes = frameBytes(rawCoding(this.#info));
    const shape = ['-f', this.#rawFormat, '-ar', String(sampleRate), '-ac', String(channels)];
    await runFfmpegToFile({
      program: this.#program,
      inputs: [{ path: raw, options: shape }],
      outputOptions: [
        '-map',
        '0:a:0',
        '-c:a',
        'flac',
        '-sample_fmt',
        bits === 16 ? 's16' : 's32',
        '-compression_level',
        '8',
        '-fflags',
        '+bitexact',
        '-f',
        'flac',
      ],
      output,
      signal: this.#signal,
      onProgress: (_pictures, seconds) => onProgress(Math.min(1, (seconds * sampleRate * bytes) / Math.max(1, samples.size))),
    });
    const source = await folder.open('marked.flac');
    const { blocks, problem } = await readFlacBlocks(source, 0);
    const [first] = blocks;
    if (first === undefined || problem !== undefined) {
      throw damaged('flac', 0, 'ffmpeg wrote no FLAC');
    }
    const streamInfo = (await source.read(first.dataStart, first.sizeBytes)).slice();
    const info = parseStreamInfo(streamInfo, first.start);
    if (
      info.md5 !== md5 ||
      info.bits !== bits ||
      info.channels !== channels ||
      info.sampleRate !== sampleRate ||
      (await this.#decodedMd5(output)) !== md5
    ) {
      throw new LabelError(
        'NOTICE_UNSUPPORTED',
        'This ffmpeg does not keep the samples of the FLAC as they are. Install a newer one, or save it with 16 or 24 bit.',
        {
          data: { format: 'flac', reason: 'encoder' },
        },
      );
    }
    return { source, info, streamInfo, framesAt: blocks.at(-1)?.end ?? first.end };
  }

  async #decodedMd5(path: string): Promise<string> {
    const { bytes } = await runFfmpeg({
      program: this.#program,
      input: path,
      inputOptions: [],
      outputOptions: ['-map', '0:a:0', '-c:a', this.#codec, '-f', 'md5'],
      maximumBytes: 1 << 10,
      signal: this.#signal,
    });
    return new TextDecoder().decode(bytes).trim().replace('MD5=', '');
  }

  get #codec(): string {
    return `pcm_${this.#rawFormat}`;
  }

  get #rawFormat(): string {
    return this.#info.bits === 16 ? 's16le' : 's24le';
  }
}

/** How the samples of a stream lie one behind the other. */
const rawCoding = ({ sampleRate, channels, bits }: StreamInfo): SampleCoding => ({
  ...{ kind: 'signed', bytes: bits === 16 ? 2 : 3, isBigEndian: false, channels, sampleRate, bits },
  // RFC 9639 §9.1.3: three channels are left, right, centre; the others as WAVE_FORMAT_EXTENSIBLE orders them.
  channelMask: [0, 0x4, 0x3, 0x7, 0x33, 0x607, 0x60f, 0x70f, 0x63f][channels] ?? 0,
});

/** Writes samples to a file. @returns their MD5. */
const written = async (samples: ByteSource, path: string): Promise<string> => {
  const hash = md5Of();
  const handle = await open(path, 'wx', 0o600);
  try {
    for (let offset = 0; offset < samples.size; offset += PIECE_BYTES) {
      const piece = await samples.read(offset, Math.min(PIECE_BYTES, samples.size - offset));
      hash.update(piece);
      await handle.writeFile(piece);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
};
