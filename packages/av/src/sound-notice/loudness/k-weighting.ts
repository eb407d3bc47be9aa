// ITU-R BS.1770-5 Annex 1 gives both filters as coefficients at 48 kHz; the analogue prototypes behind them (a high shelf, a high-pass) are put through the bilinear transform at any rate.

/** A filter of the second order, normalised. */
interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

const SHELF = { hertz: 1_681.974450955533, decibels: 3.999843853973347, quality: 0.7071752369554196, slope: 0.4996667741545416 } as const;
const HIGH_PASS = { hertz: 38.13547087602444, quality: 0.5003270373238773 } as const;

const shelf = (sampleRate: number): Biquad => {
  const k = Math.tan((Math.PI * SHELF.hertz) / sampleRate);
  const [high, band] = [10 ** (SHELF.decibels / 20), 10 ** ((SHELF.decibels / 20) * SHELF.slope)];
  const a0 = 1 + k / SHELF.quality + k * k;
  return {
    b: [(high + (band * k) / SHELF.quality + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / SHELF.quality + k * k) / a0],
    a: [(2 * (k * k - 1)) / a0, (1 - k / SHELF.quality + k * k) / a0],
  };
};

const highPass = (sampleRate: number): Biquad => {
  const k = Math.tan((Math.PI * HIGH_PASS.hertz) / sampleRate);
  const a0 = 1 + k / HIGH_PASS.quality + k * k;
  return { b: [1, -2, 1], a: [(2 * (k * k - 1)) / a0, (1 - k / HIGH_PASS.quality + k * k) / a0] };
};

/** The energy of what passes the weighting, for one channel, over stretches one behind the other. */
export interface WeightedEnergy {
  /** The sum of squares of `samples` from `from` to before `to`. */
  add(samples: Float32Array, from: number, to: number): number;
}

/** The K weighting of one channel. */
export const weightedEnergy = (sampleRate: number): WeightedEnergy => {
  const [first, second] = [shelf(sampleRate), highPass(sampleRate)];
  const [b0, b1, b2] = first.b;
  const [a1, a2] = first.a;
  const [c1, c2] = second.a;
  let [s1, s2, t1, t2] = [0, 0, 0, 0];
  return {
    add(samples, from, to) {
      let sum = 0;
      for (let index = from; index < to; index += 1) {
        const x = samples[index] as number;
        const y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        const z = y + t1;
        t1 = -2 * y - c1 * z + t2;
        t2 = y - c2 * z;
        sum += z * z;
      }
      // What is below every sample's last bit only costs time.
      s1 = Math.abs(s1) < 1e-30 ? 0 : s1;
      s2 = Math.abs(s2) < 1e-30 ? 0 : s2;
      t1 = Math.abs(t1) < 1e-30 ? 0 : t1;
      t2 = Math.abs(t2) < 1e-30 ? 0 : t2;
      return sum;
    },
  };
};
