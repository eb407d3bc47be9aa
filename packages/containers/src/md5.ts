// RFC 1321. ISO 32000-1 §7.6 makes keys with it, and no Web Cryptography has it; it protects nothing here.

const SHIFTS: readonly (readonly number[])[] = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
const SINES: readonly number[] = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32));

/** The MD5 digest, 16 bytes. */
export const md5 = (message: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, message.length << 3, true);
  view.setUint32(padded.length - 4, Math.floor(message.length / 2 ** 29), true);
  let state: readonly [number, number, number, number] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) {
    state = mixed(state, view, at);
  }
  const digest = new Uint8Array(16);
  const words = new DataView(digest.buffer);
  state.forEach((word, index) => {
    words.setUint32(4 * index, word, true);
  });
  return digest;
};

const mixed = (state: readonly [number, number, number, number], view: DataView, at: number): readonly [number, number, number, number] => {
  let [a, b, c, d] = state;
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4;
    const [mix, word] =
      round === 0
        ? [(b & c) | (~b & d), step]
        : round === 1
          ? [(d & b) | (~d & c), (5 * step + 1) & 15]
          : round === 2
            ? [b ^ c ^ d, (3 * step + 5) & 15]
            : [c ^ (b | ~d), (7 * step) & 15];
    const sum = (a + mix + (SINES[step] as number) + view.getUint32(at + 4 * word, true)) | 0;
    const shift = SHIFTS[round]?.[step & 3] as number;
    [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
};
