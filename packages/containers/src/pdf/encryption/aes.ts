import { concat } from '@aigc-label/core';

const BLOCK_BYTES = 16;

const keyOf = (key: Uint8Array): Promise<CryptoKey> => crypto.subtle.importKey('raw', key.slice(), 'AES-CBC', false, ['encrypt', 'decrypt']);

/** AES in CBC mode with PKCS#7 padding. */
export const aesEncrypt = async (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv: iv.slice() }, await keyOf(key), data.slice()));

/** The reverse; `undefined` where the padding is wrong, or no whole blocks are given. */
export const aesDecrypt = async (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Promise<Uint8Array | undefined> => {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv: iv.slice() }, await keyOf(key), data.slice()));
  } catch {
    return undefined;
  }
};

/** Whole blocks, without padding. */
export const aesEncryptBlocks = async (key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Promise<Uint8Array> =>
  (await aesEncrypt(key, iv, blocks)).subarray(0, blocks.length);

/** Whole blocks, without padding: Web Cryptography insists on padding, so a block of it is put behind them. */
export const aesDecryptBlocks = async (key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Promise<Uint8Array | undefined> =>
  aesDecrypt(key, iv, concat(blocks, await aesEncrypt(key, blocks.subarray(-BLOCK_BYTES), new Uint8Array())));

/** SHA-2 of Web Cryptography. */
export const sha2 = async (bits: 256 | 384 | 512, data: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest(`SHA-${bits}`, data.slice()));
