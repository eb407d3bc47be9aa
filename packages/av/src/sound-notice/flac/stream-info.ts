// STREAMINFO: RFC 9639 §8.2.
import { damaged, viewOf } from '@aigc-label/core';

/** STREAMINFO in bytes, without the header of its block. */
export const STREAM_INFO_BYTES = 34;

/** What STREAMINFO says. */
export interface StreamInfo {
  readonly minimumBlock: number;
  readonly maximumBlock: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** Frames of samples in all; 0 where it was not known. */
  readonly samples: number;
  /** MD5 of all samples, in hexadecimal; empty where it was not made. */
  readonly md5: string;
}

/** Reads the 34 bytes of STREAMINFO. @throws LabelError `FILE_DAMAGED`. */
export const parseStreamInfo = (bytes: Uint8Array, offset: number): StreamInfo => {
  if (bytes.length < STREAM_INFO_BYTES) {
    throw damaged('flac/STREAMINFO', offset, 'it is cut short');
  }
  const view = viewOf(bytes);
  const packed = view.getBigUint64(10);
  const md5 = Array.from(bytes.subarray(18, STREAM_INFO_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const info = {
    minimumBlock: view.getUint16(0),
    maximumBlock: view.getUint16(2),
    sampleRate: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    bits: Number((packed >> 36n) & 31n) + 1,
    samples: Number(packed & 0xfffffffffn),
    md5: /^0+$/.test(md5) ? '' : md5,
  };
  if (info.sampleRate === 0) {
    throw damaged('flac/STREAMINFO', offset, 'the rate is zero');
  }
  return info;
};
