/** The power spectrum of real samples of one length, a power of two, by Cooley and Tukey's method (1965). */
export type PowerSpectrum = (samples: Float32Array, from: number, power: Float64Array) => void;

/** Spectra under Hann's window; `power` has `size / 2` places. */
export const powerSpectrum = (size: number): PowerSpectrum => {
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  const window = Float64Array.from({ length: size }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size));
  const cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, index) => -Math.sin((2 * Math.PI * index) / size));
  const reversed = reversedBits(size);
  return (samples, from, power) => {
    for (let index = 0; index < size; index += 1) {
      real[reversed[index] as number] = (samples[from + index] ?? 0) * (window[index] as number);
    }
    imaginary.fill(0);
    for (let length = 2; length <= size; length *= 2) {
      const [half, stride] = [length / 2, size / length];
      for (let start = 0; start < size; start += length) {
        for (let offset = 0, turn = 0; offset < half; offset += 1, turn += stride) {
          const [low, high] = [start + offset, start + offset + half];
          const [cosine, sine] = [cosines[turn] as number, sines[turn] as number];
          const [a, b] = [real[high] as number, imaginary[high] as number];
          const [x, y] = [a * cosine - b * sine, a * sine + b * cosine];
          real[high] = (real[low] as number) - x;
          imaginary[high] = (imaginary[low] as number) - y;
          real[low] = (real[low] as number) + x;
          imaginary[low] = (imaginary[low] as number) + y;
        }
      }
    }
    for (let bin = 0; bin < power.length; bin += 1) {
      power[bin] = (real[bin] as number) ** 2 + (imaginary[bin] as number) ** 2;
    }
  };
};

const reversedBits = (size: number): Uint16Array => {
  const bits = Math.log2(size);
  return Uint16Array.from({ length: size }, (_, index) => {
    let turned = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      turned |= ((index >> bit) & 1) << (bits - 1 - bit);
    }
    return turned;
  });
};
