// Linear PCM, IEEE floats and the two laws of ITU-T G.711: codings in which every sample stands for itself, so that others can stand between them.

/** How one sample is coded. */
export type SampleKind = 'unsigned' | 'signed' | 'float' | 'a-law' | 'mu-law';

/** How the samples of a file are coded. */
export interface SampleCoding {
  readonly kind: SampleKind;
  /** Of a sample as it is stored. */
  readonly bytes: 1 | 2 | 3 | 4 | 8;
  readonly isBigEndian: boolean;
  readonly channels: number;
  /** In hertz. */
  readonly sampleRate: number;
  /** Bits that are used, from the highest down; the others are zero. */
  readonly bits: number;
  /** The speakers of WAVE_FORMAT_EXTENSIBLE; 0 where they are not told. */
  readonly channelMask: number;
}

/** Bytes of one frame: a sample of each channel. */
export const frameBytes = ({ bytes, channels }: SampleCoding): number => bytes * channels;

/** Whole frames of interleaved samples, one array a channel. */
export const decodeFrames = (interleaved: Uint8Array, coding: SampleCoding): readonly Float32Array[] => {
  const { channels, bytes } = coding;
  const view = new DataView(interleaved.buffer, interleaved.byteOffset, interleaved.byteLength);
  const length = Math.floor(interleaved.length / frameBytes(coding));
  const read = readerOf(coding);
  return Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(length);
    for (let index = 0, at = channel * bytes; index < length; index += 1, at += bytes * channels) {
      plane[index] = read(view, at);
    }
    return plane;
  });
};

/** Samples as the file codes them, interleaved; what is beyond full scale is held there. */
export const encodeFrames = (planes: readonly Float32Array[], coding: SampleCoding): Uint8Array => {
  const { channels, bytes } = coding;
  const length = planes[0]?.length ?? 0;
  const out = new Uint8Array(length * frameBytes(coding));
  const view = new DataView(out.buffer);
  const write = writerOf(coding);
  for (const [channel, plane] of planes.slice(0, channels).entries()) {
    for (let index = 0, at = channel * bytes; index < length; index += 1, at += bytes * channels) {
      write(view, at, plane[index] as number);
    }
  }
  return out;
};

const readerOf = ({ kind, bytes, isBigEndian }: SampleCoding): ((view: DataView, at: number) => number) => {
  const little = !isBigEndian;
  switch (kind) {
    case 'float':
      return bytes === 8 ? (view, at) => view.getFloat64(at, little) : (view, at) => view.getFloat32(at, little);
    case 'a-law':
      return (view, at) => A_LAW[view.getUint8(at)] as number;
    case 'mu-law':
      return (view, at) => MU_LAW[view.getUint8(at)] as number;
    case 'unsigned':
      return (view, at) => (view.getUint8(at) - 128) / 128;
    case 'signed':
      switch (bytes) {
        case 1:
          return (view, at) => view.getInt8(at) / 2 ** 7;
        case 2:
          return (view, at) => view.getInt16(at, little) / 2 ** 15;
        case 3:
          return little
            ? (view, at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 2 ** 8) / 2 ** 23
            : (view, at) => (view.getUint8(at + 2) + view.getInt16(at, false) * 2 ** 8) / 2 ** 23;
        default:
          return (view, at) => view.getInt32(at, little) / 2 ** 31;
      }
  }
};

const writerOf = ({ kind, bytes, bits, isBigEndian }: SampleCoding): ((view: DataView, at: number, sample: number) => void) => {
  const little = !isBigEndian;
  switch (kind) {
    case 'float':
      return bytes === 8 ? (view, at, sample) => view.setFloat64(at, sample, little) : (view, at, sample) => view.setFloat32(at, sample, little);
    case 'a-law':
      return (view, at, sample) => view.setUint8(at, nearest(A_LAW, sample));
    case 'mu-law':
      return (view, at, sample) => view.setUint8(at, nearest(MU_LAW, sample));
    default: {
      const scale = 2 ** (bits - 1);
      const unit = 2 ** (8 * bytes - bits);
      const whole = (sample: number): number => Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale))) * unit;
      if (kind === 'unsigned') {
        return (view, at, sample) => view.setUint8(at, whole(sample) + 128);
      }
      switch (bytes) {
        case 1:
          return (view, at, sample) => view.setInt8(at, whole(sample));
        case 2:
          return (view, at, sample) => view.setInt16(at, whole(sample), little);
        case 3:
          return (view, at, sample) => {
            const value = whole(sample);
            view.setUint8(little ? at : at + 2, value & 0xff);
            view.setInt16(little ? at + 1 : at, value >> 8, little);
          };
        default:
          return (view, at, sample) => view.setInt32(at, whole(sample), little);
      }
    }
  }
};

/** ITU-T G.711 table 1: eight segments of sixteen steps a sign, every second bit turned. */
const A_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const turned = code ^ 0x55;
  const [segment, step] = [(turned >> 4) & 7, turned & 15];
  const magnitude = segment === 0 ? step * 2 + 1 : (step * 2 + 33) * 2 ** (segment - 1);
  return ((turned & 0x80) === 0 ? -magnitude : magnitude) / 4_096;
});

/** ITU-T G.711 table 2: every bit turned. */
const MU_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const turned = ~code & 0xff;
  const magnitude = ((turned & 15) * 2 + 33) * 2 ** ((turned >> 4) & 7) - 33;
  return ((turned & 0x80) === 0 ? magnitude : -magnitude) / 8_192;
});

const nearest = (table: Float32Array, sample: number): number => {
  let best = 0;
  for (let code = 1; code < table.length; code += 1) {
    if (Math.abs((table[code] as number) - sample) < Math.abs((table[best] as number) - sample)) {
      best = code;
    }
  }
  return best;
};
