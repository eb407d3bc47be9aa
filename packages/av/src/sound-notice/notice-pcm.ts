import { joinedSamples, type Pcm, type PcmShape, samplesOf } from './pcm.ts';
import { resample } from './resample.ts';
import { rhythmSamples } from './rhythm.ts';
import { readShippedClip } from './shipped-clips.ts';
import type { ResolvedSoundNotice } from './sound-notice-options.ts';
import { parseWaveClip } from './wave-clip.ts';

/**
 * Silence on both sides of what is heard, in seconds: it tells the notice from the programme, and keeps what lapped codecs smear over a join out of both. Digital zeros: more than a frame of
 * MP3, AAC, Vorbis and Opus at any rate. A rhythm stands alone: five units, since three part the letters of a longer message.
 */
export const PAUSE_SECONDS: Readonly<Record<ResolvedSoundNotice['kind'], number>> = { speech: 0.25, rhythm: 0.6 };

/** Between the clips of two languages, in seconds. */
const BETWEEN_SECONDS = 0.4;

/**
 * The notice as it is inserted, silence on both sides included, at any rate and for any number of channels; its loudness is whatever the clip has. With three channels and more it comes from
 * the first two, which are the front left and right ones in every order that files use.
 *
 * @throws TypeError for a clip of the caller's own that is no WAV file of linear PCM.
 */
export const noticePcm = async (notice: ResolvedSoundNotice, { sampleRate, channels }: PcmShape): Promise<Pcm> => {
  const heard = await heardSides(notice, sampleRate);
  const pause = new Float32Array(samplesOf(PAUSE_SECONDS[notice.kind], sampleRate));
  const sides = heard.map((side) => joinedSamples([pause, side, pause]));
  const [left, right] = [sides[0] as Float32Array, sides.at(-1) as Float32Array];
  if (channels === 1) {
    return { sampleRate, channels: [left === right ? left : left.map((sample, index) => (sample + (right[index] as number)) / 2)] };
  }
  const silence = channels > 2 ? new Float32Array(left.length) : undefined;
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) => (channel === 0 ? left : channel === 1 ? right : (silence ?? right))),
  };
};

/** What is heard, without the silence around it: one side, or left and right. */
export const heardSides = async ({ kind, language, clip }: ResolvedSoundNotice, sampleRate: number): Promise<readonly Float32Array[]> => {
  if (kind === 'rhythm') {
    return [rhythmSamples(sampleRate)];
  }
  if (clip !== undefined) {
    const own = parseWaveClip(clip);
    return own.channels.map((side) => resample(side, own.sampleRate, sampleRate));
  }
  const parts: Float32Array[] = [];
  for (const one of language === 'zh-en' ? (['zh', 'en'] as const) : [language]) {
    const { channels, sampleRate: from } = await readShippedClip(one);
    parts.push(...(parts.length === 0 ? [] : [new Float32Array(samplesOf(BETWEEN_SECONDS, sampleRate))]));
    parts.push(resample(channels[0] as Float32Array, from, sampleRate));
  }
  return [joinedSamples(parts)];
};
