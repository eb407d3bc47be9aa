// ITU-R BS.1770-5 Annex 1 table 3: what comes from the side or behind counts 1.5 dB more, the low frequency channel not at all.
const FRONT = 1;
const SURROUND = 1.41;
const LOW_FREQUENCY = 0;

/** Bits of WAVE_FORMAT_EXTENSIBLE's mask whose speaker counts other than the front: LFE; back left and right; side left and right. */
const LOW_FREQUENCY_BITS = [3];
const SURROUND_BITS = [4, 5, 9, 10];

/** Speakers for a number of channels of which nothing is told: mono, stereo, 2.1, 4.0, 5.0, 5.1, 6.1, 7.1. */
const USUAL_MASKS: readonly number[] = [0, 0x4, 0x3, 0xb, 0x107, 0x37, 0x3f, 0x70f, 0x63f];

/** How much the energy of each channel counts. */
export const channelWeights = (channels: number, channelMask = 0): readonly number[] => {
  const mask = bitsOf(channelMask).length === channels ? channelMask : (USUAL_MASKS[channels] ?? 0);
  const bits = bitsOf(mask);
  return Array.from({ length: channels }, (_, channel) => {
    const bit = bits[channel];
    if (bit !== undefined && LOW_FREQUENCY_BITS.includes(bit)) {
      return LOW_FREQUENCY;
    }
    return bit !== undefined && SURROUND_BITS.includes(bit) ? SURROUND : FRONT;
  });
};

const bitsOf = (mask: number): readonly number[] => Array.from({ length: 18 }, (_, bit) => bit).filter((bit) => (mask & (1 << bit)) !== 0);
