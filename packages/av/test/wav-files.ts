// Builders of small RIFF files, and an own cutter of our chunk; none of it uses the reader under test.
import { be32, bytesOf, le32 } from './mp3-files.ts';

export interface ChunkOptions {
  readonly big?: boolean;
  /** Announced instead of the true size. */
  readonly size?: number;
  readonly pad?: boolean;
}

export const chunk = (id: string, data: Uint8Array, { big = false, size = data.length, pad = true }: ChunkOptions = {}): Uint8Array =>
  bytesOf(id, big ? be32(size) : le32(size), data, data.length % 2 === 1 && pad ? 0 : []);

export interface RiffOptions {
  readonly magic?: string;
  /** Added to the true size. */
  readonly off?: number;
  /** Announced instead of the true size. */
  readonly size?: number;
  readonly form?: string;
}

export const riff = (chunks: readonly Uint8Array[], { magic = 'RIFF', off = 0, size, form = 'WAVE' }: RiffOptions = {}): Uint8Array => {
  const inside = bytesOf(form, ...chunks);
  const announced = size ?? inside.length + off;
  return bytesOf(magic, magic === 'RIFX' ? be32(announced) : le32(announced), inside);
};

/** PCM, mono, 8 kHz, 8 bit. */
export const format = (big = false): Uint8Array =>
  chunk('fmt ', big ? bytesOf([0, 1, 0, 1], be32(8000), be32(8000), [0, 1, 0, 8]) : bytesOf([1, 0, 1, 0], le32(8000), le32(8000), [1, 0, 8, 0]), {
    big,
  });

export const samples: Uint8Array = Uint8Array.from({ length: 400 }, (_, index) => (index * 37 + 11) & 255);
export const info = (...children: readonly Uint8Array[]): Uint8Array => chunk('LIST', bytesOf('INFO', ...children));
export const ds64 = (riffBytes: number, dataBytes: number): Uint8Array =>
  chunk('ds64', bytesOf(le32(riffBytes), le32(0), le32(dataBytes), le32(0), le32(100), le32(0), le32(0)));

/** The file without the sizes of the whole, and without each run that reads `AIGC`, a size, and a JSON object of that size. */
export const withoutLabel = (bytes: Uint8Array): Uint8Array => {
  const big = bytes[3] === 0x58;
  const copy = [...bytes].fill(0, 4, 8);
  if (String.fromCharCode(...bytes.subarray(12, 16)) === 'ds64') {
    copy.fill(0, 20, 28);
  }
  for (let at = 12; at + 9 < copy.length; at += 1) {
    if (String.fromCharCode(...copy.slice(at, at + 4)) === 'AIGC' && copy[at + 8] === 0x7b) {
      const field = copy.slice(at + 4, at + 8);
      const size = (big ? field : field.reverse()).reduce((total, byte) => total * 256 + byte, 0);
      copy.splice(at, 8 + size + (size % 2));
      at -= 1;
    }
  }
  return Uint8Array.from(copy);
};
