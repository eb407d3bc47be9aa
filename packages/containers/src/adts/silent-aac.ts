// A raw block of AAC: ISO/IEC 14496-3 §4.4.2, tables 4.3 to 4.55.

/** Elements of a channel configuration: single channel, pair, low frequency. */
const ELEMENTS: Readonly<Record<number, string>> = { 1: 's', 2: 'p', 3: 'sp', 4: 'sps', 5: 'spp', 6: 'sppl', 7: 'spppl' };

/** Channels of each configuration. */
export const AAC_CHANNELS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 8];

const ELEMENT_IDS: Readonly<Record<string, number>> = { s: 0, p: 1, l: 3 };

/**
 * One block without a spectrum: it decodes to silence as soon as what overlaps has passed, and leaves the decoder as it is when it starts (long window, sine shape).
 * `undefined` for a configuration that is not in the table.
 */
export const silentAacBlock = (channelConfiguration: number): Uint8Array | undefined => {
  const elements = ELEMENTS[channelConfiguration];
  if (elements === undefined) {
    return undefined;
  }
  const bits: number[] = [];
  const put = (value: number, width: number): void => {
    for (let bit = width - 1; bit >= 0; bit -= 1) {
      bits.push((value >>> bit) & 1);
    }
  };
  // Reserved bit, long window, sine shape, no scale factor bands, no prediction.
  const window = (): void => put(0, 1 + 2 + 1 + 6 + 1);
  // Global gain; then, behind the window where it is not common: no pulses, no noise shaping, no gain control.
  const channel = (hasWindow: boolean): void => {
    put(0, 8);
    if (hasWindow) {
      window();
    }
    put(0, 3);
  };
  const counts: Record<string, number> = {};
  for (const element of elements) {
    put(ELEMENT_IDS[element] ?? 0, 3);
    put(counts[element] ?? 0, 4);
    counts[element] = (counts[element] ?? 0) + 1;
    if (element === 'p') {
      put(1, 1);
      window();
      put(0, 2);
      channel(false);
      channel(false);
    } else {
      channel(true);
    }
  }
  put(7, 3);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) {
    bytes[index >>> 3] = (bytes[index >>> 3] ?? 0) | (bit << (7 - (index & 7)));
  }
  return bytes;
};
