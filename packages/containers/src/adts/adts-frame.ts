// ADTS: ISO/IEC 13818-7 §6.2, 14496-3 §1.A.3.2.
import { concat } from '@aigc-label/core';

/** Bytes of a header without a checksum; all that is read here stands in them. */
export const ADTS_HEADER_BYTES: number = 7;

/** Samples of one channel in one block of AAC. */
export const AAC_BLOCK_SAMPLES: number = 1024;

/** What the header of a frame says. */
export interface AdtsFrame {
  /** 1 Main, 2 LC, 3 SSR, 4 LTP: ISO/IEC 14496-3 table 1.17. */
  readonly objectType: number;
  readonly rateIndex: number;
  /** In hertz. */
  readonly sampleRate: number;
  /** As in ISO/IEC 14496-3 table 1.19; 0 where the stream itself tells. */
  readonly channelConfiguration: number;
  readonly headerBytes: number;
  /** With the header. */
  readonly frameBytes: number;
  /** Of one channel. */
  readonly samples: number;
}

/** ISO/IEC 14496-3 table 1.18. */
export const AAC_SAMPLE_RATES: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** The frame at `offset`, or `undefined` where there is none. */
export const parseAdtsFrame = (bytes: Uint8Array, offset: number): AdtsFrame | undefined => {
  const [second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(offset + 1, offset + ADTS_HEADER_BYTES - 1);
  const sampleRate = AAC_SAMPLE_RATES[(third >>> 2) & 15];
  const headerBytes = (second & 1) === 1 ? 7 : 9;
  const frameBytes = ((fourth & 3) << 11) | (fifth << 3) | (sixth >>> 5);
  if (bytes[offset] !== 0xff || (second & 0xf6) !== 0xf0 || sampleRate === undefined || frameBytes <= headerBytes) {
    return undefined;
  }
  return {
    objectType: (third >>> 6) + 1,
    rateIndex: (third >>> 2) & 15,
    sampleRate,
    channelConfiguration: ((third & 1) << 2) | (fourth >>> 6),
    headerBytes,
    frameBytes,
    samples: AAC_BLOCK_SAMPLES * (((bytes[offset + 6] ?? 0) & 3) + 1),
  };
};

/** A raw block in a frame of its own, without checksum; all other bits are those of `like`, the first bytes of a frame of the stream. */
export const adtsFrameLike = (like: Uint8Array, raw: Uint8Array): Uint8Array => {
  const header = like.slice(0, ADTS_HEADER_BYTES);
  const frameBytes = ADTS_HEADER_BYTES + raw.length;
  header[1] = (header[1] ?? 0) | 1;
  header[3] = ((header[3] ?? 0) & 0xf0) | (frameBytes >>> 11);
  header[4] = (frameBytes >>> 3) & 0xff;
  // What follows is the fullness of a buffer that has no constant rate, and one block.
  header[5] = ((frameBytes & 7) << 5) | 0x1f;
  header[6] = 0xfc;
  return concat(header, raw);
};
