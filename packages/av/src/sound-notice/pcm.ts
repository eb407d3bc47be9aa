/** Sound as linear samples, one array a channel, ±1 full scale. */
export interface Pcm {
  /** In hertz. */
  readonly sampleRate: number;
  /** All of one length; at least one. */
  readonly channels: readonly Float32Array[];
}

/** How sound is to be given. */
export interface PcmShape {
  /** In hertz. */
  readonly sampleRate: number;
  /** How many. */
  readonly channels: number;
}

/** Samples a channel. */
export const pcmLength = ({ channels }: Pcm): number => channels[0]?.length ?? 0;

/** The same sound, louder or softer by a factor; channels that are one array stay one. */
export const scaledPcm = ({ sampleRate, channels }: Pcm, factor: number): Pcm => {
  const scaled = new Map<Float32Array, Float32Array>();
  for (const channel of channels) {
    scaled.set(channel, scaled.get(channel) ?? channel.map((sample) => sample * factor));
  }
  return { sampleRate, channels: channels.map((channel) => scaled.get(channel) ?? channel) };
};

/** Sounds of one channel and one rate, one behind the other. */
export const joinedSamples = (parts: readonly Float32Array[]): Float32Array => {
  const joined = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

/** Whole samples of a stretch of time. */
export const samplesOf = (seconds: number, sampleRate: number): number => Math.round(seconds * sampleRate);
