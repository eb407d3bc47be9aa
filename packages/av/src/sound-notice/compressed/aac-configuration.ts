// AudioSpecificConfig: ISO/IEC 14496-3 §1.6.2.1; the descriptors around it: ISO/IEC 14496-1 §7.2.6, 14496-14 §5.6.
import { AAC_SAMPLE_RATES } from '@aigc-label/containers';
import { bitReader } from '../../samples/bits.ts';

/** How AAC is configured. */
export interface AacConfiguration {
  /** 2 is LC: ISO/IEC 14496-3 table 1.17. */
  readonly objectType: number;
  /** In hertz. */
  readonly sampleRate: number;
  readonly channelConfiguration: number;
  /** Whether a block has 960 samples instead of 1024. */
  readonly isShort: boolean;
  /** Whether it says that bands are replicated (HE-AAC). */
  readonly hasReplication: boolean;
}

const ELEMENTARY_STREAM = 3;
const DECODER = 4;
const DECODER_SPECIFIC = 5;
/** MPEG-4 audio, and the three profiles of MPEG-2 AAC. */
const AAC_TYPES: readonly number[] = [0x40, 0x66, 0x67, 0x68];

/** The configuration in the content of an `esds` box; `undefined` where it is none of AAC. */
export const parseEsds = (content: Uint8Array): AacConfiguration | undefined => {
  const stream = descriptorAt(content, 4);
  if (stream?.tag !== ELEMENTARY_STREAM) {
    return undefined;
  }
  const flags = content[stream.at + 2] ?? 0;
  // A stream that depends on others, has an address, or another clock has more in front.
  const more = ((flags & 0x80) === 0 ? 0 : 2) + ((flags & 0x40) === 0 ? 0 : 1 + (content[stream.at + 3] ?? 0)) + ((flags & 0x20) === 0 ? 0 : 2);
  const decoder = descriptorAt(content, stream.at + 3 + more);
  if (decoder?.tag !== DECODER || !AAC_TYPES.includes(content[decoder.at] ?? 0)) {
    return undefined;
  }
  const specific = descriptorAt(content, decoder.at + 13);
  return specific?.tag === DECODER_SPECIFIC ? parseAacConfiguration(content.subarray(specific.at, specific.at + specific.length)) : undefined;
};

const descriptorAt = (bytes: Uint8Array, start: number): { readonly tag: number; readonly at: number; readonly length: number } | undefined => {
  let length = 0;
  for (let at = start + 1; at < Math.min(bytes.length, start + 5); at += 1) {
    const byte = bytes[at] ?? 0;
    length = length * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) {
      return { tag: bytes[start] ?? 0, at: at + 1, length };
    }
  }
  return undefined;
};

const REPLICATION = 5;
const STEREO = 29;

const parseAacConfiguration = (bytes: Uint8Array): AacConfiguration => {
  const bits = bitReader(bytes);
  const type = (): number => {
    const value = bits.read(5);
    return value === 31 ? 32 + bits.read(6) : value;
  };
  const objectType = type();
  const index = bits.read(4);
  const sampleRate = index === 15 ? bits.read(24) : (AAC_SAMPLE_RATES[index] ?? 0);
  const channelConfiguration = bits.read(4);
  const isShort = bits.read(1) === 1;
  // Then: whether it depends on another coder, and extensions, which LC has not.
  bits.skip(2);
  const hasExtension = bytes.length * 8 - bits.position >= 16 && bits.read(11) === 0x2b7 && type() === REPLICATION && bits.read(1) === 1;
  return {
    objectType,
    sampleRate,
    channelConfiguration,
    isShort,
    hasReplication: hasExtension || objectType === REPLICATION || objectType === STEREO,
  };
};
