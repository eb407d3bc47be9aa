import { editRiff } from '@aigc-label/containers';
import { type ByteSource, LabelError, type MarkCall, type Marked, type Remark } from '@aigc-label/core';
import { loudnessMeter, matchedGain } from '../loudness/index.ts';
import type { NoticeInserter } from '../notice-inserter.ts';
import { noticePcm } from '../notice-pcm.ts';
import { pcmLength, scaledPcm } from '../pcm.ts';
import { quietSpot } from '../quiet-spot.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { readAiffLayout } from './aiff-layout.ts';
import { decodeFrames, encodeFrames, frameBytes } from './sample-coding.ts';
import type { SampleFile } from './sample-file.ts';
import { readWaveLayout } from './wave-layout.ts';

export { readAiffLayout } from './aiff-layout.ts';
export { decodeFrames, frameBytes } from './sample-coding.ts';
export type { SampleFile } from './sample-file.ts';
export { readWaveLayout } from './wave-layout.ts';

/** Rates at which a notice can be made, in hertz. */
const RATES = { least: 4_000, most: 384_000 } as const;
const MAXIMUM_CHANNELS = 64;

/** The most that 32 bits can say, less what padding may add. */
const MAXIMUM_RIFF_BYTES = 0xffffff00;

/** Bytes of samples that are read at a time. */
const PIECE_BYTES = 1 << 20;

/** Inserts the notice between the samples of a WAV or AIFF, as splices: every sample, and every other chunk but the positions in it, stays what it was. Needs no ffmpeg. */
export const uncompressedInserter: NoticeInserter = {
  formats: ['wav', 'aiff'],
  async insert(source, formatId, notice, call) {
    const file = await (formatId === 'aiff' ? readAiffLayout(source) : readWaveLayout(source));
    return insertInto(source, file, notice, call);
  },
};

const insertInto = async (source: ByteSource, file: SampleFile, notice: ResolvedSoundNotice, call: MarkCall): Promise<Marked> => {
  const { riff, coding, chunk, start, frames } = file;
  const { sampleRate, channels, channelMask } = coding;
  if (sampleRate < RATES.least || sampleRate > RATES.most || channels > MAXIMUM_CHANNELS) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      `No notice can be made for ${channels} channels at ${sampleRate} Hz. Save it at 8 to 192 kHz and label that.`,
      {
        data: { reason: 'parameters', channels, sampleRate },
      },
    );
  }
  const [meter, quiet] = [loudnessMeter(coding), quietSpot(coding, frames)];
  for await (const { planes } of framesOf(source, file, call)) {
    meter.add(planes);
    quiet.add(planes);
  }
  const programme = meter.integrated();
  const pcm = await noticePcm(notice, { sampleRate, channels });
  const { factor, loudness } = matchedGain(programme, pcm, channelMask);
  const bytes = encodeFrames(scaledPcm(pcm, factor).channels, coding);
  const places = { start: 0, middle: quiet.frame(), end: frames } as const;
  const at = notice.positions.map((position) => places[position]);
  const samples = at.map((frame) => ({ at: start + frame * frameBytes(coding), remove: 0, insert: bytes }));
  const moved = await file.moved({ at, frames: pcmLength(pcm) });
  const moreBytes = at.length * bytes.length;
  if (riff.sizeField?.widthBytes === 4 && riff.sizeField.value + moreBytes > MAXIMUM_RIFF_BYTES) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      'With the notice the file would be larger than the 4 GiB that it can address. Save it as RF64 (BWF) and label that.',
      {
        data: { sizeBytes: riff.sizeField.value + moreBytes, limitBytes: MAXIMUM_RIFF_BYTES },
      },
    );
  }
  const splices = await file.resized(editRiff(riff, { inside: [{ chunk, splices: samples }, ...moved] }), moreBytes);
  call.onProgress?.(1);
  return {
    kind: 'splices',
    splices,
    remarks: [{ code: 'content_kept', data: {} }, loudnessRemark(programme, loudness)],
  };
};

/** All frames of a file, a piece at a time. @throws LabelError `ABORTED`. */
export async function* framesOf(
  source: ByteSource,
  { coding, start, frames }: Pick<SampleFile, 'coding' | 'start' | 'frames'>,
  { signal, onProgress }: MarkCall,
): AsyncGenerator<{ readonly planes: readonly Float32Array[]; readonly bytes: Uint8Array }> {
  const size = frameBytes(coding);
  const piece = Math.max(1, Math.floor(PIECE_BYTES / size));
  for (let frame = 0; frame < frames; frame += piece) {
    if (signal?.aborted === true) {
      throw new LabelError('ABORTED', 'Stopped before the notice was put in; nothing was written.', { cause: signal.reason });
    }
    const bytes = await source.read(start + frame * size, Math.min(piece, frames - frame) * size);
    yield { planes: decodeFrames(bytes, coding), bytes };
    onProgress?.(Math.min(1, (frame + piece) / frames));
  }
}

/** How loud the programme and the notice are, in LUFS to two digits; −70, the gate, for what is silent. */
export const loudnessRemark = (programme: number, notice: number): Remark => ({
  code: 'loudness',
  data: { programme: rounded(programme), notice: rounded(notice) },
});

const rounded = (loudness: number): number => (Number.isFinite(loudness) ? Math.round(loudness * 100) / 100 : -70);
