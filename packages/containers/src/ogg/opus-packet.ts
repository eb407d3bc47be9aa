// Opus packets: RFC 6716 §3.1, §3.2; the header of a stream: RFC 7845 §5.1.
import { ascii, concat, startsWith, viewOf } from '@aigc-label/core';

/** Opus counts time at this rate, whatever was encoded. */
export const OPUS_RATE: number = 48_000;

/** What the header of a stream says. */
export interface OpusHead {
  readonly channels: number;
  /** Samples that players skip at the start. */
  readonly preSkip: number;
  /** What players make louder, in decibels. */
  readonly outputGain: number;
  /** Family, numbers of streams and which channel is in which: what two streams must share so that packets of one can stand in the other. */
  readonly mapping: Uint8Array;
  /** Streams in each packet, at least one. */
  readonly streams: number;
}

/** The header in a packet; `undefined` where it is none. */
export const parseOpusHead = (packet: Uint8Array): OpusHead | undefined => {
  if (!startsWith(packet, ascii('OpusHead')) || packet.length < 19) {
    return undefined;
  }
  const view = viewOf(packet);
  const channels = packet[9] ?? 0;
  const family = packet[18] ?? 0;
  return {
    channels,
    preSkip: view.getUint16(10, true),
    outputGain: view.getInt16(16, true) / 256,
    mapping: packet.slice(18, family === 0 ? 19 : 21 + channels),
    streams: family === 0 ? 1 : Math.max(1, packet[19] ?? 1),
  };
};

const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** Samples at 48 kHz that a packet holds; 0 for one without bytes. */
export const opusSamples = (packet: Uint8Array): number => {
  const [first, second = 0] = packet;
  if (first === undefined) {
    return 0;
  }
  const configuration = first >>> 3;
  const frame = (configuration < 12 ? SILK[configuration & 3] : configuration < 16 ? HYBRID[configuration & 1] : CELT[configuration & 3]) ?? 0;
  const code = first & 3;
  return frame * (code === 0 ? 1 : code < 3 ? 2 : second & 63);
};

/** In which way a packet is coded: by linear prediction, by transform, or the low half by the one and the high half by the other. */
export type OpusMode = 'silk' | 'hybrid' | 'celt';

/** How a packet is coded. */
export const opusMode = (packet: Uint8Array): OpusMode => {
  const configuration = (packet[0] ?? 0) >>> 3;
  return configuration < 12 ? 'silk' : configuration < 16 ? 'hybrid' : 'celt';
};

/** 20 ms of mono by transform, digital silence. */
const CELT_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
/** 20 ms of mono by prediction in which an encoder found nothing, for a decoder at its start, and behind it: −84 dBFS. */
const SILK_SILENCE = Uint8Array.of(0x48, 0x0b, 0xe4, 0xc1, 0x36, 0xec, 0xc5, 0x80);
const MORE_SILK_SILENCE = Uint8Array.of(0x48, 0x07, 0xc9, 0x79, 0xc8, 0xc9, 0x57, 0xc0);

/**
 * Silent packets, each stream in mono (which may stand among stereo), behind which a decoder begins `next` as it begins a stream: where the mode changes, it starts the other part anew
 * (RFC 6716 §4.5). What it does to smooth the change touches the first 5 ms of `next`, which a player skips at the start of a stream. All streams are taken to be coded as the first.
 *
 * @param streams in each packet (RFC 7845 §5.1.1); all but the last say their own length (RFC 6716 appendix B).
 */
export const opusFreshStart = (next: Uint8Array, streams: number): readonly Uint8Array[] => {
  const silence = opusMode(next) === 'celt' ? [SILK_SILENCE, MORE_SILK_SILENCE, MORE_SILK_SILENCE] : [CELT_SILENCE, CELT_SILENCE, CELT_SILENCE];
  return silence.map((packet) => {
    const delimited = concat(packet.subarray(0, 1), Uint8Array.of(packet.length - 1), packet.subarray(1));
    return concat(...new Array<Uint8Array>(streams - 1).fill(delimited), packet);
  });
};
