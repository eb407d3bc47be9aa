/** RC4 (ISO 32000-1 §7.6.2); encrypting and decrypting are the same. */
export const rc4 = (key: Uint8Array, data: Uint8Array): Uint8Array => {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (one: number, other: number): void => {
    const held = state[one] as number;
    state[one] = state[other] as number;
    state[other] = held;
  };
  for (let index = 0, other = 0; index < 256; index += 1) {
    other = (other + (state[index] as number) + (key[index % key.length] as number)) & 0xff;
    swap(index, other);
  }
  let [one, other] = [0, 0];
  return data.map((byte) => {
    one = (one + 1) & 0xff;
    other = (other + (state[one] as number)) & 0xff;
    swap(one, other);
    return byte ^ (state[((state[one] as number) + (state[other] as number)) & 0xff] as number);
  });
};
