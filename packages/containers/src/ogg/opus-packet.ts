// Opus packets: RFC 6716 §3.1, §3.2; the header of a stream: RFC 7845 §5.1.
import { ascii, startsWith, viewOf } from '@aigc-label/core';

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
