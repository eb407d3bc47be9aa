// MPEG audio frame headers: ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.2.3.

/** What the four bytes of a frame header say. */
export interface MpegAudioHeader {
  readonly layer: 1 | 2 | 3;
  /** Bytes to the next header; `undefined` for a free bit rate, which no header states. */
  readonly frameBytes: number | undefined;
  /** In hertz. */
  readonly sampleRate: number;
  /** In thousand bits a second; 0 for a free bit rate. */
  readonly kilobits: number;
  /** Version bits: 3 MPEG-1, 2 MPEG-2, 0 MPEG-2.5. */
  readonly version: number;
}

/** The frame header at `offset`, or `undefined` where these are not the bytes of one (ADTS, whose layer bits are 0, is none). */
export const parseMpegAudioHeader = (bytes: Uint8Array, offset: number): MpegAudioHeader | undefined => {
  const second = bytes[offset + 1] ?? 0;
  const third = bytes[offset + 2] ?? 0;
  const fourth = bytes[offset + 3];
  const version = (second >>> 3) & 3;
  const layerBits = (second >>> 1) & 3;
  const rateIndex = third >>> 4;
  const frequency = (third >>> 2) & 3;
  if (bytes[offset] !== 0xff || (second & 0xe0) !== 0xe0 || fourth === undefined) {
    return undefined;
  }
  if (version === 1 || layerBits === 0 || rateIndex === 15 || frequency === 3 || (fourth & 3) === 2) {
    return undefined;
  }
  const layer = (4 - layerBits) as 1 | 2 | 3;
  const sampleRate = (SAMPLE_RATES[frequency] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const kilobits = (version === 3 ? MPEG1_RATES[layer] : layer === 1 ? MPEG2_LAYER1_RATES : MPEG2_RATES)[rateIndex] ?? 0;
  const padding = (third >>> 1) & 1;
  const frameBytes =
    layer === 1
      ? (Math.floor((12_000 * kilobits) / sampleRate) + padding) * 4
      : Math.floor(((layer === 3 && version !== 3 ? 72_000 : 144_000) * kilobits) / sampleRate) + padding;
  return { layer, frameBytes: kilobits === 0 ? undefined : frameBytes, sampleRate, kilobits, version };
};

/** Whether a frame stands at `offset`, and another one of the same stream where it ends. */
export const hasTwoMpegAudioFrames = (bytes: Uint8Array, offset: number): boolean => {
  const first = parseMpegAudioHeader(bytes, offset);
  if (first?.frameBytes === undefined) {
    return false;
  }
  const second = parseMpegAudioHeader(bytes, offset + first.frameBytes);
  return second !== undefined && second.layer === first.layer && second.sampleRate === first.sampleRate && second.version === first.version;
};

const SAMPLE_RATES: readonly number[] = [44_100, 48_000, 32_000];
const MPEG1_RATES: Readonly<Record<1 | 2 | 3, readonly number[]>> = {
  1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
};
const MPEG2_LAYER1_RATES: readonly number[] = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
const MPEG2_RATES: readonly number[] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
